//! The classification accuracy score (Ravuri and Vinyals 2019): what a classifier learns from generated images alone.

use classifier::{ClassifierConfig, ResNet18, TrainConfig, classify};
use datasets::Seed;
use datasets::{ClassId, LabelledImages, Splits};
use studio::{Figure, finite};
use training::{Event, Fit};

use crate::anchored::class_samples;
use crate::interval::mean_interval;
use crate::judge::{CHUNK, images_of};
use crate::run::Run;
use crate::{EvaluationError, Measure, measures, wilson};

/// Width of the small classifier and passes over its training images.
const WIDTH: usize = 8;
const EPOCHS: usize = 3;
/// Draws the generated images. The one of the class regions' other figures is 0.
const SEED: Seed = Seed(1);

pub(crate) fn images(data: &Splits) -> usize {
    let real = data.train.len() + data.held_out.len();
    real + 2 * (EPOCHS * real + data.test.len())
}

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let real = run.data.train.concat(&run.data.held_out)?;
    let generated = generated(run, real.len())?;
    let on_generated = learned(run, &generated)?;
    let on_real = learned(run, &real)?;
    let differences: Vec<f64> = on_real
        .iter()
        .zip(&on_generated)
        .map(|(real, generated)| f64::from(u8::from(*real)) - f64::from(u8::from(*generated)))
        .collect();
    let (gap, low, high) = mean_interval(&differences);
    let classifier = format!(
        "a ResNet-18 of width {WIDTH} after {EPOCHS} epochs with the classifier's standard settings and no augmentation, seed 0"
    );
    let count = generated.len();
    let a_class = count / generated.classes().max(1);
    let images = format!(
        "{classifier}, on {count} generated images alone: {a_class} a class at noise 1.0, drawn with seed {}",
        SEED.0
    );
    let real_images = format!("{classifier}, on {} real images", real.len());
    Ok(vec![
        Figure {
            low: Some(low),
            high: Some(high),
            ..figure(measures::CAS_GAP, gap, differences.len())
        },
        accuracy(measures::CAS_GENERATED, &on_generated, &images),
        accuracy(measures::CAS_REAL, &on_real, &real_images),
    ])
}

/// As many generated images as real ones, equally many of each class, in bytes as the real ones are.
fn generated(run: &mut Run<'_>, count: usize) -> Result<LabelledImages, EvaluationError> {
    let classes = run.studio.manifest().dataset.classes();
    let a_class = (count / classes.max(1)).max(1);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for class in (0..classes).map(|class| ClassId(class as u16)) {
        let samples = class_samples(run.studio, class, 1.0, a_class, SEED);
        for chunk in samples.chunks(CHUNK) {
            let images = finite(images_of(run, chunk)?, "images")?;
            pixels.extend(images.iter().map(|pixel| (pixel * 255.0).round() as u8));
            labels.extend(std::iter::repeat_n(class.0, chunk.len()));
            run.tick(chunk.len())?;
        }
    }
    Ok(LabelledImages::new(
        run.studio.shape(),
        pixels,
        labels,
        classes,
    )?)
}

/// Which test images a small classifier gets right once it was trained on `images`.
fn learned(run: &mut Run<'_>, images: &LabelledImages) -> Result<Vec<bool>, EvaluationError> {
    let config = ClassifierConfig {
        width: WIDTH,
        classes: images.classes(),
        shape: images.shape(),
        ..ClassifierConfig::default()
    };
    let settings = TrainConfig {
        epochs: EPOCHS,
        ..TrainConfig::default()
    };
    let cancel = run.cancel_token();
    let (device, test) = (run.studio.device().clone(), &run.data.test);
    // What is measured after each epoch selects nothing, so one image does; the last epoch counts.
    let held_out = images.subset(&[0]);
    let batch = settings.batch_size;
    let mut watch = |event: Event<'_>| {
        if matches!(event, Event::Step(_)) {
            // Training stops by the same token, at its own safe point.
            let _ = run.tick(batch);
        }
    };
    let fit = Fit {
        checkpoints: None,
        resume: false,
        cancel: &cancel,
        steering: None,
        look: None,
        watch: &mut watch,
    };
    let trained =
        classifier::train::<ResNet18>(&config, &settings, images, &held_out, &device, fit)?;
    let trained = trained.ok_or(EvaluationError::Cancelled)?;
    let logits = classify(&trained.classifier, test)?;
    run.tick(test.len())?;
    let right = logits.iter().enumerate().map(|(i, row)| {
        let predicted = classifier::Prediction::from_logits(row, 1.0).class;
        Some(predicted) == test.label(i)
    });
    Ok(right.collect())
}

fn accuracy(measure: Measure, right: &[bool], settings: &str) -> Figure {
    let hits = right.iter().filter(|right| **right).count();
    let (low, high) = wilson(hits, right.len());
    Figure {
        low: Some(low),
        high: Some(high),
        protocol: measure.protocol_with(settings),
        ..figure(
            measure,
            hits as f64 / right.len().max(1) as f64,
            right.len(),
        )
    }
}

fn figure(measure: Measure, value: f64, n: usize) -> Figure {
    Figure {
        seed: Some(SEED.0),
        ..measure.figure(value, n)
    }
}
