"""The program that this package brings, and how to run it."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

NAME = "latent-lens.exe" if os.name == "nt" else "latent-lens"


def program():
    """The path of `latent-lens`: the one that was installed with this package, or else the first one on the PATH."""
    beside = Path(sysconfig.get_path("scripts")) / NAME
    if beside.is_file():
        return beside
    user = Path(sysconfig.get_path("scripts", f"{os.name}_user")) / NAME
    if user.is_file():
        return user
    found = shutil.which(NAME)
    if found is None:
        raise FileNotFoundError(f"there is no {NAME} beside Python or on the PATH: install the package latent-lens again")
    return Path(found)


def run(*arguments, check=True):
    """Runs a command of the program, such as `run("doctor")`, and gives what it printed.

    What it tells on the way goes to standard error as usual. With `check`, a failure is a `subprocess.CalledProcessError`."""
    command = [program(), *map(os.fspath, map(_text, arguments))]
    return subprocess.run(command, check=check, stdout=subprocess.PIPE, text=True).stdout


def _text(argument):
    return argument if isinstance(argument, (str, bytes, os.PathLike)) else str(argument)


def dashboard():
    """Becomes the window."""
    path = os.fspath(program())
    arguments = [path, "dashboard", *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.call(arguments))
    os.execv(path, arguments)
