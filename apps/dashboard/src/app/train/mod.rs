//! Training in the window: what a person asks for, and what the threads that do it tell.

mod fetch;
mod live;
mod look;
mod measure;
mod trainer;
mod watch;

use std::path::PathBuf;

use burn::tensor::Device;
use eframe::egui::{Context, ViewportCommand};
use runs::{RunSettings, RunState, RunView, Start};
use training::CancelToken;

use super::App;
use crate::panels::path_prompt::PathPrompt;
use crate::state::{
    command::{ModelCommand, Purpose, TrainCommand},
    controls::Space,
    notices::{Tone, Topic},
    train::{Estimated, Failure, Images, Live, Looked, ShownRun, TrainDone, TrainForm},
};
use trainer::Trainer;
use watch::Watcher;

/// What trains and looks on, besides what is seen of it.
#[derive(Default)]
pub(super) struct TrainThreads {
    /// Where to compute; `None` in a window that does not train.
    pub device: Option<Device>,
    trainer: Option<Trainer>,
    watcher: Option<Watcher>,
    fetch: Option<fetch::Cancel>,
    measuring: Option<CancelToken>,
    /// Whether Train was in front at the last pass; `None` before the first.
    in_front: Option<bool>,
    /// Whether a notice has told of runs that were not finished.
    offered: bool,
    /// What the window was called last.
    title: Option<String>,
}

impl App {
    /// Has this window train on a device, and keep models and data sets of its person below a folder.
    pub fn train_on(&mut self, device: Device, home: Option<PathBuf>) {
        self.train.device = Some(device);
        self.training.home = home;
    }

    /// Looks what is there, at the first pass and whenever Train comes to the front: data sets, and runs that were not finished.
    pub(super) fn look_around(&mut self, ctx: &Context) {
        if self.train.device.is_none() {
            return;
        }
        let in_front = self.controls.space == Space::Train;
        let came = in_front && self.train.in_front != Some(true);
        let first = self.train.in_front.is_none();
        self.train.in_front = Some(in_front);
        if came || first {
            self.look_for_data(ctx);
            self.look_for_runs(ctx);
        }
    }

    fn look_for_data(&self, ctx: &Context) {
        let data = self.training.data();
        self.tasks.run(ctx, "look for data sets", move || {
            Some(TrainDone::Known(look::known(data)).into())
        });
    }

    fn look_for_runs(&self, ctx: &Context) {
        if let Some(models) = self.training.models() {
            self.tasks.run(ctx, "look for runs", move || {
                Some(TrainDone::Unfinished(look::unfinished(&models)).into())
            });
        }
    }

    /// Runs can be gone on with. In another space a notice says so, once.
    fn offer(&mut self, found: Vec<RunView>) {
        let told = std::mem::replace(&mut self.train.offered, true);
        if !told && !found.is_empty() && self.controls.space != Space::Train {
            let text = "A training run was not finished: Train (F8) goes on with it.";
            self.notices.say(Topic::Train, Tone::Good, text);
        }
        let own = self
            .training
            .shown
            .as_ref()
            .map(|shown| &shown.view.settings);
        let other = |view: &RunView| Some(&view.settings) != own;
        self.training.unfinished = found.into_iter().filter(other).collect();
    }

    /// Shows the run that another program trains, or trained, into a folder: the run's own or its model's.
    pub fn watch_run(&mut self, folder: PathBuf) {
        self.controls.space = Space::Train;
        self.commands.push(TrainCommand::Watch(folder).into());
    }

    /// Begins a run at the first pass, for whoever measures the window meanwhile.
    pub fn train_at_once(&mut self, settings: RunSettings) {
        let go_on = TrainCommand::GoOn(Box::new(settings), 1.0);
        self.commands.push(go_on.into());
    }

    /// Images that a run of this window learns from in a second, while it goes on.
    #[must_use]
    pub fn training_rate(&self) -> Option<f64> {
        let view = &self.training.shown.as_ref()?.view;
        (view.state == RunState::Running).then_some(view.images_per_second)
    }

    pub(super) fn train_command(&mut self, ctx: &Context, command: TrainCommand) {
        match command {
            TrainCommand::AskForFolder => {
                let prompt =
                    PathPrompt::new(Purpose::TrainFolder, self.training.form.folder.clone());
                self.controls.space = Space::Train;
                self.dialogs.path = Some(prompt);
            }
            TrainCommand::UseFolder(folder) => self.use_folder(ctx, folder),
            TrainCommand::Fetch => self.start_fetch(ctx),
            TrainCommand::CancelFetch => {
                if let Some(fetch) = &self.train.fetch {
                    fetch.cancel();
                }
            }
            TrainCommand::Estimate => self.measure_time(ctx),
            TrainCommand::Start => self.start_form(ctx),
            TrainCommand::Pause(paused) => {
                if let Some(trainer) = &self.train.trainer {
                    trainer.control().steering.set_paused(paused);
                }
            }
            TrainCommand::Stop => self.end_run(|trainer| trainer.control().cancel.cancel()),
            TrainCommand::Keep => self.end_run(|trainer| trainer.control().steering.end_now()),
            TrainCommand::GoOn(settings, factor) => {
                let settings = slower(*settings, factor);
                self.start_runs(ctx, vec![(settings, Start::GoOn)]);
            }
            TrainCommand::PutAway => self.put_away(),
            TrainCommand::Forget(out) => {
                let unfinished = &mut self.training.unfinished;
                unfinished.retain(|view| view.settings.out != out);
            }
            TrainCommand::Live(on) => self.set_live(on),
            TrainCommand::Measure => self.measure_model(ctx),
            TrainCommand::CancelMeasure => {
                if let Some(cancel) = &self.train.measuring {
                    cancel.cancel();
                }
            }
            TrainCommand::AskWhereToSaveFilm => self.ask_where_to_save_film(ctx),
            TrainCommand::SaveFilm(path) => self.save_run_film(ctx, path),
            TrainCommand::Watch(folder) => self.watch(ctx, folder),
        }
    }

    /// Takes what a thread has done.
    pub(super) fn finish_train(&mut self, ctx: &Context, done: TrainDone) {
        match done {
            TrainDone::Looked(folder, found) => self.looked(folder, found),
            TrainDone::Estimated(command, found) => {
                self.training.estimate = match found.transpose() {
                    Some(found) => Estimated::Done(command, found),
                    None => Estimated::No,
                };
            }
            TrainDone::Fetching(fetching) => self.training.fetch = Some(fetching),
            TrainDone::Fetched(result) => {
                self.fetched(result);
                self.look_for_data(ctx);
            }
            TrainDone::Measuring(measuring) => self.training.measuring = Some(measuring),
            TrainDone::Measured(result) => self.measured(result),
            TrainDone::Seen(view) => self.seen(*view),
            TrainDone::Next(following) => {
                if let Some(shown) = &mut self.training.shown {
                    shown.following = following;
                }
            }
            TrainDone::Ended(result) => self.ended(ctx, result),
            TrainDone::Known(known) => self.training.known = known,
            TrainDone::Unfinished(found) => self.offer(found),
            TrainDone::Watched(found) => self.watched(found),
        }
    }

    /// The runs of the form, one after the other.
    fn start_form(&mut self, ctx: &Context) {
        match self.training.choices() {
            Ok(choices) => {
                let runs = choices.iter().map(|choice| (choice.run(), Start::New));
                self.start_runs(ctx, runs.collect());
            }
            Err(reason) => self.notices.say(Topic::Train, Tone::Bad, reason),
        }
    }

    fn start_runs(&mut self, ctx: &Context, runs: Vec<(RunSettings, Start)>) {
        let Some(((first, _), device)) = runs.first().zip(self.train.device.clone()) else {
            return;
        };
        if self.training.is_busy() {
            return;
        }
        self.put_away();
        self.notices.clear(Topic::Train);
        let out = first.out.clone();
        self.training
            .unfinished
            .retain(|view| view.settings.out != out);
        let shown = ShownRun::own(RunView::new(first.clone()), runs.len() - 1);
        let home = self.training.home.as_deref();
        match Trainer::start(runs, device, home, self.tasks.sender(), ctx) {
            Ok(trainer) => {
                self.train.trainer = Some(trainer);
                self.training.shown = Some(shown);
            }
            Err(error) => self.training.failure = Some(Failure::other(error.to_string())),
        }
    }

    fn end_run(&mut self, ask: impl FnOnce(&Trainer)) {
        if let (Some(trainer), Some(shown)) = (&self.train.trainer, &mut self.training.shown) {
            ask(trainer);
            shown.ending = true;
        }
    }

    /// What is seen of the run of this window.
    fn seen(&mut self, view: RunView) {
        let Some(shown) = &mut self.training.shown else {
            return;
        };
        let other = shown.view.settings.network != view.settings.network;
        shown.view = view;
        if other {
            (shown.at, shown.live, shown.ending) = (None, Live::Off, false);
        }
        self.follow_live();
    }

    /// All runs have ended: the model is opened, or a card says what to do.
    fn ended(&mut self, ctx: &Context, result: Result<bool, Failure>) {
        self.train.trainer = None;
        self.close_live();
        self.settle(&result);
        match result {
            Ok(true) => {
                if let Some(model) = self.training.shown.as_ref().map(ShownRun::model) {
                    // It may have been open before, without what was trained now.
                    self.session.retry(&model);
                    self.model_command(ModelCommand::Open(model));
                }
            }
            Ok(false) => {}
            Err(failure) => self.training.failure = Some(failure),
        }
        self.look_for_runs(ctx);
    }

    /// A run that ended without a last word: one that did not begin is not shown, and another one is not under way any more.
    fn settle(&mut self, result: &Result<bool, Failure>) {
        let Some(shown) = &mut self.training.shown else {
            return;
        };
        if shown.view.dataset.is_none() {
            self.training.shown = None;
        } else if shown.view.state.is_active() {
            shown.view.state = match result {
                Ok(_) => RunState::Stopped,
                Err(failure) => RunState::Failed(failure.text.clone()),
            };
        }
    }

    fn put_away(&mut self) {
        if self.training.is_busy() {
            return;
        }
        self.train.watcher = None;
        (self.training.shown, self.training.failure) = (None, None);
    }

    /// Looks at a folder, and offers to train on it. A run that has ended makes room for that.
    fn use_folder(&mut self, ctx: &Context, folder: PathBuf) {
        self.controls.space = Space::Train;
        if self.training.is_busy() {
            let text = "A run goes on. Choose the folder again when it has ended.";
            return self.notices.say(Topic::Train, Tone::Bad, text);
        }
        self.put_away();
        let form = &mut self.training.form;
        form.images = Images::Folder;
        form.folder = folder.display().to_string();
        self.training.folder = Looked::Looking(folder.clone());
        self.tasks.run(ctx, "look at the folder", move || {
            Some(look::inspected(folder).into())
        });
    }

    /// Says in the window's title how far a run is.
    pub(super) fn entitle(&mut self, ctx: &Context) {
        let title = self.training.title();
        if title == self.train.title {
            return;
        }
        let text = title.clone().unwrap_or_else(|| "Latent Lens".to_owned());
        ctx.send_viewport_cmd(ViewportCommand::Title(text));
        self.train.title = title;
    }

    /// The person has typed another folder: nothing that was found in the one before holds.
    pub(super) fn notice_form(&mut self) {
        let form: &TrainForm = &self.training.form;
        let path = form.folder_path();
        match &self.training.folder {
            Looked::Looking(folder) | Looked::Found(folder, _) if *folder != path => {
                self.training.folder = Looked::No;
                self.training.form.count = None;
            }
            _ => {}
        }
    }
}

/// The settings with so much of their learning rate.
fn slower(mut settings: RunSettings, factor: f64) -> RunSettings {
    use runs::NetworkSettings as N;
    let rate = match &mut settings.network {
        N::Vae(vae) | N::Conditional(vae) | N::Joint(vae) => &mut vae.training.learning_rate,
        N::Refiner(refiner) => &mut refiner.training.learning_rate,
        N::Gan(gan) => &mut gan.training.learning_rate,
        N::Diffusion(diffusion) => &mut diffusion.training.learning_rate,
        N::Classifier(judge) | N::Judge(judge) => &mut judge.training.learning_rate,
    };
    *rate *= factor;
    settings
}

/// Whether a run can be gone on with.
pub(super) fn is_unfinished(view: &RunView) -> bool {
    let can = matches!(
        view.state,
        RunState::Stopped | RunState::Crashed | RunState::Failed(_)
    );
    can && training::Checkpoints::new(view.settings.checkpoint()).exist()
}
