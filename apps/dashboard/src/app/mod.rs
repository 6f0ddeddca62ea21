//! The app: controls in, jobs out; answers in, pictures out. It knows no worker and no window, so tests can be both.
//!
//! [`App`] holds its state by subject (`parts`). Each subject's commands are carried out in a module of its own.

use std::time::Instant;

use eframe::egui::{self, PointerButton, Ui};
use studio::ModelSource;

mod answers;
mod ask;
mod bookmarks;
mod clipboard;
mod compare;
pub mod export;
mod files;
mod film;
mod finish;
mod import;
pub mod keyboard;
mod lesson;
mod lettering;
mod map;
mod models;
mod notebook;
mod pad_sheet;
mod paint;
mod parts;
pub mod recall;
mod remember;
mod restore;
mod run;
mod scene;
mod show;
pub mod tasks;
mod train;
pub mod window;

use self::{
    keyboard::Digits,
    parts::{Dialogs, FilmState, Kept, LessonState, Panels, ShowState},
    train::TrainThreads,
};
use crate::state::channel::{Channel, Job, Published};
use crate::{
    panels,
    state::{
        catalogue::{self, Around, Entry},
        command::Command,
        controls::Controls,
        device::ChosenDevice,
        import::Import,
        lesson::Running,
        notebook::Notebook,
        notices::Notices,
        session::Session,
        step_pictures::StepPictures,
        train::Training,
        undo::{Hands, History},
    },
};

/// Hands a job to the worker and gives the answer, if that is there in no time; else it comes later.
pub type AtOnce<'a> = dyn FnMut(Job) -> Option<Published> + 'a;

/// Everything behind the window.
pub struct App {
    controls: Controls,
    session: Session,
    history: History,
    step_pictures: StepPictures,
    notices: Notices,
    device: ChosenDevice,
    tasks: tasks::Tasks,
    /// Jobs for the worker that were not taken yet.
    outbox: Vec<Job>,
    /// Commands for the next pass.
    commands: Vec<Command>,
    panels: Panels,
    dialogs: Dialogs,
    import: Import,
    training: Training,
    train: TrainThreads,
    lessons: LessonState,
    show: ShowState,
    film: FilmState,
    kept: Kept,
    /// The model that was in front before this one.
    before: Option<ModelSource>,
    /// The model of a scene that came from a file, and the weights that it was made with.
    expected: Option<(ModelSource, String)>,
}

impl App {
    /// An app that shows `controls.model`, which it asks the worker to open at its first pass.
    #[must_use]
    pub fn new(controls: Controls, device: ChosenDevice) -> Self {
        Self {
            controls,
            session: Session::default(),
            history: History::default(),
            step_pictures: StepPictures::default(),
            notices: Notices::default(),
            device,
            tasks: tasks::Tasks::default(),
            outbox: Vec::new(),
            commands: Vec::new(),
            panels: Panels::default(),
            dialogs: Dialogs::default(),
            import: Import::default(),
            training: Training::default(),
            train: TrainThreads::default(),
            lessons: LessonState::default(),
            show: ShowState::default(),
            film: FilmState::default(),
            kept: Kept::default(),
            before: None,
            expected: None,
        }
    }

    /// What is set.
    #[must_use]
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// What came back.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The messages on the screen.
    #[must_use]
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// The pictures that were brought, and the card.
    #[must_use]
    pub fn import(&self) -> &Import {
        &self.import
    }

    /// What is set in Train, and what is seen of a run.
    #[must_use]
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// What the person noted down.
    #[must_use]
    pub fn notebook(&self) -> &Notebook {
        &self.kept.notebook
    }

    /// The lesson under way.
    #[must_use]
    pub fn lesson(&self) -> Option<&Running> {
        self.lessons.running.as_ref()
    }

    /// The device in use, in words.
    #[must_use]
    pub fn device(&self) -> &ChosenDevice {
        &self.device
    }

    /// All that the command palette finds now.
    #[must_use]
    pub fn findable(&self) -> Vec<Entry> {
        catalogue::entries(self.around())
    }

    /// What there is to find things in.
    fn around(&self) -> Around<'_> {
        Around {
            controls: &self.controls,
            session: &self.session,
            notebook: &self.kept.notebook,
            recent: &self.kept.recent,
            lessons: &self.lessons.library,
        }
    }

    /// Whether a show plays.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.show.player.is_some()
    }

    /// Whether the picture fills the screen, for an audience.
    #[must_use]
    pub fn presenting(&self) -> bool {
        self.show.presenting
    }

    /// Where Explore's first slider was at the last pass.
    #[must_use]
    pub fn first_slider(&self) -> Option<egui::Rect> {
        self.panels.explore.first_slider()
    }

    /// The jobs for the worker since the last call.
    pub fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.outbox)
    }

    /// Forgets what belongs to a window that is gone, such as its textures. What a person set stays.
    pub fn reopen(&mut self) {
        self.panels.reopen();
        self.show.presenting = false;
    }

    /// One pass, whose answers all come later.
    pub fn ui(&mut self, ui: &mut Ui) {
        self.pass(ui, None);
    }

    /// One pass, in which `at_once` may answer what a picture on the screen follows from.
    pub fn ui_asking(&mut self, ui: &mut Ui, at_once: &mut AtOnce<'_>) {
        self.pass(ui, Some(at_once));
    }

    /// One pass: what is new, what the person does, what the window shows, what the worker is asked.
    fn pass(&mut self, ui: &mut Ui, at_once: Option<&mut AtOnce<'_>>) {
        let ctx = ui.ctx().clone();
        self.fit_zoom(&ctx);
        for done in self.tasks.take_done() {
            self.finish(&ctx, done);
        }
        if let Some(left) = self.notices.expire(Instant::now()) {
            ctx.request_repaint_after(left);
        }
        self.look_around(&ctx);
        self.read_lessons(&ctx);
        self.take_dropped_files(&ctx);
        let mut commands = std::mem::take(&mut self.commands);
        let presenting = self.show.presenting;
        keyboard::present_or_leave(&ctx, presenting, &mut commands);
        let for_a_dialog = self.dialogs.take_keys() || self.import.is_open || self.lessons.list;
        if !for_a_dialog {
            if presenting {
                panels::presenter::keys(ui, &mut commands);
            }
            let digits = match self.session.open(&self.controls.model) {
                Some(open) => Digits::of(open),
                None => Digits::default(),
            };
            let shown = (presenting, digits);
            if self.has_brush_in_front() {
                keyboard::put_brush_away(&ctx, &mut commands);
            }
            keyboard::handle(&ctx, &mut self.controls, shown, &mut commands);
        }
        self.prepare_import(&ctx);
        self.advance(&ctx);
        self.make_film(&ctx);
        self.paint(ui, &mut commands, at_once);
        self.notice_form();
        for command in commands {
            self.run(&ctx, command);
        }
        // A show is one long gesture: one step of undo, and nothing slow is asked for on the way. So is a search, and so is a stroke
        // on the picture until the model has answered it.
        let unanswered = self.panels.explore.has_stroke() && self.session.pending(Channel::Encode);
        let by_itself = self.playing() || self.session.searching() || unanswered;
        // What the stroke before left is a step of its own.
        let begins = self.panels.explore.take_stroke_beginning();
        self.guide(&ctx);
        let hands = ctx.input(|input| Hands {
            hold: (input.pointer.any_down()
                || input.keys_down.iter().any(keyboard::is_held)
                || by_itself)
                && !begins,
            let_go: input.pointer.any_released(),
            again: input.pointer.button_double_clicked(PointerButton::Primary),
        });
        self.history
            .observe(&self.controls, &self.kept.notebook, &self.session, hands);
        self.follow_trail();
        self.save_map(&ctx);
        self.ask(hands.hold);
        self.entitle(&ctx);
        self.keep(&ctx, hands.hold);
    }
}
