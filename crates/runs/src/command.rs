//! The command that does what a person chose.

use std::ffi::OsStr;

use datasets::{DataFormat, LabelSource, Preparation};

use crate::{Choice, ImageSource, Network, OwnImages, quoted};

/// The options of a command, one after the other.
struct Options(Vec<String>);

impl Options {
    fn add(&mut self, name: &str, value: impl AsRef<OsStr>) {
        self.0.push(name.to_owned());
        self.0.push(quoted(value));
    }

    fn add_some<T: ToString>(&mut self, name: &str, value: Option<T>) {
        if let Some(value) = value {
            self.add(name, value.to_string());
        }
    }
}

impl Choice {
    /// The command that trains the same network by the same settings on the same images.
    #[must_use]
    pub fn command(&self) -> String {
        let settled = self.settled();
        let mut options = Options(Vec::new());
        self.add_images(&mut options);
        options.add("--out", &self.out);
        options.add_some("--epochs", settled.changed.epochs);
        options.add_some("--batch-size", settled.changed.batch_size);
        options.add_some("--learning-rate", settled.changed.learning_rate);
        if self.has_width() {
            options.add_some("--width", settled.changed.width);
        }
        if self.has_latent_dim() {
            options.add_some("--latent-dim", settled.changed.latent_dim);
        }
        if self.is_vae() {
            options.add_some("--likelihood", settled.changed.likelihood);
        }
        if self.network == Network::Vae {
            options.add_some("--prior", settled.changed.prior);
        }
        options.add_some("--kl-warmup", self.kl_warmup());
        options.add_some("--seed", settled.changed.seed.map(|seed| seed.0));
        let network = self.network.command_name();
        format!("latent-lens train {network} {}", options.0.join(" "))
    }

    fn add_images(&self, options: &mut Options) {
        match &self.images {
            ImageSource::Known { dataset, folder } => {
                options.add("--dataset", dataset.slug());
                options.add("--data", folder);
            }
            ImageSource::Own(own) => add_own(options, own),
        }
    }
}

fn add_own(options: &mut Options, own: &OwnImages) {
    let dataset = match (own.source.format, &own.source.labels) {
        (DataFormat::Arrays, _) => "arrays",
        (DataFormat::Pictures, LabelSource::CelebA { .. }) => "celeba",
        (DataFormat::Pictures, _) => "folder",
    };
    options.add("--dataset", dataset);
    options.add("--data", &own.folder);
    options.add_some("--size", own.side);
    match own.colour {
        Some(true) => options.0.push("--colour".to_owned()),
        Some(false) => options.0.push("--grey".to_owned()),
        None => {}
    }
    match own.preparation {
        Some(Preparation::Digit) => options.add("--prepare", "digit"),
        Some(Preparation::Object) => options.add("--prepare", "object"),
        Some(Preparation::Picture { fit }) => {
            let crop = match fit {
                datasets::Fit::Crop => "centre",
                datasets::Fit::Pad => "fit",
                datasets::Fit::Stretch => "stretch",
                datasets::Fit::Object => "object",
            };
            options.add("--crop", crop);
        }
        None => {}
    }
    options.add_some("--limit", own.source.limit);
    match &own.source.labels {
        LabelSource::Folders => {}
        LabelSource::Table(table) => {
            options.add("--labels", &table.file);
            options.add("--label-column", table.columns.join(","));
            options.add_some("--file-column", table.file_column.as_ref());
        }
        LabelSource::CelebA { attributes } => {
            if !attributes.is_empty() {
                options.add("--attributes", attributes.join(","));
            }
        }
    }
    for (switch, given) in [
        ("--skip-broken", own.source.skip_broken),
        ("--skip-unmatched", own.source.skip_unmatched),
    ] {
        if given {
            options.0.push(switch.to_owned());
        }
    }
}
