//! A frame whose pictures stay on the device that computed them.
//!
//! A window that draws with the same device binds these buffers where they are. Only what must be known as numbers comes
//! to the host, in one read: the logits, the range of each evidence map, and sums that tell whether all values are finite.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use burn::tensor::Tensor;
use classifier::Prediction;
use datasets::{Image, ImageShape};
use explain::{Heatmap, pooled_linear_cam};

use crate::explanation::{Explained, distinct, has_closed_form, raw_maps, scores};
use crate::judge::opinion;
use crate::networks::{Networks, clamped};
use crate::studio::finite;
use crate::{FrameRequest, Judge, StudioError};

/// What a person sees of one latent, with the pictures on the device. Equal to nothing but its own clones.
#[derive(Debug, Clone)]
pub struct LiveFrame {
    id: u64,
    shape: ImageShape,
    image: Tensor<1>,
    maps: Option<Tensor<1>>,
    /// What a classifier says to it, if one judges this model.
    pub verdict: Option<LiveVerdict>,
    /// As in [`Frame`](crate::Frame).
    pub own_head: Option<Prediction>,
    /// From the request to the numbers on the host, after which the pictures are finished, too. The stages cannot be told
    /// apart without making the device wait between them.
    pub elapsed: Duration,
}

/// What a classifier says to an image, with the evidence on the device.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveVerdict {
    /// The classifier's opinion.
    pub prediction: Prediction,
    /// The evidence for the predicted class.
    pub predicted_map: LiveMap,
    /// The evidence for the target class, if one was asked for.
    pub target_map: Option<LiveMap>,
}

/// Where an evidence map lies in [`LiveFrame::maps`], and its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LiveMap {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Index of the first of its `height * width` values.
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
    /// Decodes, classifies and explains a latent that is known to fit.
    pub(crate) fn compute(
        networks: &Networks,
        request: &FrameRequest,
    ) -> Result<Self, StudioError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let start = Instant::now();
        let shape = networks.shape();
        let image = networks.images_of(&request.latent, &[request.condition], request.sampler); // [1, channels, height, width]
        let pixels = image.clone().reshape([shape.values()]);
        let own_logits = networks.own_logits_of(image.clone()); // [1, classes]
        let judged = if let Some(judge) = &networks.judge {
            Some(judged(judge, image, &pixels, request)?)
        } else {
            finite(pixels.clone().sum(), "image")?;
            None
        };
        let (verdict, maps) = judged.unzip();
        let own_head = own_logits
            .map(|logits| finite(logits, "head"))
            .transpose()?;
        Ok(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            shape,
            image: pixels,
            maps,
            verdict,
            own_head: own_head.as_deref().map(opinion),
            elapsed: start.elapsed(),
        })
    }

    /// The shape of the image.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// The decoded image on its device: its values in `[0, 1]`, `[channels, height, width]`.
    #[must_use]
    pub fn image(&self) -> &Tensor<1> {
        &self.image
    }

    /// The raw evidence maps on their device, one after the other, each row by row; `None` if no classifier judges.
    #[must_use]
    pub fn maps(&self) -> Option<&Tensor<1>> {
        self.maps.as_ref()
    }

    /// Copies the image to the host. Waits for the device.
    ///
    /// # Errors
    /// [`StudioError::NotFinite`] if it holds a value that is no number.
    pub fn to_image(&self) -> Result<Image, StudioError> {
        let pixels = clamped(finite(self.image.clone(), "image")?);
        Ok(Image::new(self.shape, pixels)?)
    }

    /// Copies one of this frame's maps to the host. Waits for the device.
    ///
    /// # Errors
    /// [`StudioError::NotFinite`] if it holds a value that is no number.
    ///
    /// # Panics
    /// If the map is another frame's and lies outside of this one's.
    pub fn heatmap(&self, map: LiveMap) -> Result<Heatmap, StudioError> {
        let maps = self
            .maps
            .clone()
            .expect("a map belongs to a frame with maps");
        let range = map.first..map.first + map.height * map.width;
        let raw = finite(maps.slice([range]), "heatmap")?;
        Ok(Heatmap::from_raw(map.height, map.width, &raw)?)
    }
}

/// The verdict, and all maps one after the other. The sum of the image is read with the numbers, to know that it is finite.
fn judged(
    judge: &Judge,
    image: Tensor<4>,
    pixels: &Tensor<1>,
    request: &FrameRequest,
) -> Result<(LiveVerdict, Tensor<1>), StudioError> {
    let (network, layer) = (&judge.network, request.layer);
    let features = network.features_at(image.clone(), layer);
    let logits = network.head_at(features.clone(), layer); // [1, classes]
    let classes = judge.classes();
    let numbers = [logits.reshape([classes]), pixels.clone().sum()];
    let (prediction, maps, range, rows): (_, _, _, Vec<usize>) = if has_closed_form(request) {
        let maps = pooled_linear_cam(features, network.fc.weight.val()); // [1, classes, h, w]
        let [logits, sum] = numbers;
        let read = read([logits, ranges(&maps), sum], classes)?;
        let prediction = judge.predict(&read.logits);
        let wanted = scores(&prediction, request);
        let rows = wanted.iter().map(|score| score.class).collect();
        (prediction, maps, read.ranges, rows)
    } else {
        let numbers = finite(Tensor::cat(numbers.into(), 0), "image")?;
        let prediction = judge.predict(&numbers[..classes]);
        let (scores, rows) = distinct(scores(&prediction, request));
        let explained = Explained {
            images: image.repeat_dim(0, scores.len()),
            features: features.repeat_dim(0, scores.len()), // [scores, features, h, w]
            layer,
            scores,
        };
        let maps = raw_maps(network, request.method, explained).unsqueeze_dim::<4>(0);
        let found = finite(ranges(&maps), "heatmap")?;
        (prediction, maps, found, rows)
    };
    let [_, count, height, width] = maps.dims();
    let live_map = |row: &usize| LiveMap {
        height,
        width,
        first: row * height * width,
        raw_max: range[*row],
        raw_min: range[count + row],
    };
    let verdict = LiveVerdict {
        predicted_map: live_map(&rows[0]),
        target_map: rows.get(1).map(live_map),
        prediction,
    };
    Ok((verdict, maps.reshape([count * height * width])))
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

/// The largest value of each map, then the smallest of each, then the sum of each, which is finite only if all are.
///
/// # Shapes
/// - `maps`: `[1, count, height, width]`
/// - output: `[3 * count]`
fn ranges(maps: &Tensor<4>) -> Tensor<1> {
    let [_, count, height, width] = maps.dims();
    let maps: Tensor<2> = maps.clone().reshape([count, height * width]);
    let largest = maps.clone().max_dim(1).reshape([count]);
    let smallest = maps.clone().min_dim(1).reshape([count]);
    let sums = maps.clone().sum_dim(1).reshape([count]);
    Tensor::cat(vec![largest, smallest, sums], 0)
}
