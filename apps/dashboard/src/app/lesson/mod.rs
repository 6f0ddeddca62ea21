//! Lessons: which one is under way, what its steps have the window do, and whether a step is done.

mod folder;

use std::path::PathBuf;

use eframe::egui;
use studio::ModelSource;

use super::{App, tasks::Done};
use crate::state::{
    command::{LessonCommand, ModelCommand, WindowCommand},
    lesson::{Action, Library, Running, Seen, shipped},
    lesson_notes::LessonNote,
    notices::{Tone, Topic},
};

impl App {
    pub(super) fn lesson_command(&mut self, ctx: &egui::Context, command: LessonCommand) {
        match command {
            LessonCommand::ToggleList => {
                self.lessons.list = !self.lessons.list;
                // The first button of the list takes it.
                ctx.memory_mut(|memory| {
                    if let Some(id) = memory.focused() {
                        memory.surrender_focus(id);
                    }
                });
                // Somebody may have written one meanwhile.
                self.lessons.read &= !self.lessons.list;
                self.read_lessons(ctx);
            }
            LessonCommand::Begin(key) => self.begin_lesson(ctx, &key, false),
            LessonCommand::BeginAnew(key) => self.begin_lesson(ctx, &key, true),
            LessonCommand::Next => self.next_step(),
            LessonCommand::Back => {
                if let Some(running) = &mut self.lessons.running {
                    running.go_to(running.step.saturating_sub(1));
                }
                self.note_step();
            }
            LessonCommand::ShowMe => self.show_how(ctx),
            LessonCommand::OpenModel => self.open_lesson_model(),
            LessonCommand::SaveExample => self.save_example(ctx),
            LessonCommand::Leave => self.lessons.running = None,
        }
    }

    /// Reads the person's own lessons, once and whenever the list is opened.
    pub(super) fn read_lessons(&mut self, ctx: &egui::Context) {
        if std::mem::replace(&mut self.lessons.read, true) {
            return;
        }
        let Some(folder) = self.lesson_folder() else {
            return;
        };
        self.tasks.run(ctx, "read the lessons", move || {
            Some(Done::Lessons(folder::read(&folder)))
        });
    }

    /// Where the person's own lessons are; `None` if nothing is kept of this window.
    pub(super) fn lesson_folder(&self) -> Option<PathBuf> {
        let persistence = self.kept.persistence.as_ref()?;
        Some(persistence.folder.folder.join(folder::FOLDER))
    }

    /// Takes the person's own lessons.
    pub(super) fn take_lessons(&mut self, own: Library) {
        let mut library = shipped();
        library.lessons.extend(own.lessons);
        library.damaged.extend(own.damaged);
        self.lessons.library = library;
    }

    /// Saves an example among the person's own lessons, under a name that is free.
    fn save_example(&mut self, ctx: &egui::Context) {
        let Some(folder) = self.lesson_folder() else {
            let text = "Nothing is kept of this window, so there is no folder of your own lessons.";
            return self.notices.say(Topic::Lesson, Tone::Bad, text);
        };
        self.tasks.run(ctx, "save an example", move || {
            let saved = folder::save_example(&folder);
            Some(Done::Example(
                saved.map(|path| (path, folder::read(&folder))),
            ))
        });
    }

    pub(super) fn take_example(&mut self, saved: Result<(PathBuf, Library), String>) {
        match saved {
            Ok((path, own)) => {
                self.take_lessons(own);
                let text = format!("Saved {}. Open it in any editor.", path.display());
                self.notices.say(Topic::Lesson, Tone::Good, text);
            }
            Err(message) => self.notices.say(Topic::Lesson, Tone::Bad, message),
        }
    }

    /// Begins a lesson where the person left it, or `anew`.
    fn begin_lesson(&mut self, ctx: &egui::Context, key: &str, anew: bool) {
        let Some(listed) = self.lessons.library.find(key).cloned() else {
            return;
        };
        let notes = &mut self.kept.notebook.lessons;
        let note = notes.entry(key.to_owned()).or_default();
        if anew || note.step >= listed.lesson.steps.len() {
            *note = LessonNote {
                finished: note.finished,
                ..LessonNote::default()
            };
        }
        let step = note.step;
        self.lessons.list = false;
        self.lessons.running = Some(Running {
            listed,
            step,
            entered: false,
        });
        self.dialogs.help = false;
        if self.dialogs.tour.is_some() {
            self.window_command(ctx, WindowCommand::Tour(None));
        }
        self.window_command(ctx, WindowCommand::Present(false));
        if !self.lesson_fits() {
            self.open_lesson_model();
        }
    }

    /// Whether the model in front is one that the lesson can be done with. One that is being opened is known by its name.
    pub(super) fn lesson_fits(&self) -> bool {
        let Some(running) = &self.lessons.running else {
            return true;
        };
        let front = &self.controls.model;
        match self.open_model() {
            Some(open) => running.listed.lesson.fits(front, open),
            None => running.listed.lesson.model == front.short_name(),
        }
    }

    fn open_lesson_model(&mut self) {
        let Some(running) = &self.lessons.running else {
            return;
        };
        let name = running.listed.lesson.model.clone();
        let named = |source: &&ModelSource| source.short_name() == name;
        let folders = self.kept.recent.models.iter().cloned();
        let found = ModelSource::shipped(&name)
            .or_else(|| self.session.sources().find(named).cloned())
            .or_else(|| folders.map(ModelSource::Folder).find(|one| named(&one)));
        let Some(source) = found else {
            let text = format!(
                "This lesson is made for the model {name}, which is not open here. Open its folder, then begin again."
            );
            return self.notices.say(Topic::Lesson, Tone::Bad, text);
        };
        self.commands.push(ModelCommand::Open(source).into());
    }

    fn next_step(&mut self) {
        let Some(running) = &mut self.lessons.running else {
            return;
        };
        if !running.is_last() {
            running.go_to(running.step + 1);
            return self.note_step();
        }
        let (key, title) = (&running.listed.key, &running.listed.lesson.title);
        let note = self.kept.notebook.lessons.entry(key.clone()).or_default();
        (note.step, note.finished) = (running.step + 1, true);
        let text = format!("Finished: {title}. F9 shows the other lessons.");
        self.notices.say(Topic::Lesson, Tone::Good, text);
        self.lessons.running = None;
    }

    /// Notes the step to go on with.
    fn note_step(&mut self) {
        if let Some(running) = &self.lessons.running {
            let key = running.listed.key.clone();
            let note = self.kept.notebook.lessons.entry(key).or_default();
            note.step = running.step;
        }
    }

    fn show_how(&mut self, ctx: &egui::Context) {
        let step = self.lessons.running.as_ref().and_then(Running::step);
        let show = step.map(|step| step.show.clone()).unwrap_or_default();
        if self.open_model().is_some() && self.lesson_fits() {
            self.do_actions(ctx, &show);
        }
    }

    fn do_actions(&mut self, ctx: &egui::Context, actions: &[Action]) {
        for action in actions {
            match action.deed(self.lesson_sees()) {
                Ok(deed) => {
                    for command in deed.set(&mut self.controls) {
                        self.run(ctx, command);
                    }
                }
                Err(reason) => {
                    let text = format!("The lesson could not go on as it is written: {reason}.");
                    self.notices.say(Topic::Lesson, Tone::Bad, text);
                }
            }
        }
    }

    /// What a lesson looks at.
    fn lesson_sees(&self) -> Seen<'_> {
        Seen {
            controls: &self.controls,
            session: &self.session,
            notebook: &self.kept.notebook,
        }
    }

    /// Whether the step in front is done.
    pub(super) fn step_is_done(&self) -> bool {
        let note = |running: &Running| {
            let note = self.kept.notebook.lessons.get(&running.listed.key);
            note.is_some_and(|note| note.done.contains(&running.step))
        };
        self.lessons.running.as_ref().is_some_and(note)
    }

    /// Begins the step in front once its model is open, and ticks it once it is done.
    pub(super) fn guide(&mut self, ctx: &egui::Context) {
        if self.open_model().is_none() || !self.lesson_fits() {
            return;
        }
        let Some(running) = &mut self.lessons.running else {
            return;
        };
        let Some(step) = running.step().cloned() else {
            return;
        };
        if !std::mem::replace(&mut running.entered, true) {
            self.do_actions(ctx, &step.first);
            return ctx.request_repaint();
        }
        let holds = step
            .check
            .is_some_and(|check| check.holds(self.lesson_sees()));
        if holds && !self.step_is_done() {
            let Some(running) = &self.lessons.running else {
                return;
            };
            let notes = &mut self.kept.notebook.lessons;
            let note = notes.entry(running.listed.key.clone()).or_default();
            note.done.insert(running.step);
            ctx.request_repaint();
        }
    }
}
