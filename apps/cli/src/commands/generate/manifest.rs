//! What stands beside generated images: what they are, and of which run.

use std::path::Path;

use anyhow::Context as _;
use datasets::{ClassId, Seed};
use serde::{Deserialize, Serialize};
use studio::Turns;

/// Largest manifest that is read, in bytes: one of a thousand classes is a fraction of it.
const LARGEST_BYTES: u64 = 16 << 20;

/// Everything that the images follow from, and whether all are there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program.
    pub version: String,
    /// The command that writes them.
    pub command: String,
    /// The model's name.
    pub model: String,
    /// What tells its weights from others.
    pub model_sha256: String,
    /// SHA-256 of the bytes of the first images. It tells what `model_sha256` does not: whether the latent space of the model
    /// is the same, and whether the device computes the same.
    pub first_images_sha256: String,
    /// Where they were computed.
    pub device: String,
    /// Seed of the samples.
    pub seed: Seed,
    /// Scale of the classes' spread.
    pub noise: f32,
    /// Steps in which a refiner sharpened the images, or a diffusion drew them; 0 for images as they are decoded.
    #[serde(default, alias = "sharpening_steps")]
    pub steps: usize,
    /// How far a diffusion exaggerated the class; 1 is not at all.
    #[serde(default = "no_guidance")]
    pub guidance: f32,
    /// Images in all.
    pub count: u64,
    /// Channels, height and width of each.
    pub shape: [usize; 3],
    /// The classes, in the order of their turns.
    pub classes: Vec<ClassRecord>,
    /// Whether all images are there.
    pub complete: bool,
}

/// A class and its images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassRecord {
    /// Its number in the model; none if the model has no classes.
    pub class: Option<u16>,
    /// Its name in the model.
    pub name: String,
    /// The folder with its images; none in an IDX file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// How many images are of it.
    pub count: u64,
}

impl Manifest {
    /// The order of the images.
    pub fn turns(&self) -> Turns {
        let classes = self.classes.iter();
        Turns::of(
            classes
                .map(|record| ClassId(record.class.unwrap_or(0)))
                .collect(),
        )
    }

    /// Which class's turn it is at a position.
    pub fn record_at(&self, position: u64) -> &ClassRecord {
        &self.classes[(position % self.classes.len() as u64) as usize]
    }

    /// As JSON.
    ///
    /// # Errors
    ///
    /// None that is known: all of it is plain data.
    pub fn text(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = self.text()? + "\n";
        files::write(path, text.as_bytes()).with_context(|| {
            format!(
                "{} cannot be written: free some space, or choose another place with --out",
                path.display()
            )
        })
    }

    /// Reads one; `None` if the file is not there or was not written by this command.
    pub fn read(path: &Path) -> Option<Self> {
        let manifest: Self =
            serde_json::from_slice(&files::read(path, LARGEST_BYTES).ok()?).ok()?;
        (!manifest.classes.is_empty()).then_some(manifest)
    }

    /// In what another run would write other images than this one; nothing if they are the same run.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let (here, there) = (other.identity(), self.identity());
        let mut found = Vec::new();
        for ((what, there), (_, here)) in there.into_iter().zip(here) {
            if there != here {
                found.push(format!("{what} {there} there and {here} here"));
            }
        }
        if found.is_empty() && self.first_images_sha256 != other.first_images_sha256 {
            found.push("the model draws other images now than it did then".to_owned());
        }
        if found.is_empty() && self.classes != other.classes {
            found.push("the classes are others".to_owned());
        }
        found
    }

    /// What a run is known by, as a person reads it.
    fn identity(&self) -> [(&'static str, String); 9] {
        let sha256: String = self.model_sha256.chars().take(12).collect();
        let classes: Vec<&str> = self.classes.iter().map(|c| c.name.as_str()).collect();
        let classes = match classes.as_slice() {
            [one] => (*one).to_owned(),
            several => several.len().to_string(),
        };
        [
            ("model", sha256),
            ("count", self.count.to_string()),
            ("classes", classes),
            ("noise", self.noise.to_string()),
            ("steps", self.steps.to_string()),
            ("guidance", self.guidance.to_string()),
            ("seed", self.seed.to_string()),
            ("device", self.device.clone()),
            ("version", self.version.clone()),
        ]
    }
}

fn no_guidance() -> f32 {
    1.0
}

#[cfg(test)]
mod tests {
    use datasets::Seed;

    use super::{ClassRecord, Manifest};

    fn manifest() -> Manifest {
        Manifest {
            version: "1.2.3".to_owned(),
            command: "latent-lens generate".to_owned(),
            model: "signs".to_owned(),
            model_sha256: "0123456789abcdef".to_owned(),
            first_images_sha256: "00".to_owned(),
            device: "CPU".to_owned(),
            seed: Seed(u64::MAX),
            noise: 0.1,
            steps: 0,
            guidance: 1.0,
            count: 5,
            shape: [3, 20, 32],
            classes: ["circle", "cross"]
                .into_iter()
                .zip(0..)
                .map(|(name, class)| ClassRecord {
                    class: Some(class),
                    name: name.to_owned(),
                    folder: None,
                    count: 3 - u64::from(class),
                })
                .collect(),
            complete: false,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("manifest.json");
        assert_eq!(Manifest::read(&path), None);
        manifest().write(&path).expect("it can be written");
        assert_eq!(Manifest::read(&path), Some(manifest()));
        let text = manifest().text().expect("plain data");
        assert!(text.contains("\"noise\": 0.1,"), "{text}");
        std::fs::write(&path, "{}").expect("it can be written");
        assert_eq!(Manifest::read(&path), None);
    }

    #[test]
    fn another_run_is_told_apart_and_says_why() {
        let one = manifest();
        let same = Manifest {
            command: "latent-lens generate --json".to_owned(),
            model: "./signs".to_owned(),
            complete: true,
            ..manifest()
        };
        assert_eq!(one.differences(&same), Vec::<String>::new());
        let other = Manifest {
            count: 6,
            seed: Seed(0),
            ..manifest()
        };
        let told = one.differences(&other).join("; ");
        assert_eq!(
            told,
            "count 5 there and 6 here; seed 18446744073709551615 there and 0 here"
        );
        let retrained = Manifest {
            first_images_sha256: "11".to_owned(),
            ..manifest()
        };
        let told = one.differences(&retrained).join("; ");
        assert!(told.contains("other images now"), "{told}");
    }
}
