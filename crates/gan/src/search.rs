//! Finding the latent of an image by descent, since a GAN has no encoder (Zhu et al. 2016, "Generative Visual Manipulation on the
//! Natural Image Manifold").

mod target;

use std::ops::ControlFlow;

use burn::module::Module;
use burn::tensor::{Int, Tensor, TensorData};
use datasets::{ClassId, Image, Seed};
use latent_space::sample_prior;
use serde::{Deserialize, Serialize};

use crate::{GanError, Generator};
use target::Target;

/// Decays of the moments, and what keeps a step finite (Kingma and Ba 2014, "Adam", algorithm 1).
const BETAS: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// How to search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchConfig {
    /// Latents that go down at the same time, drawn from N(0, I): the best one counts.
    pub starts: usize,
    /// Steps of descent.
    pub steps: usize,
    /// The rate of the first step; it falls evenly to 0.
    pub learning_rate: f64,
    /// Weight of the latent's mean squared coordinate, which is 1 for usual ones, against the mean squared error of a pixel.
    pub prior_weight: f64,
    /// Seed of the starts.
    pub seed: Seed,
}

impl Default for SearchConfig {
    fn default() -> Self {
        Self {
            starts: 8,
            steps: 200,
            learning_rate: 0.1,
            prior_weight: 1e-3,
            seed: Seed(0),
        }
    }
}

/// Where a search stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchProgress {
    /// Steps taken.
    pub step: usize,
    /// Steps in all.
    pub steps: usize,
    /// Mean squared error of a pixel of the best latent so far.
    pub squared_error: f32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The latent, `[latent_dim]`.
    pub latent: Vec<f32>,
    /// Mean squared error of a pixel between its image and the one that was searched for.
    pub squared_error: f32,
    /// The error of the best latent so far after each step; it never grows.
    pub error_history: Vec<f32>,
}

/// A search that is taken one step at a time, so that whoever runs it can do something else in between.
#[derive(Debug)]
pub struct Search {
    generator: Generator,
    config: SearchConfig,
    target: Target,
    /// `[starts]`
    classes: Option<Tensor<1, Int>>,
    /// `[starts, latent_dim]`, as both moments of their gradients.
    latents: Vec<f32>,
    moments: [Vec<f32>; 2],
    best: Found,
}

impl Search {
    /// A search for `image` among the images of a class, or of none. It runs on the device of the generator, and takes its first
    /// step when it is asked to.
    ///
    /// # Errors
    /// [`GanError::Shape`] if the image has another shape than the generator's, [`GanError::Config`] for settings that cannot
    /// work and for a class that the generator does not have.
    pub fn new(
        generator: &Generator,
        image: &Image,
        class: Option<ClassId>,
        config: &SearchConfig,
    ) -> Result<Self, GanError> {
        check(generator, image, class, config)?;
        let device = generator.project.weight.device().autodiff();
        let (starts, dims) = (config.starts, generator.latent_dim());
        let row = class.map_or(generator.classes(), ClassId::index) as i32;
        let classes = TensorData::new(vec![row; starts], [starts]);
        Ok(Self {
            generator: generator.clone().train().no_grad(),
            config: config.clone(),
            target: Target::new(image, starts, &device),
            classes: (generator.classes() > 0).then(|| Tensor::from_data(classes, &device)),
            latents: sample_prior(dims, starts, config.seed).concat(),
            moments: std::array::from_fn(|_| vec![0.0; starts * dims]),
            best: Found {
                latent: vec![0.0; dims],
                squared_error: f32::INFINITY,
                error_history: Vec::with_capacity(config.steps),
            },
        })
    }

    /// Whether all steps were taken.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.best.error_history.len() >= self.config.steps
    }

    /// Takes the next step of all starts at once. Once all were taken it does nothing more.
    ///
    /// # Errors
    /// [`GanError::NotFinite`] if the generator's images are not finite.
    pub fn step(&mut self) -> Result<SearchProgress, GanError> {
        if !self.is_done() {
            let (errors, gradient) = self.errors()?;
            self.keep_best(&errors);
            self.descend(&gradient);
        }
        Ok(self.progress())
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> SearchProgress {
        SearchProgress {
            step: self.best.error_history.len(),
            steps: self.config.steps,
            squared_error: self.best.squared_error,
        }
    }

    /// The best latent so far: the origin before the first step.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.best
    }

    /// The error of each start, and the gradient of its objective by its latent, row after row.
    fn errors(&self) -> Result<(Vec<f32>, Vec<f32>), GanError> {
        let (starts, dims) = (self.config.starts, self.generator.latent_dim());
        let latents = TensorData::new(self.latents.clone(), [starts, dims]);
        let latents = Tensor::<2>::from_data(latents, &self.target.device()).require_grad();
        let images = self.generator.draw(latents.clone(), self.classes.clone());
        let sizes = latents.clone().powi_scalar(2).mean_dim(1);
        // Each start has its own latent, so that the gradient of the sum holds the gradient of each.
        let objective =
            (self.target.error_of(images.clone()) + sizes * self.config.prior_weight).sum();
        let errors = self.target.error_of(images.clamp(0.0, 1.0));
        let gradient = latents.grad(&objective.backward()).map(floats);
        let errors = floats(errors);
        let gradient = gradient.filter(|gradient| gradient.iter().all(|value| value.is_finite()));
        match gradient {
            Some(gradient) if errors.iter().all(|error| error.is_finite()) => {
                Ok((errors, gradient))
            }
            _ => Err(GanError::NotFinite("generator's output")),
        }
    }

    fn keep_best(&mut self, errors: &[f32]) {
        let dims = self.generator.latent_dim();
        for (latent, error) in self.latents.chunks(dims).zip(errors) {
            if *error < self.best.squared_error {
                self.best.squared_error = *error;
                self.best.latent = latent.to_vec();
            }
        }
        self.best.error_history.push(self.best.squared_error);
    }

    /// A step of Adam.
    fn descend(&mut self, gradient: &[f32]) {
        let taken = self.best.error_history.len();
        let left = 1.0 - (taken - 1) as f64 / self.config.steps as f64;
        let rate = (self.config.learning_rate * left) as f32;
        let [of_mean, of_square] = BETAS.map(|beta| 1.0 - beta.powi(taken as i32));
        let [means, squares] = &mut self.moments;
        let moments = means.iter_mut().zip(squares);
        for ((latent, (mean, square)), g) in self.latents.iter_mut().zip(moments).zip(gradient) {
            *mean = BETAS[0] * *mean + (1.0 - BETAS[0]) * g;
            *square = BETAS[1] * *square + (1.0 - BETAS[1]) * g * g;
            *latent -= rate * (*mean / of_mean) / ((*square / of_square).sqrt() + EPSILON);
        }
    }
}

/// Searches to the end, or until `watch`, which is called after every step, says stop. What was found by then is returned in
/// any case.
///
/// # Errors
/// As [`Search::new`] and [`Search::step`].
pub fn find(
    generator: &Generator,
    image: &Image,
    class: Option<ClassId>,
    config: &SearchConfig,
    watch: &mut dyn FnMut(SearchProgress) -> ControlFlow<()>,
) -> Result<Found, GanError> {
    let mut search = Search::new(generator, image, class, config)?;
    while !search.is_done() {
        let progress = search.step()?;
        if watch(progress).is_break() {
            break;
        }
    }
    Ok(search.best)
}

fn check(
    generator: &Generator,
    image: &Image,
    class: Option<ClassId>,
    config: &SearchConfig,
) -> Result<(), GanError> {
    let [found, expected] = [image.shape(), generator.shape];
    if found != expected {
        return Err(GanError::Shape { found, expected });
    }
    for (field, value) in [("starts", config.starts), ("steps", config.steps)] {
        if value == 0 {
            return Err(GanError::config(field, &value, "it must be at least 1"));
        }
    }
    let rates = [
        ("learning_rate", config.learning_rate),
        ("prior_weight", config.prior_weight),
    ];
    for (field, value) in rates {
        if !(value.is_finite() && value >= 0.0) {
            let rule = "it must be 0 or a positive number";
            return Err(GanError::config(field, &value, rule));
        }
    }
    let classes = generator.classes();
    match class {
        Some(class) if class.index() >= classes => {
            let rule = format!("the generator has {classes} classes");
            Err(GanError::config("class", &class, rule))
        }
        _ => Ok(()),
    }
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
