"""A tar archive that runs from any folder."""

import platform
import tarfile

from stage import NAME, papers, put_program, shared, version

PAGE = """Latent Lens {version} runs from this folder as it is:

    bin/latent-lens dashboard      opens the window
    bin/latent-lens doctor         checks this machine
    bin/latent-lens --help         lists all commands

share/ holds manual pages, completions for shells, a desktop entry and an icon, for those who want to put them where their system
looks for them. Removing the folder removes the program; what the window remembers is in ~/.local/share/latent-lens.
"""


def build(program, work, out):
    name = f"{NAME}-{version()}-linux-{platform.machine()}"
    root = work / name
    put_program(program, root / "bin")
    shared(program, root / "share")
    papers(root)
    (root / "INSTALL.txt").write_text(PAGE.format(version=version()))
    path = out / f"{name}.tar.xz"
    with tarfile.open(path, "w:xz") as archive:
        archive.add(root, name, filter=owned)
    return path


def owned(entry):
    """Nobody in particular owns what is in it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
