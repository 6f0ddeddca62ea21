//! Whether the heatmaps name the pixels that the prediction depends on.

mod randomised;

use burn::tensor::{Device, Tensor, TensorData};
use classifier::{LAST_LAYER, ResNet18};
use datasets::{ImageShape, Layer, image_tensor};
use explain::faithfulness::{
    Curves, centred_gaussian_ranking, deletion_insertion, intensity_ranking, random_ranking,
};
use explain::{Heatmap, Method, Score};
use studio::{Detail, FaithfulnessCurves, Figure, StudioError, finite, raw_maps};

use crate::interval::mean_interval;
use crate::judge::CHUNK;
use crate::run::Run;
use crate::{EvaluationError, Measure, measures};

/// Test images that are explained, if there are so many.
const IMAGES: usize = 500;
/// Steps from no pixel to all: seven for each quarter of the pixels.
const STEPS: usize = 4 * 7;
/// What each channel of a removed pixel becomes.
const BLANK: f32 = 0.0;
/// Orders that need no map: random, a centred Gaussian, the image's intensities.
const BASELINES: usize = 3;

/// A method at a layer, and the figure that says how faithful it is.
struct Measured {
    measure: Measure,
    method: Method,
    layer: Layer,
}

impl Measured {
    fn in_words(&self, network: &ResNet18) -> String {
        format!("{} at {}", self.method, network.layer_name(self.layer))
    }
}

/// A map before the `ReLU`, row by row.
struct RawMap {
    height: usize,
    width: usize,
    values: Vec<f32>,
}

/// The recommended one first: chosen on held-out training images, where it beat the centred Gaussian on both data sets and,
/// unlike others that did, followed the network's weights.
const METHODS: [Measured; 5] = [
    Measured {
        measure: measures::CAM_INSERTION_DELETION,
        method: Method::Pixels,
        layer: LAST_LAYER,
    },
    Measured {
        measure: measures::CAM_INSERTION_DELETION_GRAD_CAM,
        method: Method::GradCam,
        layer: LAST_LAYER,
    },
    Measured {
        measure: measures::CAM_INSERTION_DELETION_GRAD_CAM_PLUS_PLUS,
        method: Method::GradCamPlusPlus,
        layer: LAST_LAYER,
    },
    Measured {
        measure: measures::CAM_INSERTION_DELETION_LAYER_CAM,
        method: Method::LayerCam,
        layer: Layer(2),
    },
    Measured {
        measure: measures::CAM_INSERTION_DELETION_FUSED,
        method: Method::Fused,
        layer: Layer(1),
    },
];

pub(crate) fn images(data: &datasets::Splits) -> usize {
    let explained = data.test.len().min(IMAGES);
    let scored = (METHODS.len() + BASELINES) * 2 * (STEPS + 1);
    explained * (1 + METHODS.len() + scored) + randomised::images(explained)
}

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (explained, shape) = (explained(run)?, run.studio.shape());
    let mut figures = Vec::new();
    let mut recommended = Vec::new();
    for (index, measured) in METHODS.iter().enumerate() {
        let network = &run.judge()?.network;
        let maps = maps(run, network, &explained, measured)?;
        let rankings: Vec<Vec<f32>> = maps
            .iter()
            .map(|map| over_image(map, shape))
            .collect::<Result<_, _>>()?;
        let what = measured.in_words(network);
        let ranking = |i: usize| rankings[i].clone();
        figures.push(curves(run, &explained, measured.measure, &what, ranking)?);
        if index == 0 {
            recommended = maps.into_iter().map(|map| map.values).collect();
        }
    }
    let gaussian = centred_gaussian_ranking(shape.height(), shape.width());
    let random = |i: usize| random_ranking(shape.pixels(), i as u64);
    figures.push(curves(
        run,
        &explained,
        measures::CAM_RANDOM,
        "a ranking an image",
        random,
    )?);
    let blob = |_| gaussian.clone();
    figures.push(curves(
        run,
        &explained,
        measures::CAM_GAUSSIAN,
        "one ranking",
        blob,
    )?);
    let intensity = |i: usize| intensity_ranking(&explained[i].pixels, shape.channels());
    figures.push(curves(
        run,
        &explained,
        measures::CAM_INTENSITY,
        "the brightest first",
        intensity,
    )?);
    figures.extend(randomised::measure(run, &explained, &recommended)?);
    Ok(figures)
}

/// An image and its predicted class, which is explained.
struct Explained {
    pixels: Vec<f32>,
    class: usize,
}

fn explained(run: &mut Run<'_>) -> Result<Vec<Explained>, EvaluationError> {
    let test = &run.data.test;
    let all: Vec<usize> = (0..test.len().min(IMAGES)).collect();
    let mut found = Vec::new();
    for chunk in all.chunks(CHUNK) {
        let pixels = finite(image_tensor(test, chunk, &Device::flex())?, "images")?;
        let logits = run.studio.logits(&pixels)?;
        let judge = run.judge()?;
        let rows = logits.chunks(judge.classes());
        for (pixels, row) in pixels.chunks(test.shape().values()).zip(rows) {
            found.push(Explained {
                pixels: pixels.to_vec(),
                class: judge.predict(row).class.index(),
            });
        }
        run.tick(chunk.len())?;
    }
    Ok(found)
}

/// Each image's raw evidence map, before the `ReLU`, by a network that need not be the studio's own.
fn maps(
    run: &mut Run<'_>,
    network: &ResNet18,
    explained: &[Explained],
    measured: &Measured,
) -> Result<Vec<RawMap>, EvaluationError> {
    let mut maps = Vec::new();
    for chunk in explained.chunks(CHUNK) {
        let pixels: Vec<f32> = chunk.iter().flat_map(|i| i.pixels.clone()).collect();
        let data = TensorData::new(pixels, run.studio.shape().batch(chunk.len()));
        let images = Tensor::<4>::from_data(data, run.studio.device());
        let found = raw_maps(
            network,
            measured.method,
            studio::Explained {
                features: network.features_at(images.clone(), measured.layer),
                images,
                layer: measured.layer,
                scores: chunk.iter().map(|i| Score::from(i.class)).collect(),
            },
        );
        let [_, height, width] = found.dims();
        let values = finite(found, "heatmap")?;
        let rows = values.chunks(height * width);
        maps.extend(rows.map(|values| RawMap {
            height,
            width,
            values: values.to_vec(),
        }));
        run.tick(chunk.len())?;
    }
    Ok(maps)
}

/// A map as the window shows it: cut off below 0, at the image's size.
fn over_image(map: &RawMap, shape: ImageShape) -> Result<Vec<f32>, EvaluationError> {
    let map = Heatmap::from_raw(map.height, map.width, &map.values).map_err(StudioError::from)?;
    Ok(map.over_image(shape, 1).values)
}

fn curves(
    run: &mut Run<'_>,
    explained: &[Explained],
    measure: Measure,
    what: &str,
    ranking: impl Fn(usize) -> Vec<f32>,
) -> Result<Figure, EvaluationError> {
    let blank = vec![BLANK; run.studio.shape().channels()];
    let mut found = Vec::new();
    for (i, image) in explained.iter().enumerate() {
        let score = |images: &[Vec<f32>]| scores(run, images, image.class);
        found.push(deletion_insertion(
            &image.pixels,
            &ranking(i),
            &blank,
            STEPS,
            score,
        )?);
    }
    let differences: Vec<f64> = found
        .iter()
        .map(|curves| f64::from(curves.insertion_minus_deletion()))
        .collect();
    let (value, low, high) = mean_interval(&differences);
    let images = explained.len();
    let settings =
        format!("{what}; {STEPS} steps, blank pixels {BLANK}, first {images} test images");
    Ok(Figure {
        low: Some(low),
        high: Some(high),
        protocol: measure.protocol_with(&settings),
        detail: mean_curves(&found),
        ..measure.figure(value, images)
    })
}

/// The mean over images at each step.
fn mean_curves(found: &[Curves]) -> Detail {
    let Some(first) = found.first() else {
        return Detail::None;
    };
    let mean = |of: fn(&Curves) -> &[f32]| -> Vec<f64> {
        (0..first.fractions.len())
            .map(|step| {
                let at_step = found.iter().map(|curves| f64::from(of(curves)[step]));
                at_step.sum::<f64>() / found.len() as f64
            })
            .collect()
    };
    Detail::Faithfulness(FaithfulnessCurves {
        fractions: mean(|curves| &curves.fractions),
        insertion: mean(|curves| &curves.insertion),
        deletion: mean(|curves| &curves.deletion),
    })
}

/// The calibrated probability of a class for each image.
fn scores(
    run: &mut Run<'_>,
    images: &[Vec<f32>],
    class: usize,
) -> Result<Vec<f32>, EvaluationError> {
    let judge = run.judge()?;
    let logits = run.studio.logits(&images.concat())?;
    run.tick(images.len())?;
    Ok(logits
        .chunks(judge.classes())
        .map(|row| judge.predict(row).probabilities[class])
        .collect())
}
