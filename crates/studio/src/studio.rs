//! An opened model, and what can be asked of it.

use std::ops::Range;
use std::time::Instant;

use burn::tensor::{Device, Tensor};
use classifier::STAGES;
use datasets::{ClassId, Image, ImageShape, LabelledImages};
use explain::{Heatmap, heatmaps, pooled_linear_cam};
use latent_space::drift;
use vae_core::Vae;

use crate::explanation::{Explained, distinct, has_closed_form, raw_maps, scores};
use crate::judge::Chosen;
use crate::networks::{Judged, Networks};
use crate::{
    Bundle, Effects, EffectsRequest, EncodeManyRequest, EncodeRequest, Encoded, FileRole, Frame,
    FrameRequest, Gallery, GalleryRequest, Generator, Judge, LiveFrame, Manifest, ModelSource,
    Realistic, ReconstructRequest, Reconstruction, StudioError, Timings, VaePart, Verdict,
};

/// Images decoded and classified at a time: large enough for full speed, small enough to keep memory low.
const CHUNK: usize = 64;

/// An opened model: a generator, the explanations, and the classifier that judges its images if there is one.
#[derive(Debug)]
pub struct Studio {
    name: String,
    manifest: Manifest,
    sha256: String,
    networks: Networks,
    vae_part: VaePart,
    sample: Option<LabelledImages>,
}

impl Studio {
    /// Opens a bundle on a device. Its images are judged by its own classifier, if it has one.
    ///
    /// # Errors
    /// [`StudioError`] if the bundle is damaged or has no VAE.
    pub fn open(source: &ModelSource, device: &Device) -> Result<Self, StudioError> {
        Self::open_judged(source, None, device)
    }

    /// As [`open`](Self::open), with the classifier of another model as the judge if one is chosen.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`StudioError::Judge`] if that classifier is for other images or other classes.
    pub fn open_judged(
        source: &ModelSource,
        judge: Option<&ModelSource>,
        device: &Device,
    ) -> Result<Self, StudioError> {
        let Bundle {
            mut manifest,
            vae,
            classifier,
            sample,
        } = Bundle::open(source, device)?;
        let missing = |part| StudioError::MissingPart {
            model: source.to_string(),
            part,
        };
        let vae = vae.ok_or_else(|| missing("vae"))?;
        let vae_part = manifest.vae.clone().ok_or_else(|| missing("vae"))?;
        let judge = if let Some(chosen) = judge.filter(|chosen| *chosen != source) {
            let Chosen { judge, record } = Chosen::open(chosen, source, &manifest, device)?;
            manifest.classifier = Some(judge.part.clone());
            manifest.judge = Some(chosen.clone());
            let record = record.map(|record| (FileRole::Classifier, record));
            manifest.files.extend(record);
            Some(judge)
        } else {
            let own = classifier.zip(manifest.classifier.clone());
            own.map(|(network, part)| Judge {
                network,
                part,
                class_names: manifest.dataset.class_names.clone(),
            })
        };
        Ok(Self {
            name: source.short_name(),
            sha256: manifest.model_sha256(),
            manifest,
            networks: Networks::new(Generator::Vae(vae), judge, device),
            vae_part,
            sample,
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

    /// The shape of its images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.manifest.dataset.shape
    }

    /// A few images of its data set, if it carries any.
    #[must_use]
    pub fn sample(&self) -> Option<&LabelledImages> {
        self.sample.as_ref()
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

    /// What makes the images.
    #[must_use]
    pub fn generator(&self) -> &Generator {
        &self.networks.generator
    }

    /// The VAE.
    #[must_use]
    pub fn vae(&self) -> &Vae {
        self.networks.vae()
    }

    /// The classifier that judges the images, if there is one.
    #[must_use]
    pub fn judge(&self) -> Option<&Judge> {
        self.networks.judge.as_ref()
    }

    /// The classifier that judges the images, for something that needs one.
    ///
    /// # Errors
    /// [`StudioError::NoJudge`] if there is none.
    pub fn judge_for(&self, asked: &'static str) -> Result<&Judge, StudioError> {
        self.judge().ok_or_else(|| StudioError::NoJudge {
            model: self.name.clone(),
            asked,
        })
    }

    /// The logits of images, `[n, channels, height, width]` in `[0, 1]`, one row after the other.
    ///
    /// # Errors
    /// [`StudioError::NoJudge`] without a classifier, [`StudioError::NotFinite`] if it overflows on them.
    pub fn logits(&self, pixels: &[f32]) -> Result<Vec<f32>, StudioError> {
        self.networks.classify(self.judge_for("a logit")?, pixels)
    }

    /// The images of some latents, `[n, channels, height, width]` in `[0, 1]`.
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
    /// [`StudioError::Request`] if latent, layer or target do not fit the model, [`StudioError::NotFinite`] if the
    /// networks overflow on them.
    pub fn frame(&self, request: &FrameRequest) -> Result<Frame, StudioError> {
        self.check_frame(request)?;
        let computed = self.networks.frame(&request.latent, request.layer)?;
        let start = Instant::now();
        let verdict = match (self.judge(), computed.judged) {
            (Some(judge), Some(judged)) => {
                Some(self.verdict(judge, request, &computed.pixels, judged)?)
            }
            _ => None,
        };
        Ok(Frame {
            image: self.image(computed.pixels)?,
            verdict,
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
        LiveFrame::compute(&self.networks, request)
    }

    /// The opinion about an image, the heatmap of the predicted class, and that of the target if there is one.
    fn verdict(
        &self,
        judge: &Judge,
        request: &FrameRequest,
        pixels: &[f32],
        judged: Judged,
    ) -> Result<Verdict, StudioError> {
        let prediction = judge.predict(&judged.logits);
        let network = &judge.network;
        let wanted = scores(&prediction, request);
        let closed_form = has_closed_form(request);
        let (distinct, rows) = distinct(wanted.clone());
        let raw = if closed_form {
            // [1, classes, h, w], all classes at once
            pooled_linear_cam(judged.features, network.fc.weight.val())
        } else {
            let count = distinct.len();
            let explained = Explained {
                images: self.networks.images(pixels).repeat_dim(0, count),
                features: judged.features.repeat_dim(0, count),
                layer: request.layer,
                scores: distinct,
            };
            raw_maps(network, request.method, explained).unsqueeze_dim::<4>(0) // [1, count, h, w]
        };
        let mut all = heatmaps(raw).map_err(|e| StudioError::NotFinite(e.to_string()))?;
        let all = all.pop().unwrap_or_default();
        let mut maps: Vec<Heatmap> = if closed_form {
            let of = |score: &explain::Score| all[score.class].clone();
            wanted.iter().map(of).collect()
        } else {
            rows.into_iter().map(|row| all[row].clone()).collect()
        };
        let target_map = (maps.len() > 1).then(|| maps.remove(1));
        let predicted_map = maps.pop().ok_or_else(|| not_finite("heatmap"))?;
        Ok(Verdict {
            prediction,
            predicted_map,
            target_map,
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
        let predictions = self.judge().zip(logits).map(|(judge, logits)| {
            let rows = logits.chunks(judge.classes());
            rows.map(|row| judge.predict(row)).collect()
        });
        Ok(Gallery {
            images: pixels
                .chunks(self.shape().values())
                .map(|pixels| self.image(pixels.to_vec()))
                .collect::<Result<_, _>>()?,
            predictions: predictions.unwrap_or_default(),
        })
    }

    /// Finds an image in latent space.
    ///
    /// # Errors
    /// [`StudioError::Request`] if the image has another shape than the model's.
    pub fn encode(&self, request: &EncodeRequest) -> Result<Encoded, StudioError> {
        self.check_image(&request.image)?;
        let (mean, log_var) = self.networks.encode(request.image.values())?;
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
    pub(crate) fn encode_means(&self, images: &[Image]) -> Result<Vec<Vec<f32>>, StudioError> {
        images
            .iter()
            .try_for_each(|image| self.check_image(image))?;
        let values: Vec<&[f32]> = images.iter().map(Image::values).collect();
        self.networks.encode_means(&values.concat())
    }

    /// Encodes an image and decodes the mean of its posterior, which is classified and explained as any other latent.
    ///
    /// # Errors
    /// As [`encode`](Self::encode) and [`frame`](Self::frame).
    pub fn reconstruct(&self, request: &ReconstructRequest) -> Result<Reconstruction, StudioError> {
        let image = &request.image;
        let encoded = self.encode(&EncodeRequest {
            image: image.clone(),
        })?;
        let frame = self.frame(&FrameRequest {
            latent: encoded.mean.clone(),
            target: None,
            layer: request.layer,
            method: request.method,
            contrast: request.contrast,
        })?;
        let squares = image.values().iter().zip(frame.image.values());
        let sum: f64 = squares.map(|(x, y)| f64::from(x - y).powi(2)).sum();
        Ok(Reconstruction {
            encoded,
            squared_error: (sum / self.shape().values() as f64) as f32,
            frame,
        })
    }

    /// How usual a latent is: `None` if the bundle does not say what is usual.
    ///
    /// # Errors
    /// As [`frame`](Self::frame).
    pub fn realism(&self, latent: &[f32]) -> Result<Option<Realistic>, StudioError> {
        self.check_latents(&[latent.to_vec()])?;
        let space = &self.vae_part.latent;
        let Some(usual) = &space.realism else {
            return Ok(None);
        };
        let log_density = space.regions.log_density(latent) as f32;
        let (again, _) = self.networks.encode(&self.networks.decode(latent, 1)?)?;
        let drift_sigmas = drift(latent, &again, &space.statistics);
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
        let std = &self.vae_part.latent.statistics.std;
        let stepped = |dim: usize, sign: f32| {
            let mut latent = request.latent.clone();
            latent[dim] += sign * request.step_sigmas * std[dim];
            latent
        };
        let both: Vec<Vec<f32>> = dims
            .flat_map(|dim| [stepped(dim, 1.0), stepped(dim, -1.0)])
            .collect();
        let pixels = self.networks.decode(&both.concat(), both.len())?;
        let values = self.shape().values();
        let pairs = pixels.chunks_exact(2 * values).map(|pair| {
            let (up, down) = pair.split_at(values);
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

    fn image(&self, pixels: Vec<f32>) -> Result<Image, StudioError> {
        Ok(Image::new(self.shape(), pixels)?)
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
        if request.layer.index() >= STAGES {
            return Err(StudioError::Request(format!(
                "there is no layer {}: the classifier has {STAGES}, counted from 0",
                request.layer.index()
            )));
        }
        request
            .target
            .map_or(Ok(()), |target| self.check_target(target))
    }

    fn check_image(&self, image: &Image) -> Result<(), StudioError> {
        let (found, expected) = (image.shape(), self.shape());
        if found == expected {
            return Ok(());
        }
        Err(StudioError::Request(format!(
            "the image is {found} (channels, height, width), and the model's are {expected}"
        )))
    }

    /// Whether images have this class, so that there is a region of it.
    pub(crate) fn check_class(&self, class: ClassId) -> Result<(), StudioError> {
        Self::check_among(class, self.manifest.dataset.classes())
    }

    /// Whether the judge may be asked about this class: its own may be others where images have none.
    fn check_target(&self, class: ClassId) -> Result<(), StudioError> {
        let classes = self.manifest.dataset.classes();
        Self::check_among(class, self.judge().map_or(classes, Judge::classes))
    }

    fn check_among(class: ClassId, classes: usize) -> Result<(), StudioError> {
        if class.index() < classes {
            return Ok(());
        }
        Err(StudioError::Request(if classes == 0 {
            format!("there is no class {class}: the model's images have no classes")
        } else {
            format!("there is no class {class}: the model knows {classes}, counted from 0")
        }))
    }
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
