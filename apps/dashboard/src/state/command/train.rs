//! Commands about training.

use std::path::PathBuf;

use runs::RunSettings;

/// What is done about training.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainCommand {
    /// Ask for a folder of images.
    AskForFolder,
    /// Train on the images in this folder, and look what is in it.
    UseFolder(PathBuf),
    /// Fetch the data set of the form.
    Fetch,
    /// Stop fetching; what arrived is kept.
    CancelFetch,
    /// Measure how long the run will take.
    Estimate,
    /// Begin.
    Start,
    /// Wait, or go on.
    Pause(bool),
    /// Stop after the step under way. The run can go on later.
    Stop,
    /// End with what was learned so far, as a model.
    Keep,
    /// Go on with a run that was not finished, with the share of its learning rate.
    GoOn(Box<RunSettings>, f64),
    /// Look no more at the run that has ended, or at another program's.
    PutAway,
    /// Offer an unfinished run no more in this window.
    Forget(PathBuf),
    /// Open the newest weights as a model and keep them up to date, or not any more.
    Live(bool),
    /// Measure the model that was made.
    Measure,
    /// Stop measuring; what was measured is kept.
    CancelMeasure,
    /// Ask where to save the pictures of the run as a film.
    AskWhereToSaveFilm,
    /// Save them there.
    SaveFilm(PathBuf),
    /// Show the run that another program trains into this folder.
    Watch(PathBuf),
}
