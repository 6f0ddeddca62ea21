//! The objective of both networks, as functions of the discriminator's scores.

use burn::tensor::Tensor;
use burn::tensor::activation::log_sigmoid;

/// What the discriminator minimises: `E[-ln sigmoid(D(x) - D(G(z)))]` over pairs of a real image `x` and one that was drawn, in nats
/// (Jolicoeur-Martineau 2018; Huang et al. 2024, equation 2). It is `ln 2` where both look alike.
///
/// # Shapes
/// - `real`, `drawn`: `[batch]`
/// - output: `[1]`
#[must_use]
pub fn discriminator(real: Tensor<1>, drawn: Tensor<1>) -> Tensor<1> {
    -log_sigmoid(real - drawn).mean()
}

/// What the generator minimises: the same with the roles exchanged, `E[-ln sigmoid(D(G(z)) - D(x))]`.
///
/// # Shapes
/// - `real`, `drawn`: `[batch]`
/// - output: `[1]`
#[must_use]
pub fn generator(real: Tensor<1>, drawn: Tensor<1>) -> Tensor<1> {
    discriminator(drawn, real)
}

/// An estimate of `E[|grad D|^2]` that takes no derivative: `E[((D(x + s n) - D(x)) / s)^2]`.
///
/// For small distances `s` the difference is `s n . grad D`, and where the numbers of `n` are independent with mean 0 and
/// variance 1, `E[(n . grad D)^2] = |grad D|^2` (Hutchinson 1990). It stands for the penalties R1 and R2 of Huang et al. 2024
/// (Mescheder et al. 2018, "Which Training Methods for GANs do actually Converge?", equation 9), whose gradients would be second
/// derivatives.
///
/// # Shapes
/// - `scores`: `D(x)`, `moved`: `D(x + s n)`, `[batch]` both
/// - output: `[1]`
#[must_use]
pub fn squared_slope(scores: Tensor<1>, moved: Tensor<1>, distance: f64) -> Tensor<1> {
    ((moved - scores) / distance).powi_scalar(2).mean()
}
