"""A Debian package."""

import gzip
import os
import subprocess

from stage import NAME, glibc, host, papers, put_program, shared, version

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}

# What a window on X11 is opened with, which the program loads when it needs it.
WINDOW = "libx11-6, libx11-xcb1, libxcursor1, libxi6, libxkbcommon0, libxkbcommon-x11-0"

CONTROL = """Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: The Latent Lens authors
Installed-Size: {kibibytes}
Depends: libc6 (>= {glibc}), libgcc-s1, {window}
Recommends: libvulkan1, mesa-vulkan-drivers, libwayland-client0, xdg-desktop-portal
Section: science
Priority: optional
Description: see what a generative model has learned
 Drag a latent slider: the decoded image, an independent network's opinion of
 it and the evidence for that opinion follow. With models of digits, clothes
 and drawn faces, and a command line that trains and measures others.
 .
 Nothing is sent anywhere, and no network is needed.
"""

COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Latent Lens

Files: *
Copyright: the Latent Lens authors
License: MIT or Apache-2.0
 Both texts are beside this file, as LICENSE-MIT and LICENSE-APACHE. THIRD-PARTY.txt holds the licences of the crates that the
 program is linked with, and DATA.md those of the images in its models.
"""


def build(program, work, out):
    root = work / "debian"
    share = root / "usr/share"
    put_program(program, root / "usr/bin")
    shared(program, share)
    # Debian's zsh looks elsewhere than zsh itself does.
    (share / "zsh/site-functions").rename(share / "zsh/vendor-completions")
    for page in (share / "man/man1").iterdir():
        pack(page)
    doc = share / "doc" / NAME
    papers(doc)
    (doc / "CHANGELOG.md").rename(doc / "changelog")
    for name in ("changelog", "THIRD-PARTY.txt"):
        pack(doc / name)
    (doc / "copyright").write_text(COPYRIGHT)
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    oldest = ".".join(map(str, glibc(program)))
    architecture = ARCHITECTURES[host().split("-")[0]]
    fields = {"name": NAME, "version": version(), "architecture": architecture, "glibc": oldest, "window": WINDOW}
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN/control").write_text(CONTROL.format(kibibytes=-(-size // 1024), **fields))
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) and path.parent.name == "bin" else 0o644)
    path = out / f"{NAME}_{version()}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, path], check=True, stdout=subprocess.DEVNULL)
    return path


def pack(path):
    """As Debian wants pages: by gzip, without a time in it."""
    with open(f"{path}.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
        packed.write(path.read_bytes())
    path.unlink()
