//! Numbers of a bundle that belong to no network, as `SafeTensors` files: the latent space and the sample.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Read as _, Write as _};

use datasets::{DatasetInfo, LabelledImages};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use latent_space::{Array, LatentSpace};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};

use crate::cause::Fault;

const IMAGES: &str = "images";
const LABELS: &str = "labels";

/// The largest sample that is read, unpacked: a thousand images of 3x128x128, and room for the rest.
const LARGEST_SAMPLE_BYTES: u64 = 64 << 20;

/// The file of a latent space: its named arrays in single precision.
pub(crate) fn of_latent_space(space: &LatentSpace) -> Result<Vec<u8>, Fault> {
    let arrays = space.to_arrays();
    let bytes: Vec<(&String, &Array, Vec<u8>)> = arrays
        .iter()
        .map(|(name, array)| {
            let bytes = array.values.iter().flat_map(|value| value.to_le_bytes());
            (name, array, bytes.collect())
        })
        .collect();
    let views = bytes
        .iter()
        .map(|(name, array, bytes)| {
            let view = TensorView::new(Dtype::F32, array.shape.clone(), bytes);
            view.map(|view| (name.as_str(), view))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(serialize(views, None)?)
}

/// The inverse of [`of_latent_space`]; every number is checked.
pub(crate) fn latent_space_of(bytes: &[u8]) -> Result<LatentSpace, Fault> {
    let tensors = SafeTensors::deserialize(bytes).map_err(unreadable)?;
    let mut arrays = BTreeMap::new();
    for (name, view) in tensors.iter() {
        if view.dtype() != Dtype::F32 {
            let reason = format!("the array '{name}' is not in single precision");
            return Err(Fault::new(reason));
        }
        let values = view.data().as_chunks::<4>().0.iter();
        let array = Array {
            shape: view.shape().to_vec(),
            values: values.map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        };
        arrays.insert(name.to_owned(), array);
    }
    Ok(LatentSpace::from_arrays(arrays)?)
}

/// The file of a sample: `images` `[n, channels, height, width]` in bytes, and `labels` `[n]` if there are any; packed by
/// gzip.
pub(crate) fn of_sample(sample: &LabelledImages) -> Result<Vec<u8>, Fault> {
    let labels: Vec<u8> = sample
        .labels()
        .iter()
        .flat_map(|label| label.to_le_bytes())
        .collect();
    let shape = sample.shape().batch(sample.len()).to_vec();
    let pixels = sample.pixels()?;
    let mut views = vec![(IMAGES, TensorView::new(Dtype::U8, shape, &pixels))];
    if sample.is_labelled() {
        let view = TensorView::new(Dtype::U16, vec![sample.len()], &labels);
        views.push((LABELS, view));
    }
    let views = views
        .into_iter()
        .map(|(name, view)| view.map(|view| (name, view)))
        .collect::<Result<Vec<_>, _>>()?;
    let bytes = serialize(views, None)?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let written = packed.write_all(&bytes).and_then(|()| packed.finish());
    Ok(written?)
}

/// The inverse of [`of_sample`], for a data set: there is at least one image, the images have the shape of the description,
/// and labels if and only if there are classes.
pub(crate) fn sample_of(bytes: &[u8], info: &DatasetInfo) -> Result<LabelledImages, Fault> {
    let mut unpacked = Vec::new();
    let mut reader = GzDecoder::new(bytes).take(LARGEST_SAMPLE_BYTES + 1);
    reader.read_to_end(&mut unpacked).map_err(unreadable)?;
    if unpacked.len() as u64 > LARGEST_SAMPLE_BYTES {
        return Err(Fault::new(format!(
            "it unpacks to more than {LARGEST_SAMPLE_BYTES} bytes"
        )));
    }
    let tensors = SafeTensors::deserialize(&unpacked).map_err(unreadable)?;
    let images = tensors.tensor(IMAGES).map_err(unreadable)?;
    let expected = info.shape;
    let [count, channels, height, width] = images.shape() else {
        let reason = format!("its images have the shape {:?}", images.shape());
        return Err(Fault::new(reason));
    };
    if images.dtype() != Dtype::U8 || [0, *channels, *height, *width] != expected.batch(0) {
        return Err(Fault::new(format!(
            "its images are {channels}x{height}x{width}, and those of the data set are {expected}, in bytes"
        )));
    }
    if *count == 0 {
        return Err(Fault::new("it holds no images"));
    }
    let pixels = images.data().to_vec();
    let labels = tensors.tensor(LABELS).ok();
    match (labels, info.classes()) {
        (None, 0) => Ok(LabelledImages::unlabelled(expected, pixels)?),
        (None, classes) => Err(Fault::new(format!(
            "its images have no labels, and the data set has {classes} classes"
        ))),
        (Some(_), 0) => {
            let reason = "its images have labels, and the data set has no classes";
            Err(Fault::new(reason))
        }
        (Some(labels), classes) => {
            if labels.dtype() != Dtype::U16 || labels.shape() != [*count] {
                let reason = format!("its labels are not {count} class numbers");
                return Err(Fault::new(reason));
            }
            let values = labels.data().as_chunks::<2>().0.iter();
            let labels = values.map(|bytes| u16::from_le_bytes(*bytes)).collect();
            Ok(LabelledImages::new(expected, pixels, labels, classes)?)
        }
    }
}

fn unreadable(error: impl Error + Send + Sync + 'static) -> Fault {
    Fault::because(format!("it cannot be read: {error}"), error)
}
