"""What all packages are filled with: the program, the pages and completions that it writes about itself, and the papers."""

import re
import shutil
import subprocess
from pathlib import Path

from third_party import third_party

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
NAME = "latent-lens"
WINDOW = "latent-lens-dashboard"


def version():
    return re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]


def host():
    """The platform as Rust calls it, such as x86_64-unknown-linux-gnu."""
    told = subprocess.run(["rustc", "-vV"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.search(r"^host: (.*)", told, re.MULTILINE)[1]


def glibc(program):
    """The oldest C library that the program runs with, as its symbols say: (2, 34)."""
    command = ["objdump", "-T", "-p", program]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    versions = {tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_([\d.]+)", told)}
    if "GLIBC_ABI_DT_RELR" in told:
        versions.add((2, 36))
    return max(versions)[:2]


def papers(folder):
    """Licences, those of others, where the data comes from, and what changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("LICENSE-MIT", "LICENSE-APACHE", "README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "THIRD-PARTY.txt").write_text(third_party(ROOT, NAME, host()))
    (folder / "DATA.md").write_text(data_origins())


def data_origins():
    """Whose images are in the program: those that its models carry, and those that they learned from."""
    page = (ROOT / "crates/datasets/samples/README.md").read_text()
    origins = page[page.index("## Where the images come from") :]
    learned = "Each model that is part of the program learned from one of these data sets, and carries up to 1,000 of its images."
    return f"# The data in Latent Lens\n\n{learned}\n\n{origins}"


def shared(program, share):
    """Below `share`: manual pages, completions, desktop entry, icon and the type of models."""
    subprocess.run([program, "desktop-files", share], check=True)
    for name, folder in ((".desktop", "applications"), (".svg", "icons/hicolor/scalable/apps"), (".xml", "mime/packages")):
        (share / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / f"{NAME}{name}", share / folder / f"{NAME}{name}")


def put_program(program, folder):
    """The program, and its other name, by which it opens the window."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(program, folder / NAME)
    (folder / NAME).chmod(0o755)
    (folder / WINDOW).symlink_to(NAME)
