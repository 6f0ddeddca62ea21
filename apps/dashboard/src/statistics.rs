//! The one interval that the window computes itself, for what it counts on the screen.

/// The 95 % quantile of the standard normal distribution, two-sided.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's 95 % interval for a share of which `k` of `n` were seen: (low, high) in 0..1, and all of it for `n` = 0.
#[must_use]
pub fn wilson(k: usize, n: usize) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let n = n as f64;
    let share = k as f64 / n;
    let spread = Z * Z / n;
    let center = (share + spread / 2.0) / (1.0 + spread);
    let half = Z / (1.0 + spread) * (share * (1.0 - share) / n + spread / (4.0 * n)).sqrt();
    ((center - half).max(0.0), (center + half).min(1.0))
}
