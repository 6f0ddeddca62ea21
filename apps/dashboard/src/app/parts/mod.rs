//! What the app keeps, by subject. Each part looks after itself and knows nothing of the others.

mod dialogs;
mod film;
mod kept;
mod lessons;
mod panels;
mod show;

pub(super) use dialogs::Dialogs;
pub(super) use film::{FilmJob, FilmState};
pub(super) use kept::{Kept, Persistence, Written};
pub(super) use lessons::LessonState;
pub(super) use panels::Panels;
pub(super) use show::ShowState;
