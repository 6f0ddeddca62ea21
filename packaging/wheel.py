"""A wheel for Python: the program as a script, and the package `latent_lens`."""

import base64
import hashlib
import platform
import zipfile

from stage import NAME, ROOT, glibc, papers, version

METADATA = """Metadata-Version: 2.4
Name: {name}
Version: {version}
Summary: See what a generative model has learned: the program, and its models as NumPy arrays.
License-Expression: MIT OR Apache-2.0
{licences}Requires-Python: >=3.9
Requires-Dist: numpy>=1.24
Requires-Dist: safetensors>=0.4.2
Provides-Extra: torch
Requires-Dist: torch>=2.2; extra == "torch"
Description-Content-Type: text/markdown

{page}"""

WHEEL = """Wheel-Version: 1.0
Generator: scripts/package
Root-Is-Purelib: false
Tag: {tag}
"""

# The window is the program by another name, which an archive of this kind cannot hold.
ENTRY_POINTS = """[console_scripts]
latent-lens-dashboard = latent_lens.program:dashboard
"""

PAPERS = ("LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY.txt", "DATA.md")


def build(program, work, out):
    major, minor = glibc(program)
    tag = f"py3-none-manylinux_{major}_{minor}_{platform.machine()}"
    stem = f"{NAME.replace('-', '_')}-{version()}"
    about = f"{stem}.dist-info"
    papers(work / "wheel")
    licences = "".join(f"License-File: {name}\n" for name in PAPERS)
    page = (ROOT / "python/README.md").read_text()
    files = {f"latent_lens/{path.name}": path.read_bytes() for path in sorted((ROOT / "python/latent_lens").glob("*.py"))}
    files[f"{stem}.data/scripts/{NAME}"] = program.read_bytes()
    files |= {f"{about}/licenses/{name}": (work / "wheel" / name).read_bytes() for name in PAPERS}
    files[f"{about}/METADATA"] = METADATA.format(name=NAME, version=version(), licences=licences, page=page).encode()
    files[f"{about}/WHEEL"] = WHEEL.format(tag=tag).encode()
    files[f"{about}/entry_points.txt"] = ENTRY_POINTS.encode()
    record = f"{about}/RECORD"
    rows = [f"{name},sha256={digest(content)},{len(content)}\n" for name, content in files.items()]
    files[record] = ("".join(rows) + f"{record},,\n").encode()
    path = out / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            wheel.writestr(entry, content)
    return path


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
