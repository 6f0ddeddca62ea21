"""Latent Lens from Python: run the program, and read models as NumPy arrays.

    import latent_lens

    bundle = latent_lens.Bundle("my-model")
    bundle.manifest["dataset"]["class_names"]
    bundle.arrays("latent_space")["statistics.mean"]
    latent_lens.run("render", "anchors", "--model", "my-model", "--out", "anchors.png")

`latent_lens.networks` has the networks in PyTorch, and `latent_lens.export` writes a model from them; both need PyTorch.
"""

from .bundle import Bundle
from .program import program, run

__all__ = ["Bundle", "program", "run"]
__version__ = "0.2.0"
