//! What the head of a joint model says of images: of real ones, and of those that its own decoder drew, which it was trained
//! together with.

use burn::tensor::Tensor;
use classifier::Prediction;
use datasets::{ClassId, LabelledImages, image_tensor};
use studio::{Figure, finite};
use vae_core::Vae;

use crate::anchored::SEED;
use crate::interval::mean_interval;
use crate::judge::{CHUNK, Judged, images_of};
use crate::run::Run;
use crate::{EvaluationError, Needs, anchored, measures};

/// The head on real test images.
pub(crate) fn accuracy(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let classes = run.studio.manifest().dataset.classes();
    let said = of_images(run, run.studio.vae()?, &run.data.test)?;
    Ok(vec![said.agreement(measures::HEAD_ACCURACY, classes)])
}

/// The head on class-anchored samples, against the judge that agrees with their classes more often.
pub(crate) fn self_flattery(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let a_class = anchored::samples_a_class(run.judge()?.classes());
    let drawn = anchored::samples(run, 1.0, a_class);
    let (judge, (second_judge, sha256)) = (run.judge()?, run.second_judge()?);
    let [mut own, mut first, mut second] = std::array::from_fn(|_| Judged::default());
    for chunk in drawn.chunks(CHUNK) {
        let images = images_of(run, chunk)?;
        let classes: Vec<ClassId> = chunk.iter().map(|drawn| drawn.class).collect();
        first.add(judge, images.clone(), &classes)?;
        second.add(second_judge, images.clone(), &classes)?;
        own.predictions
            .extend(opinions(run, run.studio.vae()?, images)?);
        own.classes.extend(classes);
        run.tick(chunk.len())?;
    }
    let better = if second.hits() > first.hits() {
        &second
    } else {
        &first
    };
    let pairs = own.is_right().zip(better.is_right());
    let differences: Vec<f64> = pairs
        .map(|(own, judged)| f64::from(u8::from(own)) - f64::from(u8::from(judged)))
        .collect();
    let (gap, low, high) = mean_interval(&differences);
    let n = drawn.len();
    let percent = |said: &Judged| 100.0 * said.hits() as f64 / n.max(1) as f64;
    let settings = format!(
        "{a_class} samples a class; the head takes {:.2} % for their class, the classifier {:.2} % and the second judge {:.2} %",
        percent(&own),
        percent(&first),
        percent(&second)
    );
    Ok(vec![Figure {
        low: Some(low),
        high: Some(high),
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        protocol: measures::SELF_FLATTERY.protocol_with(&settings),
        second_judge: Some(sha256),
        ..measures::SELF_FLATTERY.figure(gap, n)
    }])
}

/// What the head of a joint model says of labelled images.
pub(crate) fn of_images(
    run: &mut Run<'_>,
    vae: &Vae,
    images: &LabelledImages,
) -> Result<Judged, EvaluationError> {
    let mut said = Judged::default();
    let all: Vec<usize> = (0..images.len()).collect();
    for chunk in all.chunks(CHUNK) {
        let classes: Vec<ClassId> = chunk.iter().filter_map(|&i| images.label(i)).collect();
        let batch = image_tensor(images, chunk, run.studio.device())?;
        said.predictions.extend(opinions(run, vae, batch)?);
        said.classes.extend(classes);
        run.tick(chunk.len())?;
    }
    Ok(said)
}

/// The head's opinion about images, `[n, channels, height, width]`, by the means of their posteriors.
fn opinions(
    run: &Run<'_>,
    vae: &Vae,
    images: Tensor<4>,
) -> Result<Vec<Prediction>, EvaluationError> {
    let logits = vae.class_logits(vae.encode(images).mean);
    let logits = logits.ok_or(EvaluationError::Absent {
        name: run.figure,
        reason: Needs::Head.missing(),
    })?;
    let [_, classes] = logits.dims();
    let logits = finite(logits, "head")?;
    let opinion = |row: &[f32]| Prediction::from_logits(row, 1.0);
    Ok(logits.chunks(classes).map(opinion).collect())
}
