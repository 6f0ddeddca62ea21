"""Writes a model that Latent Lens opens from networks in PyTorch: a `Vae` and a `ResNet18` of `latent_lens.networks`, or modules with the
same names and shapes of weights. The latent space is described from images: its statistics, a Gaussian for each class, and what is usual.

    from latent_lens.export import export
    from latent_lens.networks import ResNet18, Vae

    export("my-model", vae, train=(images, labels), class_names=names, classifier=judge, held_out=(test_images, test_labels))

Images are `[n, channels, height, width]`, bytes or numbers in [0, 1]; labels are class numbers `[n]`, or None for images without classes.
`latent-lens train regions` describes the classes more finely afterwards, and `latent-lens evaluate` measures the model.
"""

import gzip
import hashlib
import os
import tempfile
from pathlib import Path

import torch
import torch.nn as nn
from safetensors.torch import save

from . import describe
from .bundle import CHECKSUM, FORMAT_VERSION, MANIFEST
from .networks import LINEAR
from .ron import Fields, Held, Map, Name, dumps, some

# As many images as a model carries, and of one class.
SAMPLE, SAMPLE_OF_A_CLASS = 1000, 100


@torch.inference_mode()
def export(
    folder,
    vae,
    train,
    class_names=(),
    classifier=None,
    held_out=None,
    name="exported",
    title=None,
    origin=None,
    command="written by latent_lens.export",
    labels_used=None,
    preparation="Picture",
    overwrite=False,
):
    """Writes the bundle and gives its folder.

    - `train`: the images, and their labels, that describe the latent space; best those that the networks were trained on
    - `held_out`: others, for what must not be judged by those: the temperature of the classifier and the error of the pixels. A few of
      them are in the bundle, too. Without them `train` serves for all.
    - `classifier`: who judges, if there are two classes or more
    - `labels_used`: whether the training of the VAE saw labels; without it, whether its architecture shows that it did
    - `preparation`: how a person's own picture becomes an image: `Picture`, `Digit` or `Object`, see docs/data.md
    """
    folder = Path(folder)
    if (folder / MANIFEST).exists() and not overwrite:
        raise FileExistsError(f"{folder} holds a model already: choose another folder, or say overwrite=True")
    train = checked_images(*train, len(class_names))
    held_out = train if held_out is None else checked_images(*held_out, len(class_names))
    shape = tuple(train[0].shape[1:])
    networks = [vae] if classifier is None else [vae, classifier]
    for network in networks:
        network.eval()

    files = {"vae": weights(vae), "latent_space": save(describe.latent_space(vae, *train, len(class_names)))}
    files["sample"] = gzip.compress(save(sample(*held_out, len(class_names))), 9, mtime=0)
    generator = {
        "config": vae_config(vae),
        "labels_used": bool(vae.class_centres is not None or describe.conditional(vae)) if labels_used is None else labels_used,
        "sigma": some(describe.pixel_sigma(vae, *held_out) if vae.gaussian else None),
        "training": record(command, vae, len(train[0])),
    }
    judge = None
    if classifier is not None:
        files["classifier"] = weights(classifier)
        judge = {
            "config": classifier_config(classifier, shape),
            "training": record(command, classifier, len(train[0])),
            "temperature": describe.temperature(classifier, *held_out),
        }
    dataset = {
        "name": name,
        "title": title or name,
        "shape": shape_record(shape),
        "class_names": list(class_names),
        "preparation": Fields("Picture", fit=Name("Crop")) if preparation == "Picture" else Name(preparation),
        "augmentation": {
            "flip": False, "shift_px": 0.0, "rotate_degrees": 0.0, "scale": 0.0, "blur_px": 0.0, "cutout_px": 0, "outside": Name("Black"),
        },
        "origin": some(origin),
        "known": None,
    }
    written = {role: written_name(role, content) for role, content in files.items()}
    manifest = {
        "format_version": FORMAT_VERSION,
        "dataset": dataset,
        "files": Map({role: {"name": written[role], "sha256": sha256(files[role])} for role in files}),
        "generator": some(Held("Vae", generator)),
        "classifier": some(judge),
        "second_judge": None,
        "report": None,
    }
    body = f"{dumps(manifest)}\n"
    folder.mkdir(parents=True, exist_ok=True)
    for role, content in files.items():
        write(folder / written[role], content)
    # The manifest comes last: until then there is no model, or the one before.
    write(folder / MANIFEST, f"{CHECKSUM}{sha256(body.encode())}\n{body}".encode())
    return folder


def checked_images(images, labels, classes):
    """Images as numbers in [0, 1], and labels that there are classes for."""
    images = torch.as_tensor(images)
    images = images.float() / 255 if images.dtype == torch.uint8 else images.float()
    if images.ndim != 4 or len(images) == 0 or images.min() < 0 or images.max() > 1:
        raise ValueError("images are [n, channels, height, width], bytes or numbers in [0, 1]")
    if classes == 0:
        return images, None
    labels = torch.as_tensor(labels).long()
    if labels.shape != (len(images),) or labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"labels are one class number for each image, below {classes}")
    return images, labels


def vae_config(vae):
    config = {
        "latent_dim": vae.encoder.mean.out_features,
        "channels": [level.conv.out_channels for level in vae.encoder.levels],
        "blocks": len(vae.decoder.blocks),
        "likelihood": Name("gaussian" if vae.gaussian else "bernoulli"),
        "prior": Name("normal" if vae.class_centres is None else "class_centres"),
    }
    return config | ({"conditional": True} if describe.conditional(vae) else {})


def classifier_config(classifier, shape):
    return {
        "shape": shape_record(shape),
        "width": classifier.stem.out_channels,
        "classes": classifier.fc.out_features,
        "pixel_mean": classifier.pixel_mean.flatten().tolist(),
        "pixel_std": classifier.pixel_std.flatten().tolist(),
    }


def shape_record(shape):
    return dict(zip(("channels", "height", "width"), shape))


def record(command, network, images):
    """How a network came to be, as far as it is known here."""
    parameters = sum(parameter.numel() for parameter in network.parameters())
    told = {"command": command, "settings": "trained in PyTorch", "seed": 0, "epochs": 0, "images": images}
    return told | {"parameters": parameters, "device": "PyTorch", "history": []}


def weights(network):
    """A network's file: Burn's names and layouts, the inverse of `networks.converted`."""
    norms = {name for name, module in network.named_modules() if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm))}
    result = {}
    for name, value in network.state_dict().items():
        owner, _, leaf = name.rpartition(".")
        if leaf == "num_batches_tracked":
            continue
        value = value.detach().float().cpu()
        if not value.isfinite().all():
            raise ValueError(f"{name} holds numbers that are not finite")
        if owner in norms:
            leaf = {"weight": "gamma", "bias": "beta"}.get(leaf, leaf)
        elif owner.rpartition(".")[2] in LINEAR and leaf == "weight":
            value = value.T
        result[f"{owner}.{leaf}" if owner else leaf] = value.contiguous()
    return save(result)


def sample(images, labels, classes):
    """The first images of each class, as bytes, with their labels."""
    if labels is None:
        chosen = torch.arange(min(len(images), SAMPLE))
    else:
        each = min(max(SAMPLE // classes, 1), SAMPLE_OF_A_CLASS)
        rows = [(labels == label).nonzero().flatten()[:each] for label in range(classes)]
        chosen = torch.cat(rows)[:SAMPLE]
    arrays = {"images": (images[chosen] * 255).round().to(torch.uint8).contiguous()}
    return arrays if labels is None else arrays | {"labels": labels[chosen].to(torch.uint16)}


def written_name(role, content):
    """The name of a file, which changes with its content."""
    end = ".safetensors.gz" if role == "sample" else ".safetensors"
    return f"{role.replace('_', '-')}-{sha256(content)[:12]}{end}"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def write(path, content):
    """Puts a file in its place whole or not at all."""
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, 0o644)
        os.replace(scratch, path)
    except BaseException:
        os.unlink(scratch)
        raise
