//! What is done about training.

use super::{Entry, entry, entry_also};
use crate::state::command::TrainCommand;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        entry_also(
            "Train on a folder of pictures…",
            "learn own data images",
            TrainCommand::AskForFolder,
        ),
        entry_also("Start training", "learn run begin", TrainCommand::Start),
        entry("Pause training", TrainCommand::Pause(true)),
        entry("Go on training", TrainCommand::Pause(false)),
        entry("Stop training", TrainCommand::Stop),
        entry_also(
            "Keep what was learned so far",
            "training end model",
            TrainCommand::Keep,
        ),
        entry_also(
            "Estimate how long training takes",
            "time duration",
            TrainCommand::Estimate,
        ),
        entry_also("Fetch the data set", "download images", TrainCommand::Fetch),
        entry("Stop fetching the data set", TrainCommand::CancelFetch),
        entry_also(
            "Explore the newest weights while training",
            "live model",
            TrainCommand::Live(true),
        ),
        entry(
            "Explore the newest weights no more",
            TrainCommand::Live(false),
        ),
        entry_also(
            "Measure the model that was trained",
            "evaluate figures",
            TrainCommand::Measure,
        ),
        entry("Stop measuring", TrainCommand::CancelMeasure),
        entry_also(
            "Save the pictures of the training as GIF…",
            "film export animation",
            TrainCommand::AskWhereToSaveFilm,
        ),
        entry("Put the finished training away", TrainCommand::PutAway),
    ]
}
