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
import torch.nn.functional as F
from safetensors.torch import save

from .bundle import CHECKSUM, FORMAT_VERSION, MANIFEST
from .networks import LINEAR, VelocityNet
from .ron import Fields, Held, Map, Name, dumps, some

# As many images as a model carries, and of one class.
SAMPLE, SAMPLE_OF_A_CLASS = 1000, 100
BATCH = 256
POINTS = 101
# Keeps a class of few images from having no width in some direction.
LEAST_VARIANCE = 1e-4


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

    files = {"vae": weights(vae), "latent_space": save(latent_space(vae, *train, len(class_names)))}
    files["sample"] = gzip.compress(save(sample(*held_out, len(class_names))), 9, mtime=0)
    generator = {
        "config": vae_config(vae),
        "labels_used": bool(vae.class_centres is not None or conditional(vae)) if labels_used is None else labels_used,
        "sigma": some(pixel_sigma(vae, *held_out) if vae.gaussian else None),
        "training": record(command, vae, len(train[0])),
    }
    judge = None
    if classifier is not None:
        files["classifier"] = weights(classifier)
        judge = {
            "config": classifier_config(classifier, shape),
            "training": record(command, classifier, len(train[0])),
            "temperature": temperature(classifier, *held_out),
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


def conditional(vae):
    """The number of classes that encoder and decoder are given, or 0."""
    offset = vae.encoder.class_offset
    return 0 if offset is None else len(offset.embedding) - 1


def vae_config(vae):
    config = {
        "latent_dim": vae.encoder.mean.out_features,
        "channels": [level.conv.out_channels for level in vae.encoder.levels],
        "blocks": len(vae.decoder.blocks),
        "likelihood": Name("gaussian" if vae.gaussian else "bernoulli"),
        "prior": Name("normal" if vae.class_centres is None else "class_centres"),
    }
    return config | ({"conditional": True} if conditional(vae) else {})


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
    if isinstance(network, VelocityNet):
        result = {name.replace(".enlarge.", ".double."): value for name, value in result.items()}
    return save(result)


def given(vae, labels):
    """The classes that a conditional model is given."""
    return labels if conditional(vae) else None


def batches(images, labels):
    for at in range(0, len(images), BATCH):
        yield images[at : at + BATCH], None if labels is None else labels[at : at + BATCH]


def encoded(vae, images, labels):
    found = [vae.encoder(x, given(vae, y)) for x, y in batches(images, labels)]
    return tuple(torch.cat(parts).double() for parts in zip(*found))


def latent_space(vae, images, labels, classes):
    """What the latent space looks like, as `crates/latent-space/src/arrays.rs` names it."""
    mean, log_var = encoded(vae, images, labels)
    between, within = mean.var(0, unbiased=False), log_var.exp().mean(0)
    std = (between + within).sqrt()
    generator = torch.Generator().manual_seed(0)
    latents = mean + (0.5 * log_var).exp() * torch.randn(mean.shape, generator=generator, dtype=mean.dtype)
    # Latents of a conditional model do not hold the class.
    by_class = labels is not None and classes and not conditional(vae)
    members = [(labels == label).nonzero().flatten() for label in range(classes)] if by_class else [torch.arange(len(mean))]
    means, factors = zip(*(gaussian(mean[rows], log_var[rows], label) for label, rows in enumerate(members)))
    dims = mean.shape[1]
    at = torch.tril_indices(dims, dims)
    again = torch.cat([
        vae.encoder(vae.decode(z.float(), given(vae, y)), given(vae, y))[0] for z, y in batches(mean, labels)
    ])
    drift = (((mean - again.double()) / std) ** 2).mean(1).sqrt()
    arrays = {
        "statistics.mean": mean.mean(0),
        "statistics.std": std,
        "statistics.mean_variance": between,
        "statistics.kl_nats": 0.5 * ((between + within).log() - log_var.mean(0)),
        "statistics.images": torch.tensor([len(mean)]),
        "regions.components": torch.ones(len(members)),
        "regions.images": torch.tensor([len(rows) for rows in members]),
        "regions.weights": torch.ones(len(members)),
        "regions.means": torch.stack(means),
        "regions.cholesky": torch.stack([factor[at[0], at[1]] for factor in factors]),
        "realism.log_density": percentiles(log_density(latents, means, factors)),
        "realism.drift": percentiles(drift),
        "realism.images": torch.tensor([len(mean)]),
    }
    return {name: value.float().contiguous() for name, value in arrays.items()}


def gaussian(mean, log_var, label):
    """Mean and Cholesky factor of the Gaussian with the moments of some posteriors."""
    if len(mean) < 2:
        raise ValueError(f"class {label} has {len(mean)} images, and two at least are needed to say where it lies")
    covariance = torch.cov(mean.T, correction=0).reshape(mean.shape[1], -1)
    within = torch.diag(log_var.exp().mean(0).clamp_min(LEAST_VARIANCE))
    return mean.mean(0), torch.linalg.cholesky(covariance + within)


def log_density(latents, means, factors):
    """`ln p(z)` of the regions, mixed in equal parts."""
    densities = []
    for mean, factor in zip(means, factors):
        density = torch.distributions.MultivariateNormal(mean, scale_tril=factor)
        densities.append(density.log_prob(latents))
    return torch.stack(densities).logsumexp(0) - torch.tensor(float(len(densities))).log()


def percentiles(values):
    values = values.sort()[0]
    at = (torch.arange(POINTS).double() * (len(values) - 1) / (POINTS - 1)).round().long()
    return values[at]


def pixel_sigma(vae, images, labels):
    """Root of the mean squared error of the reconstructions, which is the best standard deviation of a Gaussian likelihood."""
    squared = 0.0
    for x, y in batches(images, labels):
        squared += ((vae.decode(vae.encoder(x, given(vae, y))[0], given(vae, y)) - x) ** 2).sum().item()
    return max((squared / images.numel()) ** 0.5, 1e-4)


def temperature(classifier, images, labels):
    """What the logits are divided by so that the probabilities of images that were not learned from are right."""
    logits = torch.cat([classifier(x) for x, _ in batches(images, labels)]).double()
    candidates = torch.linspace(-3, 3, 601).double().exp()
    losses = torch.stack([F.cross_entropy(logits / candidate, labels) for candidate in candidates])
    return candidates[losses.argmin()].item()


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
