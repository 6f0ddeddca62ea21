//! A frame whose pictures stay on the device that computed them.
//!
//! A window that draws with the same device binds these buffers where they are. Only what must be known as numbers comes
//! to the host, in one read: the logits, the range of each evidence map, and sums that tell whether all values are finite.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use burn::tensor::Tensor;
use classifier::Prediction;
use datasets::PIXELS;
use explain::{Heatmap, pooled_linear_cam};

use crate::explanation::{Explained, distinct, has_closed_form, raw_maps, scores};
use crate::networks::Networks;
use crate::studio::finite;
use crate::{FrameRequest, StudioError};

/// What a person sees of one latent, with the pictures on the device. Equal to nothing but its own clones.
#[derive(Debug, Clone)]
pub struct LiveFrame {
    id: u64,
    image: Tensor<1>,
    maps: Tensor<1>,
    /// The classifier's opinion.
    pub prediction: Prediction,
    /// The evidence for the predicted class.
    pub predicted_map: LiveMap,
    /// The evidence for the target class, if one was asked for.
    pub target_map: Option<LiveMap>,
    /// From the request to the numbers on the host, after which the pictures are finished, too. The stages cannot be told
    /// apart without making the device wait between them.
    pub elapsed: Duration,
}

/// Where an evidence map lies in [`LiveFrame::maps`], and its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LiveMap {
    /// Cells a side.
    pub side: usize,
    /// Index of the first of its `side * side` values.
    pub first: usize,
    /// Largest value, in units of the logit.
    pub raw_max: f32,
    /// Smallest value, in units of the logit.
    pub raw_min: f32,
}

impl PartialEq for LiveFrame {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl LiveFrame {
    /// Decodes, classifies and explains a latent that is known to fit. `predict` makes an opinion of logits.
    pub(crate) fn compute(
        networks: &Networks,
        request: &FrameRequest,
        predict: impl Fn(&[f32]) -> Prediction,
    ) -> Result<Self, StudioError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let start = Instant::now();
        let (classifier, layer) = (&networks.classifier, request.layer);
        let image = networks.vae.decode(networks.tensor(&request.latent, 1)); // [1, 1, 28, 28]
        let features = classifier.features_at(image.clone(), layer);
        let logits = classifier.head_at(features.clone(), layer); // [1, classes]
        let classes = logits.dims()[1];
        let pixels = image.clone().reshape([PIXELS]);
        let numbers = [logits.reshape([classes]), pixels.clone().sum()];
        let (prediction, maps, range, rows): (_, _, _, Vec<usize>) = if has_closed_form(request) {
            let maps = flat(pooled_linear_cam(features, classifier.fc.weight.val()));
            let [logits, sum] = numbers;
            let read = read([logits, ranges(&maps), sum], classes)?;
            let prediction = predict(&read.logits);
            let wanted = scores(&prediction, request);
            let rows = wanted.iter().map(|score| score.class).collect();
            (prediction, maps, read.ranges, rows)
        } else {
            let prediction = predict(&finite(Tensor::cat(numbers.into(), 0), "image")?[..classes]);
            let (scores, rows) = distinct(scores(&prediction, request));
            let explained = Explained {
                images: image.repeat_dim(0, scores.len()),
                features: features.repeat_dim(0, scores.len()), // [scores, channels, h, w]
                layer,
                scores,
            };
            let maps = raw_maps(classifier, request.method, explained).unsqueeze_dim::<4>(0);
            let maps = flat(maps);
            let found = finite(ranges(&maps), "heatmap")?;
            (prediction, maps, found, rows)
        };
        let [count, cells] = maps.dims();
        let live_map = |row: &usize| LiveMap {
            side: cells.isqrt(),
            first: row * cells,
            raw_max: range[*row],
            raw_min: range[count + row],
        };
        Ok(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            image: pixels,
            predicted_map: live_map(&rows[0]),
            target_map: rows.get(1).map(live_map),
            maps: maps.reshape([count * cells]),
            prediction,
            elapsed: start.elapsed(),
        })
    }

    /// The decoded image on its device: 784 values in `[0, 1]`, row by row.
    #[must_use]
    pub fn image(&self) -> &Tensor<1> {
        &self.image
    }

    /// The raw evidence maps on their device, one after the other, each row by row.
    #[must_use]
    pub fn maps(&self) -> &Tensor<1> {
        &self.maps
    }

    /// Copies the image to the host: 784 pixels in `[0, 1]`. Waits for the device.
    ///
    /// # Errors
    /// [`StudioError::NotFinite`] if it holds a value that is none.
    pub fn pixels(&self) -> Result<Vec<f32>, StudioError> {
        finite(self.image.clone(), "image")
    }

    /// Copies one of this frame's maps to the host. Waits for the device.
    ///
    /// # Errors
    /// [`StudioError::NotFinite`] if it holds a value that is none.
    ///
    /// # Panics
    /// If the map is another frame's and lies outside of this one's.
    pub fn heatmap(&self, map: LiveMap) -> Result<Heatmap, StudioError> {
        let range = map.first..map.first + map.side * map.side;
        let raw = finite(self.maps.clone().slice([range]), "heatmap")?;
        Heatmap::from_raw(map.side, map.side, &raw)
            .map_err(|e| StudioError::NotFinite(e.to_string()))
    }
}

/// The numbers of a frame at the last stage.
struct Numbers {
    logits: Vec<f32>,
    /// As [`ranges`] puts them.
    ranges: Vec<f32>,
}

fn read(parts: [Tensor<1>; 3], classes: usize) -> Result<Numbers, StudioError> {
    let mut logits = finite(Tensor::cat(parts.into(), 0), "frame")?;
    let ranges = logits.split_off(classes);
    Ok(Numbers { logits, ranges })
}

/// `[1, classes, h, w]` as `[classes, h * w]`.
fn flat(maps: Tensor<4>) -> Tensor<2> {
    let [_, classes, height, width] = maps.dims();
    maps.reshape([classes, height * width])
}

/// The largest value of each map, then the smallest of each, then the sum of each, which is finite only if all are.
fn ranges(maps: &Tensor<2>) -> Tensor<1> {
    let count = maps.dims()[0];
    let largest = maps.clone().max_dim(1).reshape([count]);
    let smallest = maps.clone().min_dim(1).reshape([count]);
    let sums = maps.clone().sum_dim(1).reshape([count]);
    Tensor::cat(vec![largest, smallest, sums], 0)
}
