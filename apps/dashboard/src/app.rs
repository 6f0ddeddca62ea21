//! The app: controls in, jobs out; answers in, pictures out. It knows no worker and no window, so tests can be both.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Instant,
};

use datasets::{Fit, KnownDataset, LabelledImages};
use eframe::egui::{self, Ui};
use studio::{Channel, Job, ModelSource, Published};

use crate::{
    command::Command,
    controls::{Controls, InputImage, Space, Start},
    device::Chosen,
    export, jobs,
    notices::{Notices, Tone, Topic},
    panels::{
        self, Context,
        anchors::AnchorsPanel,
        evaluate::EvaluatePanel,
        explain::ExplainPanel,
        explore::ExplorePanel,
        path_prompt::{self, Choice, PathPrompt},
    },
    session::{Model, News, Session},
    shortcuts,
    tasks::{Done, Purpose, Tasks},
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
    help: bool,
    outbox: Vec<Job>,
    commands: Vec<Command>,
    explore: ExplorePanel,
    anchors: AnchorsPanel,
    explain: ExplainPanel,
    evaluate: EvaluatePanel,
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
            help: false,
            outbox: Vec::new(),
            commands: Vec::new(),
            explore: ExplorePanel::default(),
            anchors: AnchorsPanel::default(),
            explain: ExplainPanel::default(),
            evaluate: EvaluatePanel::default(),
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

    /// The jobs for the worker since the last call.
    pub fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.outbox)
    }

    /// Takes an answer or an error from the worker.
    pub fn receive(&mut self, published: Published) {
        match self.session.receive(published, &self.controls.model) {
            News::Stale => {}
            News::Answered(channel) => self.notices.clear(Topic::Channel(channel)),
            News::Opened(model) => {
                if let Some(Model::Open(manifest)) = self.session.model(&model) {
                    self.controls.open(&model, manifest);
                }
            }
            News::Encoded(asked, encoded) => {
                self.notices.clear(Topic::Channel(Channel::Encode));
                if let Some(scene) = self.controls.scene_mut() {
                    scene.go(encoded.mean, asked.start);
                }
            }
            // The middle of the window says why, and what to do.
            News::Failed(Channel::Open, _) => {}
            News::Failed(channel, message) => {
                self.notices.say(Topic::Channel(channel), Tone::Bad, message);
            }
        }
    }

    /// One pass: what is new, what the person does, what the window shows, what the worker is asked.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        for done in self.tasks.take_done() {
            self.finish(done);
        }
        if let Some(left) = self.notices.expire(Instant::now()) {
            ctx.request_repaint_after(left);
        }
        self.take_dropped_file(&ctx);
        let mut commands = std::mem::take(&mut self.commands);
        if self.prompt.is_none() {
            shortcuts::handle(&ctx, &mut self.controls, &mut commands);
        }
        self.show(ui, &mut commands);
        for command in commands {
            self.run(&ctx, command);
        }
        let gesture = ctx.input(|input| input.pointer.any_down());
        self.history.observe(&self.controls, gesture);
        self.ask(&ctx, gesture);
    }

    fn show(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let mut context = Context {
            controls: &mut self.controls,
            session: &self.session,
            samples: &self.samples,
            history: (self.history.can_undo(), self.history.can_redo()),
            commands,
        };
        panels::top_bar::ui(ui, &mut context);
        panels::status_bar::ui(ui, &context, &self.device, &self.notices);
        if panels::open(context.controls, context.session).is_none() {
            panels::opening::ui(ui, &mut context);
        } else {
            match context.controls.space {
                Space::Explore => self.explore.ui(ui, &mut context),
                Space::Anchors => self.anchors.ui(ui, &mut context),
                Space::Explain => self.explain.ui(ui, &mut context),
                Space::Evaluate => self.evaluate.ui(ui, &mut context),
            }
        }
        panels::notices::ui(ui, &self.notices, commands);
        if self.help {
            self.help = panels::help::ui(ui.ctx());
        }
        self.show_prompt(ui.ctx(), commands);
        panels::drop_target::ui(ui);
    }

    fn show_prompt(&mut self, ctx: &egui::Context, commands: &mut Vec<Command>) {
        let Some(prompt) = &mut self.prompt else { return };
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
                jobs::wanted(&self.controls, manifest, gesture)
            }
        };
        for job in jobs {
            if self.session.submit(&job, self.controls.scene()) {
                self.outbox.push(job);
            }
        }
    }

    fn run(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::Show(space) => self.controls.space = space,
            Command::OpenModel(model) => self.controls.model = model,
            Command::RetryModel => self.session.retry(&self.controls.model),
            Command::Theme(theme) => ctx.set_theme(theme),
            Command::StartFromAnchor(class) => self.start_from_anchor(class),
            Command::StartFromSample(index) => self.start_from_sample(index),
            Command::BackToStart => {
                if let Some(scene) = self.controls.scene_mut() {
                    scene.latent.clone_from(&scene.origin);
                }
            }
            Command::OpenImage(path) => self.tasks.read_image(ctx, path, self.fit()),
            Command::Explore { latent, start } => {
                self.controls.space = Space::Explore;
                if let Some(scene) = self.controls.scene_mut() {
                    scene.go(latent, start);
                }
            }
            Command::Randomise => {
                if let Some(scene) = self.controls.scene_mut() {
                    scene.randomise();
                }
            }
            Command::Reset => self.reset(),
            Command::ShowDimension(dim) => {
                self.controls.space = Space::Explore;
                if let Some(scene) = self.controls.scene_mut() {
                    scene.selected = dim;
                }
            }
            Command::Undo => self.history.undo(&mut self.controls),
            Command::Redo => self.history.redo(&mut self.controls),
            Command::AskForImage => self.prompt = Some(PathPrompt::new(Purpose::OpenImage, String::new())),
            Command::AskForModel => self.prompt = Some(PathPrompt::new(Purpose::OpenModel, String::new())),
            Command::AskWhereToSave => self.prompt = Some(PathPrompt::new(Purpose::SaveImage, self.file_name())),
            Command::SaveImage(path) => {
                if let Some(pixels) = self.pixels() {
                    self.tasks.save_image(ctx, path, pixels);
                }
            }
            Command::CopyImage => {
                if let Some(pixels) = self.pixels() {
                    ctx.copy_image(export::picture(&pixels));
                    self.notices.say(Topic::Clipboard, Tone::Good, "The image is on the clipboard.");
                }
            }
            Command::ToggleHelp => self.help = !self.help,
            Command::Dismiss(id) => self.notices.dismiss(id),
        }
        // What was carried out after the panels were painted shows at the next pass.
        ctx.request_repaint();
    }

    fn start_from_anchor(&mut self, class: datasets::ClassId) {
        let manifest = self.session.manifest(&self.controls.model);
        let Some(vae) = manifest.and_then(|manifest| manifest.vae.as_ref()) else { return };
        if class.index() < vae.regions.classes() {
            let latent = vae.regions.anchor(class);
            if let Some(scene) = self.controls.scene_mut() {
                scene.go(latent, Start::Anchor(class));
            }
        }
    }

    fn start_from_sample(&mut self, index: usize) {
        let manifest = self.session.manifest(&self.controls.model);
        let dataset = manifest.and_then(studio::Manifest::known_dataset);
        let Some(images) = dataset.and_then(|dataset| self.samples.get(&dataset)) else { return };
        let Some(scene) = self.controls.scenes.get_mut(&self.controls.model) else { return };
        if index >= images.len() {
            return;
        }
        scene.sample = index;
        let image = InputImage {
            name: format!("Test image {}", index + 1),
            label: Some(images.label(index)),
            pixels: images.image(index).iter().map(|&byte| f32::from(byte) / 255.0).collect(),
        };
        self.encode(image);
    }

    /// Asks for the latent of an image; the scene goes there when it comes.
    fn encode(&mut self, image: InputImage) {
        let job = jobs::encode(&self.controls.model, &image);
        let Some(scene) = self.controls.scene() else { return };
        let mut asked = scene.clone();
        asked.start = Start::Image(image);
        if let Some(encoded) = self.session.encoded(&job) {
            let mean = encoded.mean.clone();
            if let Some(scene) = self.controls.scene_mut() {
                scene.go(mean, asked.start);
            }
        } else if self.session.submit(&job, Some(&asked)) {
            self.outbox.push(job);
        }
    }

    fn reset(&mut self) {
        let manifest = self.session.manifest(&self.controls.model);
        let Some(vae) = manifest.and_then(|manifest| manifest.vae.as_ref()) else { return };
        let stats = vae.latent.clone();
        if let Some(scene) = self.controls.scene_mut() {
            scene.reset(&stats);
        }
    }

    fn finish(&mut self, done: Done) {
        match done {
            Done::Image(Ok(image)) => {
                self.notices.clear(Topic::File);
                self.controls.space = Space::Explore;
                self.encode(image);
            }
            Done::Image(Err(message)) => self.notices.say(Topic::File, Tone::Bad, message),
            Done::Saved(path, Ok(())) => {
                let text = format!("Saved {}", path.display());
                self.notices.say(Topic::File, Tone::Good, text);
            }
            Done::Saved(_, Err(message)) => self.notices.say(Topic::File, Tone::Bad, message),
            Done::Chosen(purpose, path) => {
                self.prompt = None;
                self.commands.push(path_prompt::command(purpose, path));
            }
            Done::Sample(dataset, images) => {
                self.samples.insert(dataset, images);
            }
        }
    }

    fn take_dropped_file(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let Some(file) = dropped.first() else { return };
        let path = file.path().to_owned();
        let purpose = if path.is_dir() { Purpose::OpenModel } else { Purpose::OpenImage };
        self.commands.push(path_prompt::command(purpose, path));
    }

    /// How a picture of the person's own is fitted into 28x28 pixels: as the data set's were.
    fn fit(&self) -> Fit {
        let manifest = self.session.manifest(&self.controls.model);
        manifest.and_then(studio::Manifest::known_dataset).map_or(Fit::Whole, Fit::from)
    }

    /// The image in front, without its heatmap.
    fn pixels(&self) -> Option<Vec<f32>> {
        let answers = self.session.answers(&self.controls.model);
        Some(answers.frame.as_ref()?.value.image.clone())
    }

    fn file_name(&self) -> String {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let name = match &self.controls.model {
            ModelSource::Shipped(dataset) => dataset.slug().to_owned(),
            ModelSource::Folder(folder) => {
                folder.file_name().map_or_else(|| "model".to_owned(), |name| name.to_string_lossy().into_owned())
            }
        };
        folder.join(format!("latent-lens-{name}.png")).display().to_string()
    }
}
