//! Images as PNG files, one folder a class: `CLASS/0000000.png`, `CLASS/0000001.png` and so on.

use std::{
    fs, io,
    ops::Range,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use datasets::Image;
use rayon::prelude::*;

use super::{manifest::Manifest, writer::Writer};

/// Digits of a file's name, so that names are in the order of their numbers.
const DIGITS: usize = 7;

/// Writes PNG files into the folders of classes.
pub struct Folders<'a> {
    dir: PathBuf,
    manifest: &'a Manifest,
}

impl<'a> Folders<'a> {
    /// Makes the folders of all classes that have images, and removes what a killed run left half written.
    ///
    /// # Errors
    ///
    /// If a folder cannot be made.
    pub fn open(dir: &Path, manifest: &'a Manifest) -> anyhow::Result<Self> {
        for record in manifest.classes.iter().filter(|record| record.count > 0) {
            let folder = dir.join(record.folder.as_deref().unwrap_or_default());
            fs::create_dir_all(&folder)
                .and_then(|()| files::remove_leftovers(&folder))
                .with_context(|| unwritable(&folder))?;
        }
        files::remove_leftovers(dir).with_context(|| unwritable(dir))?;
        Ok(Self {
            dir: dir.to_owned(),
            manifest,
        })
    }

    /// Removes the images of a run from the folders of its classes, and the folders.
    ///
    /// # Errors
    ///
    /// If there is something else in one of the folders.
    pub fn remove(dir: &Path, manifest: &Manifest) -> anyhow::Result<()> {
        for record in &manifest.classes {
            let Some(name) = record.folder.as_deref().filter(|name| is_plain(name)) else {
                continue;
            };
            let folder = dir.join(name);
            match remove_images(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                result => result.with_context(|| unwritable(&folder))?,
            }
            ensure!(
                fs::remove_dir(&folder).is_ok(),
                "{} holds files that this command did not write: move them away, or choose another folder with --out",
                folder.display()
            );
        }
        Ok(())
    }

    fn path(&self, position: u64) -> PathBuf {
        let folder = self.manifest.record_at(position).folder.as_deref();
        let index = position / self.manifest.classes.len() as u64;
        let folder = self.dir.join(folder.unwrap_or_default());
        folder.join(format!("{index:0DIGITS$}.png"))
    }
}

impl Writer for Folders<'_> {
    fn missing(&self, positions: Range<u64>) -> Vec<u64> {
        positions
            .filter(|&position| !self.path(position).exists())
            .collect()
    }

    fn write(&mut self, positions: &[u64], images: &[Image]) -> anyhow::Result<()> {
        let pictures: Vec<(PathBuf, Vec<u8>)> = positions
            .par_iter()
            .zip(images)
            .map(|(&position, image)| Ok((self.path(position), png(image)?)))
            .collect::<anyhow::Result<_>>()?;
        files::write_many(&pictures).with_context(|| unwritable(&self.dir))
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}

fn unwritable(path: &Path) -> String {
    format!(
        "{} cannot be written to: free some space, or choose another folder with --out",
        path.display()
    )
}

/// An image as a PNG file of as many channels.
fn png(image: &Image) -> anyhow::Result<Vec<u8>> {
    let shape = image.shape();
    let (color, bytes) = if shape.is_colour() {
        (png::ColorType::Rgb, image.to_rgb().concat())
    } else {
        (png::ColorType::Grayscale, image.to_bytes())
    };
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, shape.width() as u32, shape.height() as u32);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&bytes)?;
    writer.finish()?;
    Ok(file)
}

/// Whether a name is that of a folder right below another. A manifest may have been changed by hand.
fn is_plain(name: &str) -> bool {
    let mut components = Path::new(name).components();
    matches!(
        (components.next(), components.next()),
        (Some(Component::Normal(_)), None)
    )
}

/// Removes the files that are called like images of a run.
fn remove_images(folder: &Path) -> io::Result<()> {
    files::remove_leftovers(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".png"));
        let is_image = number.is_some_and(|number| {
            number.len() >= DIGITS && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if is_image {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
