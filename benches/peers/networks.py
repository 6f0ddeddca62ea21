"""The two networks of a Latent Lens bundle in PyTorch, with the weights of its SafeTensors files.

Shapes and names follow crates/vae-core/src/{encoder,decoder,convolution}.rs and crates/classifier/src/{resnet,block}.rs.
"""

import re
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file


class Residual(nn.Module):
    """x + conv2(relu(conv1(relu(x)))), 3x3, without normalisation."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.conv2(F.relu(self.conv1(F.relu(x))))


def residuals(channels, count):
    return nn.Sequential(*(Residual(channels) for _ in range(count)))


class Encoder(nn.Module):
    def __init__(self, latent_dim, channels, blocks):
        super().__init__()
        c0, c1, c2 = channels
        self.conv1 = nn.Conv2d(1, c0, 4, stride=2, padding=1)
        self.blocks1 = residuals(c0, blocks)
        self.conv2 = nn.Conv2d(c0, c1, 4, stride=2, padding=1)
        self.blocks2 = residuals(c1, blocks)
        self.conv3 = nn.Conv2d(c1, c2, 3, stride=2, padding=1)
        self.blocks3 = residuals(c2, blocks)
        self.mean = nn.Linear(c2 * 16, latent_dim)
        self.log_var = nn.Linear(c2 * 16, latent_dim)

    def forward(self, images):
        x = F.relu(self.blocks1(self.conv1(images)))
        x = F.relu(self.blocks2(self.conv2(x)))
        x = F.relu(self.blocks3(self.conv3(x))).flatten(1)
        return self.mean(x), self.log_var(x).clamp(-12.0, 6.0)


class Decoder(nn.Module):
    def __init__(self, latent_dim, channels, blocks):
        super().__init__()
        c0, c1, c2 = channels
        last = max(c0 // 2, 1)
        self.project = nn.Linear(latent_dim, c2 * 16)
        self.blocks1 = residuals(c2, blocks)
        self.up1 = nn.ConvTranspose2d(c2, c1, 3, stride=2, padding=1)
        self.blocks2 = residuals(c1, blocks)
        self.up2 = nn.ConvTranspose2d(c1, c0, 4, stride=2, padding=1)
        self.blocks3 = residuals(c0, blocks)
        self.up3 = nn.ConvTranspose2d(c0, last, 4, stride=2, padding=1)
        self.blocks4 = residuals(last, blocks)
        self.out = nn.Conv2d(last, 1, 3, padding=1)

    def forward(self, latents):
        x = self.project(latents).unflatten(1, (-1, 4, 4))
        x = self.up1(F.relu(self.blocks1(x)))
        x = self.up2(F.relu(self.blocks2(x)))
        x = self.up3(F.relu(self.blocks3(x)))
        return self.out(F.relu(self.blocks4(x)))


class Vae(nn.Module):
    """`decode` gives images in [0, 1], `loss` the negative ELBO with one sample an image."""

    def __init__(self, latent_dim, channels, blocks, class_centres, gaussian):
        super().__init__()
        self.encoder = Encoder(latent_dim, channels, blocks)
        self.decoder = Decoder(latent_dim, channels, blocks)
        self.class_centres = nn.Parameter(torch.zeros(10, latent_dim)) if class_centres else None
        self.gaussian = gaussian

    def decode(self, latents):
        return torch.sigmoid(self.decoder(latents))

    def loss(self, images, labels):
        mean, log_var = self.encoder(images)
        logits = self.decoder(mean + (0.5 * log_var).exp() * torch.randn_like(mean))
        pixels = images[0].numel()
        if self.gaussian:
            error = F.mse_loss(torch.sigmoid(logits), images)
            reconstruction = pixels / 2 * ((error + 1e-6).log() + 1.0)
        else:
            loss = F.binary_cross_entropy_with_logits(logits, images, reduction="sum")
            reconstruction = loss / len(images)
        away = mean if self.class_centres is None else mean - self.class_centres[labels]
        kl = 0.5 * (log_var.exp() + away**2 - 1.0 - log_var).sum(1).mean()
        return reconstruction + kl


def conv(i, o, kernel, stride):
    return nn.Conv2d(i, o, kernel, stride, kernel // 2, bias=False)


class Block(nn.Module):
    """Two 3x3 convolutions with batch normalisation around a shortcut."""

    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.norm1 = conv(i, o, 3, stride), nn.BatchNorm2d(o)
        self.conv2, self.norm2 = conv(o, o, 3, 1), nn.BatchNorm2d(o)
        self.shortcut = None
        if stride != 1 or i != o:
            self.shortcut = nn.ModuleDict({"conv": conv(i, o, 1, stride), "norm": nn.BatchNorm2d(o)})

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        if self.shortcut is not None:
            x = self.shortcut["norm"](self.shortcut["conv"](x))
        return F.relu(y + x)


class ResNet18(nn.Module):
    def __init__(self, width, classes, pixel_mean=0.0, pixel_std=1.0):
        super().__init__()
        self.pixel_mean, self.pixel_std = pixel_mean, pixel_std
        self.stem, self.stem_norm = conv(1, width, 3, 1), nn.BatchNorm2d(width)
        blocks, i = [], width
        for times, stride in [(1, 1), (2, 2), (4, 2), (8, 2)]:
            blocks += [Block(i, width * times, stride), Block(width * times, width * times, 1)]
            i = width * times
        self.blocks, self.fc = nn.Sequential(*blocks), nn.Linear(i, classes)

    def features(self, images):
        x = (images - self.pixel_mean) / self.pixel_std
        return self.blocks(F.relu(self.stem_norm(self.stem(x))))

    def head(self, features):
        return self.fc(features.mean((2, 3)))

    def forward(self, images):
        return self.head(self.features(images))

    def all_maps(self, features):
        """Grad-CAM of every class at the last stage in closed form, scaled to [0, 1]: the head is a mean and a linear
        layer, so no backward pass is needed. This is the fastest way to the ten maps in PyTorch, too."""
        cells = features.shape[2] * features.shape[3]
        maps = F.relu(torch.einsum("ck,nkhw->nchw", self.fc.weight / cells, features))
        return maps / maps.amax((2, 3), keepdim=True).clamp_min(1e-12)


class Bundle:
    """A bundle's folder: both networks in inference form, and what the manifest says about them."""

    def __init__(self, folder):
        folder = Path(folder)
        self.manifest = (folder / "manifest.ron").read_text()
        vae, classifier = (load_file(folder / f"{name}.safetensors") for name in ("vae", "classifier"))
        self.latent_dim = vae["decoder.project.weight"].shape[0]
        self.channels = [vae[f"encoder.conv{i}.weight"].shape[0] for i in (1, 2, 3)]
        self.blocks = len({name.split(".")[2] for name in vae if name.startswith("encoder.blocks1.")})
        self.class_centres = "class_centres" in vae
        self.gaussian = "likelihood: gaussian" in self.manifest
        self.classes, self.width = classifier["fc.bias"].shape[0], classifier["stem.weight"].shape[0]
        self.temperature = self.number("temperature")
        self.vae, self.classifier = self.fresh_vae(), self.fresh_classifier()
        self.vae.load_state_dict(converted(vae))
        # Batch counters are PyTorch's own and do not matter in inference.
        missing, unknown = self.classifier.load_state_dict(converted(classifier), strict=False)
        assert not unknown and all(name.endswith("num_batches_tracked") for name in missing), (missing, unknown)
        self.vae.eval(), self.classifier.eval()

    def number(self, field):
        return float(re.search(rf"\b{field}: ([-+.\deE]+)", self.manifest).group(1))

    def sample_region(self, class_index, count, generator=None):
        """Latents from the mixture of Gaussians that is a class's region, `[count, latent_dim]`."""
        text = self.manifest[self.manifest.index("regions: [") :]
        region = text.split("components: [")[class_index + 1]
        region = region[: region.index("images:")] if "images:" in region else region
        numbers = r"([-+.\deE]+)"
        weights = torch.tensor([float(w) for w in re.findall(rf"weight: {numbers}", region)])
        rows = {name: [torch.tensor([float(v) for v in row.split(",") if v.strip()])
                       for row in re.findall(rf"{name}: \[([^\]]*)\]", region)] for name in ("mean", "cholesky")}
        factors = torch.zeros(len(weights), self.latent_dim, self.latent_dim)
        at = torch.tril_indices(self.latent_dim, self.latent_dim)
        factors[:, at[0], at[1]] = torch.stack(rows["cholesky"])
        picked = torch.multinomial(weights, count, replacement=True, generator=generator)
        noise = torch.randn(count, self.latent_dim, 1, generator=generator)
        return torch.stack(rows["mean"])[picked] + (factors[picked] @ noise).squeeze(2)

    def fresh_vae(self):
        return Vae(self.latent_dim, self.channels, self.blocks, self.class_centres, self.gaussian)

    def fresh_classifier(self):
        normalisation = self.number("pixel_mean"), self.number("pixel_std")
        return ResNet18(self.width, self.classes, *normalisation)


def converted(weights):
    """Burn's names and layouts as PyTorch's: a linear layer's weight is transposed, `gamma` and `beta` are renamed."""
    result = {}
    for name, value in weights.items():
        value = value.float()
        *path, leaf = name.split(".")
        if path and path[-1] in ("project", "mean", "log_var", "fc") and leaf == "weight":
            value = value.T.contiguous()
        leaf = {"gamma": "weight", "beta": "bias"}.get(leaf, leaf)
        result[".".join([*path, leaf])] = value
    return result
