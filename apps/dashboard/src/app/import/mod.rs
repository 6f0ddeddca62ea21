//! Pictures that a person brings: read on a thread, used at once if nothing is in doubt, and else shown in the import card.

mod reading;

use eframe::egui;
use image::DynamicImage;

use super::App;
use crate::state::{
    channel::Channel,
    command::ImportCommand,
    controls::Space,
    import::{Answer, Card, ImportDone, Source, Tile},
    jobs,
    model::OpenModel,
    notices::{Tone, Topic},
    scene::InputImage,
};
const NO_MODEL: &str = "There is no model in front yet that the picture could be made ready for.";
const NO_PICTURE: &str = "There is no picture to adjust yet. Open one (Ctrl+O), drop it on the window, or paste it (Ctrl+V).";

impl App {
    /// Puts pictures into the tray, and reads the first of them. One alone is used at once if nothing is in doubt about it; of several
    /// the card shows the first.
    pub(super) fn bring(&mut self, ctx: &egui::Context, sources: Vec<Source>) {
        let several = sources.len() > 1 || self.import.is_open;
        self.import.put_back();
        self.import.tray.bring(sources, self.import.is_open);
        self.import.is_open = several;
        if several {
            let unread = self.import.tray.pictures().iter();
            let unread = unread.filter(|picture| matches!(picture.tile, Tile::Unread));
            let unread = unread.map(|picture| (picture.number, picture.source.clone()));
            reading::look_at(&self.tasks, ctx, unread.collect());
        }
        self.read_front(ctx);
    }

    pub(super) fn import_command(&mut self, ctx: &egui::Context, command: ImportCommand) {
        match command {
            ImportCommand::Open => self.open_card(ctx),
            ImportCommand::Cancel => self.import.close(),
            ImportCommand::Use => {
                if let Some(card) = &mut self.import.card {
                    card.to_be_used = true;
                }
            }
            ImportCommand::Show(number) => {
                self.import.put_back();
                self.import.tray.choose(number);
                let front = self.import.tray.front();
                if front.is_some_and(|front| matches!(front.tile, Tile::Scene)) {
                    // The scene comes back where the card was.
                    self.import.close();
                }
                self.read_front(ctx);
            }
        }
    }

    fn open_card(&mut self, ctx: &egui::Context) {
        if self.import.tray.front().is_none() {
            return self.notices.say(Topic::File, Tone::Bad, NO_PICTURE);
        }
        let used = self.import.tray.front().is_some_and(|front| front.used);
        if used {
            self.import.tray.go_on();
        }
        self.import.is_open = true;
        self.read_front(ctx);
    }

    /// Reads the picture in front of the tray. A file that could not be read may have been mended meanwhile.
    fn read_front(&self, ctx: &egui::Context) {
        if let Some(front) = self.import.tray.front() {
            reading::read(&self.tasks, ctx, front.number, front.source.clone());
        }
    }

    pub(super) fn finish_import(&mut self, ctx: &egui::Context, done: ImportDone) {
        match done {
            ImportDone::Looked(number, tile) => {
                if let Some(picture) = self.import.tray.get_mut(number) {
                    picture.tile = tile;
                }
            }
            ImportDone::Read(number, read) if self.is_in_front(number) => match read {
                Ok(picture) => self.put_into_card(number, *picture),
                Err(reason) => self.cannot_read(ctx, number, reason),
            },
            ImportDone::Scene(number, path, recipe) if self.is_in_front(number) => {
                if self.import.is_open {
                    // Of several, it waits until the person asks for it.
                    self.set_aside(ctx, number, Tile::Scene);
                } else {
                    self.kept.recent.image(path);
                    self.restore(*recipe);
                }
            }
            // The person has gone on to another picture.
            ImportDone::Read(..) | ImportDone::Scene(..) => {}
            ImportDone::Ready(answer) => self.take_ready(*answer),
        }
    }

    fn is_in_front(&self, number: u64) -> bool {
        let front = self.import.tray.front();
        front.is_some_and(|front| front.number == number)
    }

    /// Says what is known of a picture that the card cannot show, and goes on to the next one.
    fn set_aside(&mut self, ctx: &egui::Context, number: u64, tile: Tile) {
        if let Some(picture) = self.import.tray.get_mut(number) {
            picture.tile = tile;
        }
        if self.import.tray.go_on() {
            self.read_front(ctx);
        }
    }

    fn put_into_card(&mut self, number: u64, picture: DynamicImage) {
        let Some(front) = self.import.tray.front() else {
            return;
        };
        if self.wanted_image().is_none() {
            self.import.close();
            return self.notices.say(Topic::File, Tone::Bad, NO_MODEL);
        }
        if let Source::File(path) = &front.source {
            self.kept.recent.image(path.clone());
        }
        let name = front.source.name();
        self.notices.clear(Topic::File);
        self.import.card = Some(Card::new(number, name, front.adjustments, picture));
    }

    /// A picture alone says it in a notice. Among several it says so in its place, and the next one comes to the front.
    fn cannot_read(&mut self, ctx: &egui::Context, number: u64, reason: String) {
        if self.import.tray.pictures().len() == 1 {
            self.import.close();
            self.notices.say(Topic::File, Tone::Bad, reason);
        } else {
            self.set_aside(ctx, number, Tile::Unreadable(reason));
        }
    }

    fn take_ready(&mut self, answer: Answer) {
        if let Some(card) = &mut self.import.card {
            card.receive(answer);
        }
        if self.import.is_open {
            return;
        }
        // Nobody has seen the picture yet: it is used as it is, or the card asks.
        let finds = self.open_model().is_some_and(OpenModel::finds_images);
        let ready = self.import.card.as_ref().and_then(Card::ready);
        let clear = ready.is_some_and(|ready| {
            let prepared = ready.prepared.as_ref();
            prepared.is_ok_and(|prepared| prepared.warnings.is_empty())
        });
        if let Some(card) = self.import.card.as_mut().filter(|_| clear && finds) {
            card.to_be_used = true;
        } else {
            self.import.is_open = self.import.card.is_some();
        }
    }

    /// Asks for what the card needs, once a pass, and uses its picture as soon as that is ready.
    pub(super) fn prepare_import(&mut self, ctx: &egui::Context) {
        let Some(wanted) = self.wanted_image() else {
            return;
        };
        let Some(card) = &mut self.import.card else {
            return;
        };
        if let Some(question) = card.ask(wanted) {
            reading::make_ready(&self.tasks, ctx, question);
        }
        let judged = self.session.answers(&self.controls.model).judged.as_ref();
        if let Some(judged) = judged.filter(|judged| card.image() == Some(&judged.value.image)) {
            card.prediction.clone_from(&judged.value.prediction);
        }
        if card.to_be_used && card.is_fresh(wanted) {
            card.to_be_used = false;
            if let Some(image) = card.image().cloned() {
                let name = card.name.clone();
                self.use_image(InputImage {
                    name,
                    label: None,
                    encoded_as: None,
                    drawn_on: false,
                    image,
                });
            }
        } else if self.import.is_open {
            self.ask_judge();
        }
    }

    fn ask_judge(&mut self) {
        let image = self.import.card.as_ref().and_then(Card::image);
        let judged = self.open_model().is_some_and(|open| open.judge.is_some());
        if let Some(image) = image.filter(|_| judged) {
            let job = jobs::judge(&self.controls, image);
            if self.session.submit(&job, self.controls.scene()) {
                self.outbox.push(job);
            }
        }
    }

    /// Starts from the picture in the card, and puts the card away.
    fn use_image(&mut self, image: InputImage) {
        let number = self.import.card.as_ref().map(|card| card.number);
        self.import.close();
        if let Some(picture) = number.and_then(|number| self.import.tray.get_mut(number)) {
            picture.used = true;
        }
        let left = self.import.tray.left();
        if left > 0 {
            let text = format!("{}: used. {left} more in the tray: press I.", image.name);
            self.notices.say(Topic::File, Tone::Good, text);
        }
        self.notices.clear(Topic::Channel(Channel::Import));
        self.controls.space = Space::Explore;
        self.encode(image);
    }
}
