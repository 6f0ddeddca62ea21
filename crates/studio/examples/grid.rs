//! Ten samples of each class as a picture: a row a class.
//!
//! `cargo run --release --example grid -- OUT.png [MODEL]`

use std::{env, error::Error, ffi::OsString};

use image::{Rgb, RgbImage};
use studio::burn::tensor::Device;
use studio::datasets::{ClassId, Seed};
use studio::{ClassSample, ModelSource, SampleRequest, Sampler, Studio};

/// Samples of each class.
const EACH: u64 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let out = arguments.next().ok_or("the PNG file to write is missing")?;
    let model = arguments.next().unwrap_or(OsString::from("mnist"));
    let studio = Studio::open(&ModelSource::named(&model)?, &Device::flex())?;

    let classes = (0..studio.sampled_classes()).map(|class| ClassId(class as u16));
    let images = studio.sample_images(&SampleRequest {
        samples: classes
            .flat_map(|class| (0..EACH).map(move |index| ClassSample { class, index }))
            .collect(),
        noise: 0.8,
        // The same seed gives the same samples, on any machine.
        seed: Seed(1),
        sampler: Sampler::default(),
    })?;

    let shape = studio.shape();
    let (width, height) = (shape.width() as u32, shape.height() as u32);
    let rows = images.len() as u32 / EACH as u32;
    let mut grid = RgbImage::new(EACH as u32 * width, rows * height);
    for (position, image) in (0..).zip(&images) {
        let (left, top) = (
            position % EACH as u32 * width,
            position / EACH as u32 * height,
        );
        for (pixel, colour) in (0..).zip(image.to_rgb()) {
            grid.put_pixel(left + pixel % width, top + pixel / width, Rgb(colour));
        }
    }
    grid.save(&out)?;
    println!("{} samples in {}", images.len(), out.display());
    Ok(())
}
