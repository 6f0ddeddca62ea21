"""`python3 -m latent_lens` is `latent-lens`."""

import os
import subprocess
import sys

from .program import program

path = os.fspath(program())
if os.name == "nt":
    sys.exit(subprocess.call([path, *sys.argv[1:]]))
os.execv(path, [path, *sys.argv[1:]])
