//! What a person sets before a run, and the runs that follow from it.

use std::path::{Path, PathBuf};

use datasets::{DataFormat, FileRole, HELD_OUT, KnownDataset};
use runs::{Choice, Figures, ImageSource, Network, Overrides, OwnImages, Preset};

use crate::state::pasted;

/// Where the images come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Images {
    /// A data set that is known.
    Known(KnownDataset),
    /// The folder in the form.
    Folder,
}

/// Which networks of a model are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatToTrain {
    /// What makes the images.
    Generator,
    /// What judges them.
    Judge,
    /// One after the other.
    Both,
}

impl WhatToTrain {
    /// What it is, in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Generator => {
                "The model that makes the images. Another model's classifier can judge them."
            }
            Self::Judge => "The classifier that says what images show. Needs two classes at least.",
            Self::Both => {
                "First the model that makes the images, then the classifier that judges them."
            }
        }
    }
}

/// What a person changed of what is usual.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changed {
    /// Of the preset.
    pub run: Overrides,
    /// Sides of the images, of a folder.
    pub side: Option<usize>,
    /// Whether images of a folder become grey.
    pub grey: bool,
    /// The most images that are taken from a folder.
    pub limit: Option<usize>,
}

/// What a person sets before a run.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainForm {
    /// Where the images come from.
    pub images: Images,
    /// The folder of a person's own images, as it was typed.
    pub folder: String,
    /// How they are stored, and how many there are to learn from, once somebody looked.
    pub format: DataFormat,
    /// See `format`.
    pub count: Option<usize>,
    /// The kind of model that makes images.
    pub family: Network,
    /// What is trained of it.
    pub what: WhatToTrain,
    /// How much time it may take.
    pub preset: Preset,
    /// What the person calls the model.
    pub name: String,
    /// What was changed of the preset.
    pub changed: Changed,
}

impl Default for TrainForm {
    fn default() -> Self {
        Self {
            images: Images::Known(KnownDataset::Mnist),
            folder: String::new(),
            format: DataFormat::Pictures,
            count: None,
            family: Network::Vae,
            what: WhatToTrain::Generator,
            preset: Preset::QuickLook,
            name: String::new(),
            changed: Changed::default(),
        }
    }
}

impl TrainForm {
    /// The kinds of models that make images, in the order in which they are offered.
    pub const FAMILIES: [Network; 5] = [
        Network::Vae,
        Network::Conditional,
        Network::Joint,
        Network::Gan,
        Network::Diffusion,
    ];

    /// What a person typed as the folder.
    #[must_use]
    pub fn folder_path(&self) -> PathBuf {
        pasted::path(&self.folder)
    }

    /// The name that the model gets if the person gives none.
    #[must_use]
    pub fn usual_name(&self) -> String {
        let images = match self.images {
            Images::Known(dataset) => dataset.slug().to_owned(),
            Images::Folder => {
                let path = self.folder_path();
                let name = path.file_name().map(|name| name.to_string_lossy());
                name.map_or_else(|| "pictures".to_owned(), |name| name.to_string())
            }
        };
        let network = match self.what {
            WhatToTrain::Judge => "judge",
            WhatToTrain::Generator | WhatToTrain::Both => self.family.command_name(),
        };
        format!("my-{images}-{network}")
    }

    /// The folder of the model: a path as it was typed, or a name among this person's models.
    ///
    /// # Errors
    /// A sentence where there is no such folder.
    pub fn out(&self, models: Option<&Path>) -> Result<PathBuf, String> {
        let name = self.name.trim();
        let usual = self.usual_name();
        let name = if name.is_empty() { &usual } else { name };
        let path = PathBuf::from(name);
        if path.is_absolute() {
            return Ok(path);
        }
        let parts = path.components().count();
        if parts != 1 || name.starts_with('.') {
            return Err("A name without slashes, or a whole path.".to_owned());
        }
        let models = models.ok_or("There is no folder of your own here: name a whole path.")?;
        Ok(models.join(path))
    }

    /// The images of the form, if those of a known data set are in this folder, and if somebody has looked at the folder of a person's own.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn source(&self, known: Option<&PathBuf>, looked: bool) -> Result<ImageSource, String> {
        match (self.images, known) {
            (Images::Known(dataset), Some(folder)) => Ok(ImageSource::Known {
                dataset,
                folder: folder.clone(),
            }),
            (Images::Known(dataset), None) => Err(format!("{} is not here yet.", dataset.title())),
            (Images::Folder, _) if !looked => {
                Err("Name a folder of pictures and look at it, or drop one here.".to_owned())
            }
            (Images::Folder, _) => {
                let mut own = OwnImages::all(self.folder_path(), self.format);
                own.side = self.changed.side;
                own.colour = self.changed.grey.then_some(false);
                own.source.limit = self.changed.limit;
                own.source.skip_broken = self.format == DataFormat::Pictures;
                Ok(ImageSource::Own(own))
            }
        }
    }

    /// The networks that will be trained, one after the other.
    #[must_use]
    pub fn networks(&self) -> Vec<Network> {
        match self.what {
            WhatToTrain::Generator => vec![self.family],
            WhatToTrain::Judge => vec![Network::Classifier],
            WhatToTrain::Both => vec![self.family, Network::Classifier],
        }
    }

    /// The runs that follow, one after the other.
    #[must_use]
    pub fn choices(&self, source: &ImageSource, out: &Path) -> Vec<Choice> {
        let choice = |network| self.choice(source.clone(), network, out.to_owned());
        self.networks().into_iter().map(choice).collect()
    }

    fn choice(&self, images: ImageSource, network: Network, out: PathBuf) -> Choice {
        let changed = &self.changed.run;
        let judges = network == Network::Classifier;
        let mut choice = Choice::new(images, network, self.preset, out);
        choice.count = self.learned_from();
        choice.changed.seed = changed.seed;
        // The figures are those of the first network; a judge behind it has its own.
        if judges && self.what == WhatToTrain::Both {
            return choice;
        }
        choice.changed = Overrides {
            width: changed.width.filter(|_| choice.has_width()),
            latent_dim: changed.latent_dim.filter(|_| choice.has_latent_dim()),
            likelihood: changed.likelihood.filter(|_| choice.is_vae()),
            prior: changed.prior.filter(|_| network == Network::Vae),
            ..changed.clone()
        };
        choice
    }

    /// How many images there are to learn from, as far as that is known.
    fn learned_from(&self) -> Option<usize> {
        /// Of a folder, what is left when a fifth is put aside for testing and a tenth for measuring.
        const SHARE: f64 = 0.7;
        match self.images {
            Images::Known(dataset) => {
                let labels = dataset.file(FileRole::TrainLabels);
                labels.map(|file| file.items - HELD_OUT)
            }
            Images::Folder => {
                let count = self.count?;
                let count = self.changed.limit.map_or(count, |limit| count.min(limit));
                Some((count as f64 * SHARE) as usize)
            }
        }
    }

    /// The figures of the first run, and those that it would have if the person had changed none.
    #[must_use]
    pub fn figures(&self) -> [Figures; 2] {
        let own = OwnImages::all(PathBuf::new(), DataFormat::Pictures);
        let network = self.networks()[0];
        let of = |form: &Self| {
            let images = ImageSource::Own(own.clone());
            form.choice(images, network, PathBuf::new()).figures()
        };
        let unchanged = Self {
            changed: Changed::default(),
            ..self.clone()
        };
        [of(self), of(&unchanged)]
    }

    /// The first run as a choice, whatever is missing, for what depends on the network alone.
    #[must_use]
    pub fn first(&self) -> Choice {
        let own = OwnImages::all(PathBuf::new(), DataFormat::Pictures);
        self.choice(ImageSource::Own(own), self.networks()[0], PathBuf::new())
    }
}
