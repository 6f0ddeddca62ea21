"""The networks of a Latent Lens bundle in PyTorch, with the weights of its SafeTensors files: the VAE, the classifier, and the
refiner if there is one.

Shapes and names follow crates/vae-core/src/{encoder,decoder,convolution,film}.rs, crates/classifier/src/{resnet,block,stages}.rs
and crates/flow/src/{block,embedding,unet,attention,patches,velocity,sampling}.rs.
Where a network takes `classes`, that is a number for each image, `[batch]`, or None for no class; only a conditional VAE looks at it.
"""

import math
import re
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file


class Rows(nn.Module):
    """A row of numbers for each class, and a last one for no class."""

    def __init__(self, classes, width):
        super().__init__()
        self.embedding = nn.Parameter(torch.zeros(classes + 1, width))

    def forward(self, classes):
        return self.embedding[-1:] if classes is None else self.embedding[classes]


class Residual(nn.Module):
    """x + conv2(relu(conv1(relu(x)))), 3x3, without normalisation. A class scales and shifts x first, if there are any (FiLM)."""

    def __init__(self, channels, classes):
        super().__init__()
        self.film = Rows(classes, 2 * channels) if classes else None
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x, classes):
        if self.film is not None:
            scale, shift = self.film(classes)[:, :, None, None].chunk(2, 1)
            x = x * (1 + scale) + shift
        return x + self.conv2(F.relu(self.conv1(F.relu(x))))


class Residuals(nn.ModuleList):
    """Some of them, and a ReLU."""

    def __init__(self, channels, count, classes):
        super().__init__(Residual(channels, classes) for _ in range(count))

    def forward(self, x, classes):
        for block in self:
            x = block(x, classes)
        return F.relu(x)


def map_sides(side):
    """Sides of the feature maps: halved, rounded up, while that leaves 4 pixels (crates/datasets/src/pyramid.rs)."""
    sides = [side]
    while 4 <= (half := (sides[-1] + 1) // 2) < sides[-1]:
        sides.append(half)
    return sides


def kernel(side):
    """Kernel that halves maps of this side with stride 2, or doubles others to it: even sides need an even one."""
    return 3 if side % 2 else 4


def square(images):
    """Images in the middle of a square of zeros."""
    height, width = images.shape[2:]
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    return F.pad(images, (left, side - width - left, top, side - height - top))


class Level(nn.Module):
    """One step between two sizes: a convolution and residual blocks at the smaller size."""

    def __init__(self, name, convolution, channels, blocks, classes):
        super().__init__()
        self.add_module(name, convolution)
        self.blocks = Residuals(channels, blocks, classes)


class Encoder(nn.Module):
    def __init__(self, shape, latent_dim, channels, blocks, classes=0):
        super().__init__()
        sides = map_sides(max(shape[1:]))
        levels, i = [], shape[0]
        for o, side in zip(channels, sides):
            levels.append(Level("conv", nn.Conv2d(i, o, kernel(side), stride=2, padding=1), o, blocks, classes))
            i = o
        self.levels = nn.ModuleList(levels)
        flat = channels[-1] * sides[len(channels)] ** 2
        self.mean = nn.Linear(flat, latent_dim)
        self.log_var = nn.Linear(flat, latent_dim)
        self.class_offset = Rows(classes, latent_dim) if classes else None

    def forward(self, images, classes=None):
        x = square(images)
        for level in self.levels:
            x = level.blocks(level.conv(x), classes)
        x = x.flatten(1)
        mean = self.mean(x)
        if self.class_offset is not None:
            mean = mean + self.class_offset(classes)
        return mean, self.log_var(x).clamp(-12.0, 6.0)


class Decoder(nn.Module):
    def __init__(self, shape, latent_dim, channels, blocks, classes=0):
        super().__init__()
        sides = map_sides(max(shape[1:]))
        self.shape, self.side = shape, sides[len(channels)]
        sizes = [max(channels[0] // 2, 1), *channels]
        self.project = nn.Linear(latent_dim, channels[-1] * self.side**2)
        self.class_offset = Rows(classes, channels[-1] * self.side**2) if classes else None
        self.levels = nn.ModuleList()
        for below in range(len(channels), 0, -1):
            up = nn.ConvTranspose2d(sizes[below], sizes[below - 1], kernel(sides[below - 1]), stride=2, padding=1)
            self.levels.append(Level("up", up, sizes[below], blocks, classes))
        self.blocks = Residuals(sizes[0], blocks, classes)
        self.out = nn.Conv2d(sizes[0], shape[0], 3, padding=1)

    def forward(self, latents, classes=None):
        x = self.project(latents)
        if self.class_offset is not None:
            x = x + self.class_offset(classes)
        x = x.unflatten(1, (-1, self.side, self.side))
        for level in self.levels:
            x = level.up(level.blocks(x, classes))
        x = self.out(self.blocks(x, classes))
        _, height, width = self.shape
        top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
        return x[:, :, top : top + height, left : left + width]


class Vae(nn.Module):
    """`decode` gives images in [0, 1], `loss` the negative ELBO with one sample an image."""

    def __init__(self, shape, latent_dim, channels, blocks, class_centres, gaussian, conditional=0):
        """`class_centres` is the number of classes with a learned centre, or 0 for the prior N(0, I); `conditional` that of
        the classes which encoder and decoder are given, or 0."""
        super().__init__()
        self.encoder = Encoder(shape, latent_dim, channels, blocks, conditional)
        self.decoder = Decoder(shape, latent_dim, channels, blocks, conditional)
        self.class_centres = nn.Parameter(torch.zeros(class_centres, latent_dim)) if class_centres else None
        self.gaussian = gaussian

    def decode(self, latents, classes=None):
        return torch.sigmoid(self.decoder(latents, classes))

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
    def __init__(self, shape, width, classes, pixel_mean=(0.0,), pixel_std=(1.0,)):
        super().__init__()
        # One value a channel, or one for all; not weights.
        for name, values in (("pixel_mean", pixel_mean), ("pixel_std", pixel_std)):
            self.register_buffer(name, torch.tensor(values).view(1, -1, 1, 1), persistent=False)
        side = max(shape[1:])
        stem_stride = 2 if side > 64 else 1
        # The later stages keep their side where halving would leave less than 4 pixels.
        sides = map_sides((side + stem_stride - 1) // stem_stride)[:4]
        sides += sides[-1:] * (4 - len(sides))
        self.stem, self.stem_norm = conv(shape[0], width, 3, stem_stride), nn.BatchNorm2d(width)
        blocks, i, before = [], width, sides[0]
        for times, side in zip((1, 2, 4, 8), sides):
            stride = 1 if side == before else 2
            blocks += [Block(i, width * times, stride), Block(width * times, width * times, 1)]
            i, before = width * times, side
        self.blocks, self.fc = nn.Sequential(*blocks), nn.Linear(i, classes)

    def features(self, images):
        x = (square(images) - self.pixel_mean) / self.pixel_std
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


class FlowBlock(nn.Module):
    """skip(x) + conv2(silu(film(norm2(conv1(silu(norm1(x)))))))"""

    def __init__(self, i, o, embedding):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(8, i), nn.Conv2d(i, o, 3, padding=1)
        self.norm2, self.conv2 = nn.GroupNorm(8, o), nn.Conv2d(o, o, 3, padding=1)
        self.film = nn.Linear(embedding, 2 * o)
        self.skip = nn.Conv2d(i, o, 1) if i != o else None

    def forward(self, x, e):
        scale, shift = self.film(e)[:, :, None, None].chunk(2, 1)
        h = self.norm2(self.conv1(F.silu(self.norm1(x)))) * (1 + scale) + shift
        return (x if self.skip is None else self.skip(x)) + self.conv2(F.silu(h))


class Attention(nn.Module):
    """Between all pixels, with four heads."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.projection, self.output = nn.Conv2d(channels, 3 * channels, 1), nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        q, k, v = self.projection(self.norm(x)).flatten(2).unflatten(1, (3, 4, -1)).transpose(3, 4).unbind(1)
        y = F.scaled_dot_product_attention(q, k, v).transpose(2, 3)
        return x + self.output(y.reshape(x.shape))


class VelocityNet(nn.Module):
    """The velocity of a point on its path to an image; pixels in [-1, 1]. `refine` takes and gives pixels in [0, 1]."""

    def __init__(self, shape, channels, embedding, patch, classes, from_picture, noise):
        super().__init__()
        self.shape, self.patch, self.noise, self.channels = shape, patch, noise, channels
        self.from_picture = from_picture
        out = shape[0] * patch**2
        self.embedding = nn.ModuleDict({"time1": nn.Linear(64, embedding), "time2": nn.Linear(embedding, embedding)})
        self.classes = nn.Parameter(torch.zeros(classes + 1, embedding)) if classes else None
        self.enter = nn.Conv2d(out * (2 if from_picture else 1), channels[0], 3, padding=1)
        self.levels = nn.ModuleList()
        for here, below in zip(channels, channels[1:]):
            parts = {name: FlowBlock(here, here, embedding) for name in ("down1", "down2", "up2")}
            parts |= {"up1": FlowBlock(2 * here, here, embedding), "halve": nn.Conv2d(here, below, 3, 2, 1)}
            self.levels.append(nn.ModuleDict(parts | {"enlarge": nn.Conv2d(below, here, 3, padding=1)}))
        blocks = {name: FlowBlock(channels[-1], channels[-1], embedding) for name in ("block1", "block2")}
        self.middle = nn.ModuleDict(blocks | {"attention": Attention(channels[-1])})
        self.norm, self.leave = nn.GroupNorm(8, channels[0]), nn.Conv2d(channels[0], out, 3, padding=1)

    def cut(self, images):
        """Patches of the image in the middle of a square whose side can be halved as often as the network needs."""
        _, height, width = self.shape
        step = self.patch << (len(self.channels) - 1)
        side = -(-max(height, width) // step) * step
        top, left = (side - height) // 2, (side - width) // 2
        padded = F.pad(images, (left, side - width - left, top, side - height - top))
        return F.pixel_unshuffle(padded, self.patch)

    def join(self, maps):
        _, height, width = self.shape
        x = F.pixel_shuffle(maps, self.patch)
        top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
        return x[:, :, top : top + height, left : left + width]

    def forward(self, x, times, classes=None, pictures=None):
        angles = times[:, None] * torch.linspace(0, math.log(1000), 32).exp()
        e = F.silu(self.embedding["time1"](torch.cat([angles.sin(), angles.cos()], 1)))
        e = self.embedding["time2"](e)
        if self.classes is not None:
            e = e + (self.classes[-1:] if classes is None else self.classes[classes])
        e = F.silu(e)
        x = self.cut(x)
        if self.from_picture:
            x = torch.cat([x, self.cut(pictures)], 1)
        x = self.through(self.levels, self.enter(x), e)
        return self.join(self.leave(F.silu(self.norm(x))))

    def through(self, levels, x, e):
        if len(levels) == 0:
            return self.middle["block2"](self.middle["attention"](self.middle["block1"](x, e)), e)
        level = levels[0]
        here = level["down2"](level["down1"](x, e), e)
        below = self.through(levels[1:], level["halve"](here), e)
        back = level["enlarge"](F.interpolate(below, scale_factor=2))
        return level["up2"](level["up1"](torch.cat([back, here], 1), e), e)

    def refine(self, pictures, noise, steps):
        pictures = pictures * 2 - 1
        x = pictures + self.noise * noise
        for step in range(steps):
            x = x + self(x, torch.full((len(x),), step / steps), None, pictures) / steps
        return (x * 0.5 + 0.5).clamp(0, 1)


class Bundle:
    """A bundle's folder: its networks in inference form, and what the manifest says about them."""

    def __init__(self, folder):
        self.folder = folder = Path(folder)
        self.manifest = (folder / "manifest.ron").read_text()
        vae, classifier, self.space = (load_file(folder / self.file(role)) for role in ("vae", "classifier", "latent_space"))
        vae = {renamed(name): value for name, value in vae.items()}
        self.shape = tuple(int(self.number(field)) for field in ("channels", "height", "width"))
        self.latent_dim = vae["decoder.project.weight"].shape[0]
        levels = range(len({name.split(".")[2] for name in vae if name.startswith("encoder.levels.")}))
        self.channels = [vae[f"encoder.levels.{level}.conv.weight"].shape[0] for level in levels]
        self.blocks = len({name.split(".")[2] for name in vae if name.startswith("decoder.blocks.")})
        self.class_centres = len(vae["class_centres"]) if "class_centres" in vae else 0
        offset = vae.get("decoder.class_offset.embedding")
        self.conditional = 0 if offset is None else len(offset) - 1
        self.gaussian = "likelihood: gaussian" in self.manifest
        self.classes, self.width = classifier["fc.bias"].shape[0], classifier["stem.weight"].shape[0]
        self.temperature = self.number("temperature")
        self.vae, self.classifier = self.fresh_vae(), self.fresh_classifier()
        self.vae.load_state_dict(converted(vae))
        # Batch counters are PyTorch's own and do not matter in inference.
        missing, unknown = self.classifier.load_state_dict(converted(classifier), strict=False)
        assert not unknown and all(name.endswith("num_batches_tracked") for name in missing), (missing, unknown)
        self.vae.eval(), self.classifier.eval()
        self.refiner = self.load_refiner() if "refiner: (" in self.manifest else None

    def load_refiner(self):
        """The network that sharpens decoded images, and in how many steps it usually does."""
        weights = load_file(self.folder / self.file("refiner"))
        levels = range(len({name.split(".")[1] for name in weights if name.startswith("levels.")}))
        channels = [weights[f"levels.{level}.halve.weight"].shape[1] for level in levels]
        channels.append(weights["middle.block1.conv1.weight"].shape[0])
        patch = math.isqrt(weights["leave.weight"].shape[0] // self.shape[0])
        embedding = weights["embedding.time2.bias"].shape[0]
        refiner = VelocityNet(self.shape, channels, embedding, patch, 0, True, self.number("noise"))
        # A module of PyTorch has a method of this name.
        weights = {name.replace(".double.", ".enlarge."): value for name, value in weights.items()}
        refiner.load_state_dict(converted(weights))
        self.steps = int(self.number("steps"))
        return refiner.eval()

    def draw(self, class_index, count, generator=None):
        """Samples of a class as the model draws them, in [0, 1]."""
        classes = torch.full((count,), class_index) if self.conditional else None
        images = self.vae.decode(self.sample_region(class_index, count, generator), classes)
        if self.refiner is None:
            return images
        noise = torch.randn(images.shape, generator=generator)
        return self.refiner.refine(images, noise, self.steps)

    def file(self, role):
        """The name of a file: it changes with its content, so the manifest says it."""
        return re.search(rf'\b{role}: \(\s*name: "([^"]+)"', self.manifest).group(1)

    def number(self, field):
        return float(re.search(rf"\b{field}: ([-+.\deE]+)", self.manifest).group(1))

    def numbers(self, field):
        row = re.search(rf"\b{field}: \[([^\]]*)\]", self.manifest).group(1)
        return tuple(float(value) for value in row.split(",") if value.strip())

    def sample_region(self, class_index, count, generator=None):
        """Latents from the mixture of Gaussians that is a class's region, `[count, latent_dim]`; of a conditional model from the one
        region over all images."""
        class_index = 0 if self.conditional else class_index
        counts = self.space["regions.components"].long()
        first, components = counts[:class_index].sum(), counts[class_index]
        weights, means, cholesky = (
            self.space[f"regions.{name}"][first : first + components] for name in ("weights", "means", "cholesky")
        )
        factors = torch.zeros(len(weights), self.latent_dim, self.latent_dim)
        at = torch.tril_indices(self.latent_dim, self.latent_dim)
        factors[:, at[0], at[1]] = cholesky
        picked = torch.multinomial(weights, count, replacement=True, generator=generator)
        noise = torch.randn(count, self.latent_dim, 1, generator=generator)
        return means[picked] + (factors[picked] @ noise).squeeze(2)

    def fresh_vae(self):
        sizes = self.shape, self.latent_dim, self.channels, self.blocks
        return Vae(*sizes, self.class_centres, self.gaussian, self.conditional)

    def fresh_classifier(self):
        normalisation = self.numbers("pixel_mean"), self.numbers("pixel_std")
        return ResNet18(self.shape, self.width, self.classes, *normalisation)


# Names in weights files of earlier versions, as crates/vae-core/src/old_names.rs lists them.
OLD_NAMES = [
    (r"^encoder\.conv([123])\.", lambda found: f"encoder.levels.{int(found[1]) - 1}.conv."),
    (r"^encoder\.blocks([123])\.", lambda found: f"encoder.levels.{int(found[1]) - 1}.blocks."),
    (r"^decoder\.up([123])\.", lambda found: f"decoder.levels.{int(found[1]) - 1}.up."),
    (r"^decoder\.blocks([123])\.", lambda found: f"decoder.levels.{int(found[1]) - 1}.blocks."),
    (r"^decoder\.blocks4\.", "decoder.blocks."),
]


def renamed(name):
    for old, new in OLD_NAMES:
        name = re.sub(old, new, name)
    return name


LINEAR = ("project", "mean", "log_var", "fc", "time1", "time2", "film")


def converted(weights):
    """Burn's names and layouts as PyTorch's: a linear layer's weight is transposed, `gamma` and `beta` are renamed."""
    result = {}
    for name, value in weights.items():
        value = value.float()
        *path, leaf = name.split(".")
        if path and path[-1] in LINEAR and leaf == "weight":
            value = value.T.contiguous()
        leaf = {"gamma": "weight", "beta": "bias"}.get(leaf, leaf)
        result[".".join([*path, leaf])] = value
    return result
