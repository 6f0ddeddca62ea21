"""What a model holds besides its weights, from images: the latent space as `crates/latent-space` describes it, the error of the pixels, and
the temperature of a classifier."""

import torch
import torch.nn.functional as F

BATCH = 256
POINTS = 101
# Keeps a class of few images from having no width in some direction.
LEAST_VARIANCE = 1e-4


def conditional(vae):
    """The number of classes that encoder and decoder are given, or 0."""
    offset = vae.encoder.class_offset
    return 0 if offset is None else len(offset.embedding) - 1


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
