//! An image is encoded, decoded again and explained: where it lies in latent space, what is left of it there, what the judge takes it
//! for, and which pixels speak for that.
//!
//! `cargo run --release --example explain_image -- OUT.png [PICTURE [MODEL]]`: any picture; without one, the first image that the
//! model carries. The file shows the image, its reconstruction, and the evidence over it.

use std::{env, error::Error, ffi::OsString, path::Path};

use image::{Rgb, RgbImage};
use studio::burn::tensor::Device;
use studio::datasets::user_image;
use studio::explain::{ColorMap, Method, overlay};
use studio::{ModelSource, ReconstructRequest, Studio};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let out = arguments.next().ok_or("the PNG file to write is missing")?;
    let picture = arguments.next();
    let model = arguments.next().unwrap_or(OsString::from("mnist"));
    let studio = Studio::open(&ModelSource::named(&model)?, &Device::flex())?;

    // A picture becomes an image as those of the model's data set did.
    let dataset = &studio.manifest().dataset;
    let image = match &picture {
        Some(path) => user_image(Path::new(path), dataset.preparation, dataset.shape)?.image,
        None => studio
            .sample()
            .ok_or("the model carries no image")?
            .image(0),
    };
    let found = studio.reconstruct(&ReconstructRequest {
        method: Method::Pixels,
        ..ReconstructRequest::new(image.clone())
    })?;
    println!("mean of the posterior: {:.2?}", found.encoded.mean);
    println!("squared error a value: {:.5}", found.squared_error);

    let frame = found.frame;
    let mut pictures = vec![image.to_rgb(), frame.image.to_rgb()];
    if let Some(verdict) = frame.verdict {
        let class = studio.manifest().class_name(verdict.prediction.class);
        println!("{class}: {:.1} %", 100.0 * verdict.prediction.confidence);
        let map = verdict.predicted_map.over_image(studio.shape(), 1);
        pictures.push(overlay(frame.image.values(), &map, ColorMap::Inferno, 0.8));
    }

    let (width, height) = (
        studio.shape().width() as u32,
        studio.shape().height() as u32,
    );
    let mut side_by_side = RgbImage::new(width * pictures.len() as u32, height);
    for (number, picture) in (0..).zip(&pictures) {
        for (pixel, colour) in (0..).zip(picture) {
            side_by_side.put_pixel(number * width + pixel % width, pixel / width, Rgb(*colour));
        }
    }
    side_by_side.save(out)?;
    Ok(())
}
