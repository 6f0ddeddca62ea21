//! What a conditional model takes from the class, and what from the latent: images redrawn as every other class.

use datasets::{ClassId, Seed, Splits, image_tensor};
use studio::{Figure, detail_seed, finite};

use crate::judge::{CHUNK, Drawn, generated_images};
use crate::run::Run;
use crate::{EvaluationError, measures};

/// The most test images.
const MOST_IMAGES: usize = 1000;
/// Redrawn images in all, where there are many classes: each leaves a probability for every class in memory.
const IN_ALL: usize = 100_000;

/// What the detail of a refiner follows from.
const SEED: Seed = Seed(0);

/// How many test images are redrawn, each as all of `classes` classes but its own.
fn sources(classes: usize, data: &Splits) -> usize {
    let others = classes.saturating_sub(1).max(1);
    data.test
        .len()
        .min(MOST_IMAGES)
        .min((IN_ALL / others).max(1))
}

/// The images that pass through the networks.
pub(crate) fn images(classes: usize, data: &Splits) -> usize {
    sources(classes, data) * classes.saturating_sub(1)
}

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let classes = run.judge()?.classes();
    let count = sources(classes, run.data);
    let drawn = redrawn(run, count, classes)?;
    let judged = generated_images(run, run.judge()?, &drawn)?;
    let images = format!("first {count} test images");
    Ok(vec![Figure {
        split: "generated".to_owned(),
        protocol: measures::SWAP_AGREEMENT.protocol_with(&images),
        ..judged.agreement(measures::SWAP_AGREEMENT, classes)
    }])
}

/// The posterior mean of each of the first `count` test images, encoded with its own class, and each other class to decode it with.
fn redrawn(run: &Run<'_>, count: usize, classes: usize) -> Result<Vec<Drawn>, EvaluationError> {
    let (vae, test) = (run.studio.vae()?, &run.data.test);
    let mut drawn = Vec::with_capacity(count * classes.saturating_sub(1));
    let all: Vec<usize> = (0..count).collect();
    for chunk in all.chunks(CHUNK) {
        let batch = image_tensor(test, chunk, run.studio.device())?;
        let posterior = vae.encode_as(batch, vae.classes_of(test, chunk));
        let means = finite(posterior.mean, "posterior")?;
        for (&image, mean) in chunk.iter().zip(means.chunks(vae.latent_dim())) {
            let others = (0..classes as u16).map(ClassId);
            let others = others.filter(|class| Some(*class) != test.label(image));
            drawn.extend(others.map(|class| Drawn {
                class,
                condition: Some(class),
                latent: mean.to_vec(),
                // The same for all classes of an image: what changes is the class.
                detail: detail_seed(SEED, ClassId(0), image as u64),
            }));
        }
    }
    Ok(drawn)
}
