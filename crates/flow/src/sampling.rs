//! From noise or a picture to an image, in equal steps of Euler's method: the paths are straight, so few are enough.

use burn::tensor::{Int, Tensor};

use crate::VelocityNet;

/// Pixels in `[0, 1]` in the units of a flow, `[-1, 1]`.
#[must_use]
pub fn from_pixels(pixels: Tensor<4>) -> Tensor<4> {
    pixels * 2.0 - 1.0
}

/// A point of a flow as pixels in `[0, 1]`; what lies beyond is cut off.
#[must_use]
pub fn to_pixels(x: Tensor<4>) -> Tensor<4> {
    (x * 0.5 + 0.5).clamp(0.0, 1.0)
}

impl VelocityNet {
    /// Refines pictures. With 0 steps the noisy pictures stay as they are.
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, height, width]` in `[0, 1]`
    /// - `noise`: standard normal, as `pictures`; the same noise gives the same detail
    /// - output: as `pictures`, in `[0, 1]`
    ///
    /// # Panics
    /// If a shape differs.
    #[must_use]
    pub fn refine(&self, pictures: Tensor<4>, noise: Tensor<4>, steps: usize) -> Tensor<4> {
        let pictures = from_pixels(pictures);
        let mut x = pictures.clone() + noise * self.noise;
        for step in 0..steps {
            let velocity = self.velocity(x.clone(), None, Some(pictures.clone()), [step, steps]);
            x = x + velocity / steps as f64;
        }
        to_pixels(x)
    }

    /// Draws images from noise.
    ///
    /// # Shapes
    /// - `noise`: standard normal, `[batch, channels, height, width]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: as `noise`, in `[0, 1]`
    ///
    /// # Panics
    /// If a shape differs, or the network is a refiner.
    #[must_use]
    pub fn draw(
        &self,
        noise: Tensor<4>,
        classes: Option<Tensor<1, Int>>,
        steps: usize,
        guidance: f64,
    ) -> Tensor<4> {
        let go = move |x, step| self.advance(x, classes.clone(), [step, steps], guidance);
        to_pixels((0..steps).fold(noise, go))
    }

    /// One step of [`draw`](Self::draw): step `step` of `steps`, counted from 0. Begin with noise; [`to_pixels`] shows a point on
    /// its way.
    ///
    /// `guidance` exaggerates the class: the velocity is `without + guidance (with - without)`, of the velocities with the class and
    /// without one (Ho and Salimans 2021, "Classifier-Free Diffusion Guidance", in the form that is 1 for none). It needs a second
    /// pass through the network unless it is 1 or there is no class.
    ///
    /// # Shapes
    /// - `x`: `[batch, channels, height, width]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: as `x`
    ///
    /// # Panics
    /// If a shape differs, or the network is a refiner.
    #[must_use]
    pub fn advance(
        &self,
        x: Tensor<4>,
        classes: Option<Tensor<1, Int>>,
        [step, steps]: [usize; 2],
        guidance: f64,
    ) -> Tensor<4> {
        let velocity = |classes| self.velocity(x.clone(), classes, None, [step, steps]);
        let is_guided = exaggerates(guidance) && self.classes().is_some();
        let velocity = match classes {
            Some(classes) if is_guided => {
                let without = velocity(None);
                without.clone() + (velocity(Some(classes)) - without) * guidance
            }
            classes => velocity(classes),
        };
        x + velocity / steps as f64
    }

    /// The velocity at the beginning of a step.
    fn velocity(
        &self,
        x: Tensor<4>,
        classes: Option<Tensor<1, Int>>,
        pictures: Option<Tensor<4>>,
        [step, steps]: [usize; 2],
    ) -> Tensor<4> {
        let time = time_of(step, steps);
        let times = Tensor::full([x.dims()[0]], time, &x.device());
        self.forward(x, times, classes, pictures)
    }
}

/// Whether guidance does anything: at 1 the velocity is that with the class.
pub(crate) fn exaggerates(guidance: f64) -> bool {
    (guidance - 1.0).abs() > f64::EPSILON
}

/// The time at the beginning of a step.
pub(crate) fn time_of(step: usize, steps: usize) -> f32 {
    step as f32 / steps as f32
}
