//! What the head of a joint model says of images: of real ones, and of those that its own decoder drew, which it was trained
//! together with.

use burn::tensor::Tensor;
use classifier::Prediction;
use datasets::{ClassId, LabelledImages, image_tensor};
use studio::{Figure, finite};
use vae_core::Vae;

use crate::anchored::SEED;
use crate::interval::mean_interval;
use crate::judge::{CHUNK, Drawn, generated_images};
use crate::run::Run;
use crate::{EvaluationError, Needs, anchored, measures, wilson};

/// The head on real test images.
pub(crate) fn accuracy(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let n = run.data.test.len();
    let wrong = errors(run, run.studio.vae(), &run.data.test)?;
    let hits = n - wrong;
    let (low, high) = wilson(hits, n);
    Ok(vec![Figure {
        low: Some(low),
        high: Some(high),
        ..measures::HEAD_ACCURACY.figure(hits as f64 / n.max(1) as f64, n)
    }])
}

/// The head on class-anchored samples, against the judge that likes them better.
pub(crate) fn self_flattery(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let a_class = anchored::samples_a_class(run.judge()?.classes());
    let drawn = anchored::samples(run, 1.0, a_class);
    let own = hits_of_head(run, &drawn)?;
    let first = generated_images(run, run.judge()?, &drawn)?;
    let (judge, sha256) = run.second_judge()?;
    let second = generated_images(run, judge, &drawn)?;
    let better = if second.hits() > first.hits() {
        &second
    } else {
        &first
    };
    let pairs = own.iter().zip(&better.classes).zip(&better.predictions);
    let differences: Vec<f64> = pairs
        .map(|((own, class), judged)| share(*own) - share(judged.class == *class))
        .collect();
    let (gap, low, high) = mean_interval(&differences);
    let n = drawn.len();
    let percent = |hits: usize| 100.0 * hits as f64 / n.max(1) as f64;
    let settings = format!(
        "{a_class} samples a class; the head takes {:.2} % for their class, the classifier {:.2} % and the second judge {:.2} %",
        percent(own.iter().filter(|hit| **hit).count()),
        percent(first.hits()),
        percent(second.hits())
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

fn share(hit: bool) -> f64 {
    f64::from(u8::from(hit))
}

/// Whether the model's own head takes each of some decoded latents for its class.
fn hits_of_head(run: &mut Run<'_>, drawn: &[Drawn]) -> Result<Vec<bool>, EvaluationError> {
    let (studio, mut hits) = (run.studio, Vec::with_capacity(drawn.len()));
    for chunk in drawn.chunks(CHUNK) {
        let latents: Vec<Vec<f32>> = chunk.iter().map(|drawn| drawn.latent.clone()).collect();
        let images = studio.vae().decode(studio.latents(&latents)?);
        let found = classes_found(run, studio.vae(), images)?;
        hits.extend(
            found
                .iter()
                .zip(chunk)
                .map(|(found, drawn)| *found == drawn.class),
        );
        run.tick(chunk.len())?;
    }
    Ok(hits)
}

/// How many images the head of a joint model takes for another class than their label.
pub(crate) fn errors(
    run: &mut Run<'_>,
    vae: &Vae,
    images: &LabelledImages,
) -> Result<usize, EvaluationError> {
    let all: Vec<usize> = (0..images.len()).collect();
    let mut wrong = 0;
    for chunk in all.chunks(CHUNK) {
        let batch = image_tensor(images, chunk, run.studio.device());
        let found = classes_found(run, vae, batch)?.into_iter().zip(chunk);
        wrong += found
            .filter(|(found, i)| Some(*found) != images.label(**i))
            .count();
        run.tick(chunk.len())?;
    }
    Ok(wrong)
}

/// What the head of a joint model takes images for, `[n, channels, height, width]`.
fn classes_found(
    run: &Run<'_>,
    vae: &Vae,
    images: Tensor<4>,
) -> Result<Vec<ClassId>, EvaluationError> {
    let logits = vae.class_logits(vae.encode(images).mean);
    let logits = logits.ok_or(EvaluationError::Absent {
        name: run.figure,
        reason: Needs::Head.missing(),
    })?;
    let [_, classes] = logits.dims();
    let logits = finite(logits, "head")?;
    let class = |row: &[f32]| Prediction::from_logits(row, 1.0).class;
    Ok(logits.chunks(classes).map(class).collect())
}
