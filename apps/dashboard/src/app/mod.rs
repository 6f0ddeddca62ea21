//! The app: controls in, jobs out; answers in, pictures out. It knows no worker and no window, so tests can be both.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use crate::channel::{Channel, Job, Published};
use datasets::{KnownDataset, LabelledImages};
use eframe::egui::{self, Ui};
use studio::ModelSource;

mod carry_out;
mod compare;
mod film;
mod map;
mod remember;
mod show;
mod take_away;

use crate::{
    catalogue,
    command::Command,
    compare as comparison,
    controls::{Controls, Space},
    device::Chosen,
    jobs,
    memory::Recent,
    models::Change,
    notebook::Notebook,
    notices::{Notices, Tone, Topic},
    panels::{
        self, Context,
        anchors::AnchorsPanel,
        command_palette::{self, CommandPalette},
        compare::ComparePanel,
        evaluate::EvaluatePanel,
        explain::ExplainPanel,
        explore::ExplorePanel,
        map::MapPanel,
        name_prompt::{self, NamePrompt},
        path_prompt::{Choice, PathPrompt},
        presenter::PresenterPanel,
        strip::StripPanel,
    },
    session::{Model, News, Session},
    sheet::Sheet,
    shortcuts,
    tasks::Tasks,
    timeline::Player,
    undo::History,
};

/// Everything behind the window.
pub struct App {
    controls: Controls,
    session: Session,
    history: History,
    notices: Notices,
    samples: BTreeMap<KnownDataset, LabelledImages>,
    samples_asked: BTreeSet<KnownDataset>,
    tasks: Tasks,
    device: Chosen,
    prompt: Option<PathPrompt>,
    /// The plot that the prompt is about.
    sheet: Option<Sheet>,
    help: bool,
    outbox: Vec<Job>,
    commands: Vec<Command>,
    explore: ExplorePanel,
    anchors: AnchorsPanel,
    explain: ExplainPanel,
    compare: ComparePanel,
    evaluate: EvaluatePanel,
    map: MapPanel,
    recent: Recent,
    keeping: Option<remember::Keeping>,
    strip: StripPanel,
    player: Option<Player>,
    presenter: PresenterPanel,
    presenting: bool,
    /// The film that is being made, and whether it is being written.
    making: Option<film::Making>,
    writing: bool,
    /// The model of a scene that came from a file, and the weights that it was made with.
    expected: Option<(ModelSource, String)>,
    notebook: Notebook,
    naming: Option<NamePrompt>,
    palette: Option<CommandPalette>,
    tour: Option<usize>,
}

impl App {
    /// An app that shows `controls.model`, which it asks the worker to open at its first pass.
    #[must_use]
    pub fn new(controls: Controls, device: Chosen) -> Self {
        Self {
            controls,
            session: Session::default(),
            history: History::default(),
            notices: Notices::default(),
            samples: BTreeMap::new(),
            samples_asked: BTreeSet::new(),
            tasks: Tasks::default(),
            device,
            prompt: None,
            sheet: None,
            help: false,
            outbox: Vec::new(),
            commands: Vec::new(),
            explore: ExplorePanel::default(),
            anchors: AnchorsPanel::default(),
            explain: ExplainPanel::default(),
            compare: ComparePanel::default(),
            evaluate: EvaluatePanel::default(),
            map: MapPanel::default(),
            recent: Recent::default(),
            keeping: None,
            strip: StripPanel::default(),
            player: None,
            presenter: PresenterPanel::default(),
            presenting: false,
            making: None,
            writing: false,
            expected: None,
            notebook: Notebook::default(),
            naming: None,
            palette: None,
            tour: None,
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

    /// Whether the shipped sample of a data set is unpacked.
    #[must_use]
    pub fn has_sample(&self, dataset: KnownDataset) -> bool {
        self.samples.contains_key(&dataset)
    }

    /// The jobs for the worker since the last call.
    pub fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.outbox)
    }

    /// Takes an answer or an error from the worker.
    pub fn receive(&mut self, published: Published) {
        match self.session.receive(published, &self.controls.model) {
            // When a model does not open, the middle of the window says why, and what to do.
            News::Stale | News::Failed(Channel::Open, _) => {}
            News::Answered(channel) => self.notices.clear(Topic::Channel(channel)),
            News::Opened(model) => {
                if let Some(Model::Open(manifest)) = self.session.model(&model) {
                    self.controls.open(&model, manifest);
                    self.recent.model(&model);
                    self.check_expected();
                }
            }
            News::Encoded(asked, encoded) => {
                self.notices.clear(Topic::Channel(Channel::Encode));
                if let Some(scene) = self.controls.scene_mut() {
                    scene.go(encoded.mean, asked.start);
                }
            }
            News::Drawn(job, gallery) => self.take_drawn(&job, gallery),
            News::Failed(channel, message) => {
                if channel == Channel::Export {
                    self.give_film_up();
                }
                self.notices
                    .say(Topic::Channel(channel), Tone::Bad, message);
            }
        }
    }

    /// Says why the models are where they are from the start.
    pub fn explain_device(&mut self, chosen: Chosen) {
        self.device = chosen;
    }

    /// Takes the news about where the models are. What was asked of them is asked again if they moved.
    pub fn change_device(&mut self, change: Change) {
        if change.moved {
            self.outbox = self.session.move_models();
        }
        if change.failed {
            let text = format!("{} The models run on the CPU.", change.chosen.reason);
            self.notices.say(Topic::Device, Tone::Bad, text);
        }
        self.device = change.chosen;
    }

    /// Forgets what belongs to a window that is gone, such as its textures. What a person set stays.
    pub fn reopen(&mut self) {
        self.explore.reopen();
        self.anchors = AnchorsPanel::default();
        self.explain = ExplainPanel::default();
        self.compare = ComparePanel::default();
        self.evaluate = EvaluatePanel::default();
        self.map.reopen();
        self.strip = StripPanel::default();
        self.presenter = PresenterPanel::default();
        self.presenting = false;
    }

    /// Where Explore's first slider was at the last pass.
    #[must_use]
    pub fn first_slider(&self) -> Option<egui::Rect> {
        self.explore.first_slider()
    }

    /// The device in use, in words.
    #[must_use]
    pub fn device(&self) -> &Chosen {
        &self.device
    }

    /// One pass: what is new, what the person does, what the window shows, what the worker is asked.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        for done in self.tasks.take_done() {
            self.finish(&ctx, done);
        }
        if let Some(left) = self.notices.expire(Instant::now()) {
            ctx.request_repaint_after(left);
        }
        self.take_dropped_file(&ctx);
        let mut commands = std::mem::take(&mut self.commands);
        if self.prompt.is_none() && self.naming.is_none() && self.palette.is_none() {
            if self.presenting {
                panels::presenter::keys(ui, &mut commands);
            }
            shortcuts::handle(&ctx, &mut self.controls, self.presenting, &mut commands);
        }
        self.advance(&ctx);
        self.make_film(&ctx);
        self.show(ui, &mut commands);
        for command in commands {
            self.run(&ctx, command);
        }
        // A show is one long gesture: one step of undo, and nothing slow is asked for on the way.
        let gesture = ctx.input(|input| input.pointer.any_down()) || self.player.is_some();
        self.history.observe(&self.controls, gesture);
        self.ask(&ctx, gesture);
        self.keep(&ctx, gesture);
    }

    fn show(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let mut context = Context {
            controls: &mut self.controls,
            session: &self.session,
            samples: &self.samples,
            history: (self.history.can_undo(), self.history.can_redo()),
            recent: &self.recent,
            commands,
            notebook: &self.notebook,
        };
        if self.presenting && panels::open(context.controls, context.session).is_some() {
            self.presenter.ui(ui, &mut context);
            panels::notices::ui(ui, &self.notices, commands);
            return;
        }
        panels::top_bar::ui(ui, &mut context);
        panels::status_bar::ui(ui, &context, &self.device, &self.notices);
        if context.controls.space != Space::Evaluate {
            self.strip.ui(ui, &mut context, self.player.is_some());
        }
        if panels::open(context.controls, context.session).is_none() {
            panels::opening::ui(ui, &mut context);
        } else {
            match context.controls.space {
                Space::Explore => self.explore.ui(ui, &mut context),
                Space::Anchors => self.anchors.ui(ui, &mut context),
                Space::Explain => self.explain.ui(ui, &mut context),
                Space::Map => self.map.ui(ui, &mut context),
                Space::Compare => self.compare.ui(ui, &mut context),
                Space::Evaluate => self.evaluate.ui(ui, &mut context),
            }
        }
        panels::notices::ui(ui, &self.notices, commands);
        if self.help {
            self.help = panels::help::ui(ui.ctx());
        }
        if let Some((text, share)) = self.film_progress() {
            panels::film::ui(ui, &text, share, commands);
        }
        self.show_prompt(ui.ctx(), commands);
        self.show_palette(ui.ctx(), commands);
        if let Some(step) = self.tour {
            panels::tour::ui(ui.ctx(), step, commands);
        }
        if let Some(prompt) = &mut self.naming {
            match prompt.ui(ui.ctx()) {
                name_prompt::Choice::Open => {}
                name_prompt::Choice::Cancel => self.naming = None,
                name_prompt::Choice::Done(command) => {
                    commands.push(command);
                    self.naming = None;
                }
            }
        }
        panels::drop_target::ui(ui);
    }

    fn show_palette(&mut self, ctx: &egui::Context, commands: &mut Vec<Command>) {
        let Some(palette) = &mut self.palette else {
            return;
        };
        let manifest = self.session.manifest(&self.controls.model);
        let selected = self.controls.scene().map(|scene| scene.selected);
        match palette.ui(ctx, &catalogue::entries(manifest, selected)) {
            command_palette::Choice::Open => {}
            command_palette::Choice::Cancel => self.palette = None,
            command_palette::Choice::Done(command) => {
                commands.push(command);
                self.palette = None;
            }
        }
    }

    fn show_prompt(&mut self, ctx: &egui::Context, commands: &mut Vec<Command>) {
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        let purpose = prompt.purpose;
        match prompt.ui(ctx) {
            Choice::Open => {}
            Choice::Cancel => self.prompt = None,
            Choice::Browse(path) => self.tasks.browse(ctx, purpose, &path),
            Choice::Done(command) => {
                commands.push(command);
                self.prompt = None;
            }
        }
    }

    /// Asks the worker for what the controls now need. A job that was asked for already is not asked for again.
    fn ask(&mut self, ctx: &egui::Context, gesture: bool) {
        let model = &self.controls.model;
        let jobs = match self.session.model(model) {
            None => vec![jobs::open(model)],
            Some(Model::Failed(_)) => Vec::new(),
            Some(Model::Open(manifest)) => {
                if let Some(dataset) = manifest.known_dataset()
                    && self.samples_asked.insert(dataset)
                {
                    self.tasks.unpack_sample(ctx, dataset);
                }
                let mut jobs = jobs::wanted(&self.controls, manifest, gesture);
                jobs.extend(self.map_jobs(manifest));
                jobs.extend(comparison::wanted(&self.controls, &self.session));
                jobs
            }
        };
        for job in jobs {
            // Nothing else is to be seen.
            if self.presenting && !matches!(job.channel, Channel::Open | Channel::Frame) {
                continue;
            }
            if self.session.submit(&job, self.controls.scene()) {
                self.outbox.push(job);
            }
        }
    }
}
