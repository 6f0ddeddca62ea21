//! What is looked at on the way to a run and after it: folders, unfinished runs, how long a run takes, and films of runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use datasets::{Image, KnownDataset};
use eframe::egui::Context;
use runs::{Computing, RunView, Seen, estimate, list};
use training::CancelToken;

use super::{is_unfinished, trainer::cache};
use crate::app::App;
use crate::files::sheet_film::SheetFilm;
use crate::state::{
    notices::{Tone, Topic},
    train::{Estimated, Looked, TrainDone},
};

/// Images side by side in a frame of a film: reconstructions in the first row, samples below.
const COLUMNS: usize = 8;

impl App {
    pub(super) fn looked(
        &mut self,
        folder: PathBuf,
        found: Result<Box<datasets::inspect::Inspection>, String>,
    ) {
        if let Ok(found) = &found {
            self.training.form.format = found.format;
            self.training.form.count = Some(found.len());
        }
        self.training.folder = Looked::Found(folder, found);
    }

    /// Measures how long the run of the form will take.
    pub(super) fn measure_time(&mut self, ctx: &Context) {
        let choices = self.training.choices();
        let (choice, device) = match (choices, self.train.device.clone()) {
            (Ok(choices), Some(device)) => (choices.into_iter().next(), device),
            (Err(reason), _) => return self.notices.say(Topic::Train, Tone::Bad, reason),
            (Ok(_), None) => return,
        };
        let Some(choice) = choice else { return };
        let computing = Computing {
            device,
            device_name: String::new(),
        };
        let cache = cache(self.training.home.as_deref());
        self.training.estimate = Estimated::Measuring;
        self.tasks.run(ctx, "measure the time", move || {
            let network = choice.network_settings();
            let measured = choice
                .images
                .load(cache)
                .map_err(runs::RunError::from)
                .and_then(|loaded| estimate(&network, &loaded, &computing, &CancelToken::new()));
            let measured = measured.map_err(|error| error.to_string());
            Some(TrainDone::Estimated(choice.command(), measured).into())
        });
    }
}

/// What is in a folder of images.
pub(super) fn inspected(folder: PathBuf) -> TrainDone {
    let found = datasets::inspect::inspect(&folder);
    let found = found.map(Box::new).map_err(|error| error.to_string());
    TrainDone::Looked(folder, found)
}

/// Where known data sets are: among this person's data, or below the folder that the program was started in.
pub(super) fn known(data: Option<PathBuf>) -> BTreeMap<KnownDataset, PathBuf> {
    let places = data.into_iter();
    let places: Vec<PathBuf> = places
        .chain([PathBuf::from("data"), PathBuf::from(".")])
        .collect();
    let place_of = |dataset: KnownDataset| {
        let mut places = places.iter();
        let place = places.find(|place| datasets::has_files(dataset, place))?;
        Some((dataset, absolute(place).ok()?))
    };
    KnownDataset::ALL.into_iter().filter_map(place_of).collect()
}

/// The runs below a folder that can be gone on with.
pub(super) fn unfinished(models: &Path) -> Vec<RunView> {
    let found = list(models).into_iter();
    let views = found.filter_map(|run| run.view.ok());
    views.filter(is_unfinished).collect()
}

/// The pictures of a run, one frame a snapshot; `None` if there are none. Each frame is so many screen pixels wide, about.
pub(super) fn film(view: &RunView, width: usize, delay: u16) -> Option<SheetFilm> {
    let sheet = |seen: &Arc<Seen>| -> Vec<Image> {
        let images = seen.reconstructions.iter().chain(&seen.samples);
        images.cloned().collect()
    };
    let sheets: Vec<Vec<Image>> = view.seen.iter().map(sheet).collect();
    let shape = sheets.first()?.first()?.shape();
    Some(SheetFilm {
        sheets,
        columns: COLUMNS,
        scale: (width / (COLUMNS * shape.width())).max(1),
        delay,
        comment: format!("latent-lens training run: {}", view.settings.command),
    })
}
