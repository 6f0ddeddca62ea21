use std::ops::Range;
use std::time::Instant;

use burn::tensor::{Device, Tensor};
use classifier::{Prediction, ResNet18};
use datasets::{ClassId, PIXELS};
use explain::{Heatmap, heatmaps, pooled_linear_cam};
use vae_core::{Vae, drift};

use crate::bundle_files::{CLASSIFIER, VAE};
use crate::explanation::{Explained, distinct, has_closed_form, raw_maps, scores};
use crate::networks::Networks;
use crate::{
    Bundle, ClassifierPart, Effects, EffectsRequest, EncodeManyRequest, EncodeRequest, Encoded,
    Frame, FrameRequest, Gallery, GalleryRequest, LiveFrame, Manifest, ModelSource, Realistic,
    ReconstructRequest, Reconstruction, StudioError, Timings, VaePart,
};

/// Images decoded and classified at a time: large enough for full speed, small enough to keep memory low.
const CHUNK: usize = 64;

/// An opened model: a VAE, the classifier that judges it, and the explanations.
#[derive(Debug)]
pub struct Studio {
    name: String,
    manifest: Manifest,
    sha256: String,
    networks: Networks,
    vae_part: VaePart,
    classifier_part: ClassifierPart,
}

impl Studio {
    /// Opens a bundle on a device. A bundle that has only a VAE is judged by the shipped classifier of its data set.
    ///
    /// # Errors
    /// [`StudioError`] if the bundle is damaged or incomplete.
    pub fn open(source: &ModelSource, device: &Device) -> Result<Self, StudioError> {
        let mut bundle = Bundle::open(source, device)?;
        let missing = |part| StudioError::MissingPart {
            model: source.to_string(),
            part,
        };
        if bundle.classifier.is_none()
            && let Some(dataset) = bundle.manifest.known_dataset()
        {
            let judge = Bundle::open(&ModelSource::Shipped(dataset), device)?;
            bundle.classifier = judge.classifier;
            bundle.manifest.classifier = judge.manifest.classifier;
            let sha256 = judge.manifest.files.get(CLASSIFIER).cloned();
            bundle
                .manifest
                .files
                .extend(sha256.map(|sha256| (CLASSIFIER.to_owned(), sha256)));
        }
        let vae = bundle.vae.ok_or_else(|| missing("vae"))?;
        let vae_part = bundle.manifest.vae.clone().ok_or_else(|| missing("vae"))?;
        let classifier = bundle.classifier.ok_or_else(|| missing("classifier"))?;
        let classifier_part = bundle
            .manifest
            .classifier
            .clone()
            .ok_or_else(|| missing("classifier"))?;
        Ok(Self {
            name: source.short_name(),
            sha256: model_sha256(&bundle.manifest),
            manifest: bundle.manifest,
            networks: Networks::new(vae, classifier, device),
            vae_part,
            classifier_part,
        })
    }

    /// What to call the model in a report: a shipped model's name, or the last part of its folder's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the bundle says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The VAE's part of the manifest.
    #[must_use]
    pub fn vae_part(&self) -> &VaePart {
        &self.vae_part
    }

    /// Identifies the weights: the SHA-256 over the SHA-256 of both weight files. A new report does not change it.
    #[must_use]
    pub fn model_sha256(&self) -> &str {
        &self.sha256
    }

    /// The device that the networks live on.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.networks.device
    }

    /// The VAE.
    #[must_use]
    pub fn vae(&self) -> &Vae {
        &self.networks.vae
    }

    /// The classifier.
    #[must_use]
    pub fn classifier(&self) -> &ResNet18 {
        &self.networks.classifier
    }

    /// The classifier's part of the manifest.
    #[must_use]
    pub fn classifier_part(&self) -> &ClassifierPart {
        &self.classifier_part
    }

    /// The calibrated opinion that follows from a row of logits.
    #[must_use]
    pub fn predict(&self, logits: &[f32]) -> Prediction {
        Prediction::from_logits(logits, self.classifier_part.temperature)
    }

    /// The logits of images of 784 pixels in `[0, 1]` each, one row after the other.
    ///
    /// # Errors
    /// [`StudioError::NotFinite`] if the network overflows on them.
    pub fn logits(&self, pixels: &[f32]) -> Result<Vec<f32>, StudioError> {
        self.networks.classify(pixels)
    }

    /// The images of some latents, 784 pixels in `[0, 1]` each, one after the other.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn decode(&self, latents: &[Vec<f32>]) -> Result<Vec<f32>, StudioError> {
        self.check_latents(latents)?;
        self.networks.decode(&latents.concat(), latents.len())
    }

    /// Decodes, classifies and explains one latent.
    ///
    /// # Errors
    /// [`StudioError::Request`] if latent or target do not fit the model, [`StudioError::NotFinite`] if the networks
    /// overflow on them.
    pub fn frame(&self, request: &FrameRequest) -> Result<Frame, StudioError> {
        self.check_frame(request)?;
        let computed = self.networks.frame(&request.latent, request.layer)?;
        let prediction = self.predict(&computed.logits);
        let start = Instant::now();
        let maps = self.explain(request, &prediction, &computed.pixels, computed.features)?;
        let mut maps = maps.into_iter();
        let predicted_map = maps.next().ok_or_else(|| not_finite("heatmap"))?;
        Ok(Frame {
            image: computed.pixels,
            prediction,
            predicted_map,
            target_map: maps.next(),
            timings: Timings {
                decode: computed.decode,
                classify: computed.classify,
                explain: start.elapsed(),
            },
        })
    }

    /// As [`frame`](Self::frame), with the pictures left on the device: for a window that draws with it.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn live_frame(&self, request: &FrameRequest) -> Result<LiveFrame, StudioError> {
        self.check_frame(request)?;
        LiveFrame::compute(&self.networks, request, |logits| self.predict(logits))
    }

    /// The heatmap of the predicted class, and that of the target if there is one.
    fn explain(
        &self,
        request: &FrameRequest,
        prediction: &Prediction,
        pixels: &[f32],
        features: Tensor<4>,
    ) -> Result<Vec<Heatmap>, StudioError> {
        let classifier = &self.networks.classifier;
        let wanted = scores(prediction, request);
        let closed_form = has_closed_form(request);
        let (distinct, rows) = distinct(wanted.clone());
        let raw = if closed_form {
            // [1, classes, h, w], all classes at once
            pooled_linear_cam(features, classifier.fc.weight.val())
        } else {
            let count = distinct.len();
            let explained = Explained {
                images: self.networks.image(pixels).repeat_dim(0, count),
                features: features.repeat_dim(0, count),
                layer: request.layer,
                scores: distinct,
            };
            raw_maps(classifier, request.method, explained).unsqueeze_dim::<4>(0) // [1, count, h, w]
        };
        let mut all = heatmaps(raw).map_err(|e| StudioError::NotFinite(e.to_string()))?;
        let all = all.pop().unwrap_or_default();
        Ok(if closed_form {
            let of = |score: &explain::Score| all[score.class].clone();
            wanted.iter().map(of).collect()
        } else {
            rows.into_iter().map(|row| all[row].clone()).collect()
        })
    }

    /// Decodes and classifies many latents.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn gallery(&self, request: &GalleryRequest) -> Result<Gallery, StudioError> {
        let mut gallery = Gallery {
            images: Vec::new(),
            predictions: Vec::new(),
        };
        for chunk in request.latents.chunks(CHUNK) {
            let part = self.gallery_chunk(chunk)?;
            gallery.images.extend(part.images);
            gallery.predictions.extend(part.predictions);
        }
        Ok(gallery)
    }

    fn gallery_chunk(&self, latents: &[Vec<f32>]) -> Result<Gallery, StudioError> {
        self.check_latents(latents)?;
        let (pixels, logits) = self.networks.gallery(&latents.concat(), latents.len())?;
        Ok(Gallery {
            images: pixels.chunks(PIXELS).map(<[f32]>::to_vec).collect(),
            predictions: logits
                .chunks(self.classifier().classes())
                .map(|row| self.predict(row))
                .collect(),
        })
    }

    /// Finds an image in latent space.
    ///
    /// # Errors
    /// [`StudioError::Request`] unless the image has 784 pixels in `[0, 1]`.
    pub fn encode(&self, request: &EncodeRequest) -> Result<Encoded, StudioError> {
        check_image(&request.pixels)?;
        let (mean, log_var) = self.networks.encode(&request.pixels)?;
        Ok(Encoded { mean, log_var })
    }

    /// Finds many images in latent space: the posterior mean of each, in the order of the request.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_many(&self, request: &EncodeManyRequest) -> Result<Vec<Vec<f32>>, StudioError> {
        let mut means = Vec::with_capacity(request.images.len());
        for chunk in request.images.chunks(CHUNK) {
            means.extend(self.encode_means(chunk)?);
        }
        Ok(means)
    }

    /// The posterior means of some images, encoded in one batch.
    pub(crate) fn encode_means(&self, images: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, StudioError> {
        images.iter().try_for_each(|image| check_image(image))?;
        self.networks.encode_means(&images.concat())
    }

    /// Encodes an image and decodes the mean of its posterior, which is classified and explained as any other latent.
    ///
    /// # Errors
    /// As [`encode`](Self::encode) and [`frame`](Self::frame).
    pub fn reconstruct(&self, request: &ReconstructRequest) -> Result<Reconstruction, StudioError> {
        let pixels = &request.pixels;
        let encoded = self.encode(&EncodeRequest {
            pixels: pixels.clone(),
        })?;
        let frame = self.frame(&FrameRequest {
            latent: encoded.mean.clone(),
            target: None,
            layer: request.layer,
            method: request.method,
            contrast: request.contrast,
        })?;
        let squares = pixels.iter().zip(&frame.image);
        let sum: f64 = squares.map(|(x, y)| f64::from(x - y).powi(2)).sum();
        Ok(Reconstruction {
            encoded,
            squared_error: (sum / PIXELS as f64) as f32,
            frame,
        })
    }

    /// How usual a latent is: `None` if the bundle does not say what is usual.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn realism(&self, latent: &[f32]) -> Result<Option<Realistic>, StudioError> {
        self.check_latents(&[latent.to_vec()])?;
        let VaePart {
            realism,
            regions,
            latent: stats,
            ..
        } = &self.vae_part;
        let Some(usual) = realism else {
            return Ok(None);
        };
        let log_density = regions.log_density(latent) as f32;
        let (again, _) = self.networks.encode(&self.networks.decode(latent, 1)?)?;
        let drift_sigmas = drift(latent, &again, stats);
        Ok(Some(Realistic {
            log_density,
            density_percentile: usual.density_percentile(log_density),
            drift_sigmas,
            drift_percentile: usual.drift_percentile(drift_sigmas),
        }))
    }

    /// What each latent dimension changes around a latent, by central differences.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn effects(&self, request: &EffectsRequest) -> Result<Effects, StudioError> {
        let dims = self.vae_part.latent.dims();
        let mut maps = Vec::new();
        for start in (0..dims).step_by(CHUNK / 2) {
            let end = dims.min(start + CHUNK / 2);
            maps.extend(self.effects_of(request, start..end)?);
        }
        Ok(Effects { maps })
    }

    /// The effect maps of some dimensions, decoded in one batch.
    pub(crate) fn effects_of(
        &self,
        request: &EffectsRequest,
        dims: Range<usize>,
    ) -> Result<Vec<Vec<f32>>, StudioError> {
        self.check_latents(std::slice::from_ref(&request.latent))?;
        let std = &self.vae_part.latent.std;
        let stepped = |dim: usize, sign: f32| {
            let mut latent = request.latent.clone();
            latent[dim] += sign * request.step_sigmas * std[dim];
            latent
        };
        let both: Vec<Vec<f32>> = dims
            .flat_map(|dim| [stepped(dim, 1.0), stepped(dim, -1.0)])
            .collect();
        let pixels = self.networks.decode(&both.concat(), both.len())?;
        let pairs = pixels.chunks_exact(2 * PIXELS).map(|pair| {
            let (up, down) = pair.split_at(PIXELS);
            up.iter().zip(down).map(|(up, down)| up - down).collect()
        });
        Ok(pairs.collect())
    }

    /// Latents as a tensor `[n, latent_dim]`, once they are known to fit.
    ///
    /// # Errors
    /// [`StudioError::Request`] if one does not.
    pub fn latents(&self, latents: &[Vec<f32>]) -> Result<Tensor<2>, StudioError> {
        self.check_latents(latents)?;
        Ok(self.networks.tensor(&latents.concat(), latents.len()))
    }

    fn check_latents(&self, latents: &[Vec<f32>]) -> Result<(), StudioError> {
        let dims = self.vae_part.config.latent_dim;
        for latent in latents {
            if latent.len() != dims {
                return Err(StudioError::Request(format!(
                    "the latent has {} coordinates, and the model {dims}",
                    latent.len()
                )));
            }
            if !latent.iter().all(|v| v.is_finite()) {
                return Err(StudioError::Request(
                    "a coordinate of the latent is not a number".to_owned(),
                ));
            }
        }
        Ok(())
    }

    fn check_frame(&self, request: &FrameRequest) -> Result<(), StudioError> {
        self.check_latents(std::slice::from_ref(&request.latent))?;
        request
            .target
            .map_or(Ok(()), |target| self.check_class(target))
    }

    pub(crate) fn check_class(&self, class: ClassId) -> Result<(), StudioError> {
        if class.index() < self.classifier().classes() {
            return Ok(());
        }
        Err(StudioError::Request(format!(
            "there is no class {class}: the model knows {}",
            self.classifier().classes()
        )))
    }
}

fn check_image(pixels: &[f32]) -> Result<(), StudioError> {
    if pixels.len() == PIXELS && pixels.iter().all(|p| (0.0..=1.0).contains(p)) {
        return Ok(());
    }
    Err(StudioError::Request(format!(
        "an image has 784 pixels from 0 to 1, and this one has {} or others",
        pixels.len()
    )))
}

pub(crate) fn model_sha256(manifest: &Manifest) -> String {
    let digests = [VAE, CLASSIFIER].map(|name| manifest.files.get(name).cloned());
    let digests: String = digests.into_iter().flatten().collect();
    files::sha256_hex(digests.as_bytes())
}

/// The values of a tensor on the host, if all are numbers.
///
/// # Errors
/// [`StudioError::NotFinite`] with `what` if one is not.
pub fn finite<const D: usize>(tensor: Tensor<D>, what: &str) -> Result<Vec<f32>, StudioError> {
    let values: Vec<f32> = tensor.into_data().iter::<f32>().collect();
    if values.iter().all(|v| v.is_finite()) {
        Ok(values)
    } else {
        Err(not_finite(what))
    }
}

fn not_finite(what: &str) -> StudioError {
    StudioError::NotFinite(what.to_owned())
}
