"""A model's folder as plain data: its manifest, and its numbers as NumPy arrays."""

import gzip
import hashlib
from pathlib import Path

from safetensors import numpy as safetensors

from . import ron

MANIFEST = "manifest.ron"
FORMAT_VERSION = 2
CHECKSUM = "// sha256 of what follows: "


class Bundle:
    """A bundle's folder. Every file is held against its checksum before a number of it is used.

    - `manifest`: what the bundle says about itself, as dictionaries and lists (`latent_lens.ron` says how)
    - `roles`: what its files hold, such as `vae`, `classifier`, `latent_space` and `sample`
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        text = (self.folder / MANIFEST).read_bytes().decode()
        self.manifest = ron.loads(checked(text, self.folder / MANIFEST))
        if self.manifest["format_version"] != FORMAT_VERSION:
            version = self.manifest["format_version"]
            raise ValueError(f"{self.folder} has format version {version}, and this reads version {FORMAT_VERSION}")

    @property
    def roles(self):
        return list(self.manifest["files"])

    def arrays(self, role):
        """The numbers of a file by name. Weights have Burn's names and layouts: `latent_lens.networks.converted` says how PyTorch's
        differ."""
        content = self.read(role)
        return safetensors.load(content)

    def sample(self):
        """A few images of the data set: bytes `[n, channels, height, width]`, and class numbers `[n]`, or None without classes."""
        arrays = self.arrays("sample")
        return arrays["images"], arrays.get("labels")

    def read(self, role):
        """The content of a file, unpacked."""
        if role not in self.manifest["files"]:
            raise KeyError(f"{self.folder} has no {role}: it has {', '.join(self.roles)}")
        record = self.manifest["files"][role]
        path = self.folder / record["name"]
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != record["sha256"]:
            raise ValueError(f"{path} is damaged: its SHA-256 is not the one in {MANIFEST}")
        return gzip.decompress(content) if path.suffix == ".gz" else content

    def __repr__(self):
        return f"Bundle({str(self.folder)!r}: {self.manifest['dataset']['title']}, {', '.join(self.roles)})"


def checked(text, path):
    """What follows the line of the checksum, if it has that checksum."""
    first, _, body = text.partition("\n")
    if not first.startswith(CHECKSUM):
        raise ValueError(f"{path} is no manifest: its first line holds no checksum")
    if hashlib.sha256(body.encode()).hexdigest() != first.removeprefix(CHECKSUM).strip():
        raise ValueError(f"{path} is damaged: its SHA-256 is not the one in its first line")
    return body
