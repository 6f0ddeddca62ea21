//! A scripted person drops a shadowed photograph of a 7 on the window, crops it in the card, sees 7, and undoes. The worker and the
//! model are the real ones.

use std::time::{Duration, Instant};

use burn::tensor::Device;
use dashboard::state::{
    channel::Channel,
    controls::{Controls, Space},
    scene::Start,
};
use datasets::Seed;
use eframe::egui::{Key, Modifiers, Pos2, pos2};
use egui_kittest::kittest::Queryable as _;
use studio::Worker;

use crate::{
    files::drop_file,
    photograph::{AROUND_THE_SEVEN, SIZE, shadowed_seven},
    support::{Window, scene, shipped, window_with},
};

/// The window and the models behind it.
struct Desk {
    window: Window,
    worker: Worker<Channel>,
}

impl Desk {
    fn new() -> Self {
        let controls = Controls::new(shipped("mnist"), Space::Explore, Seed(7));
        Self {
            window: window_with(controls, [1280.0, 720.0], 1.0),
            worker: Worker::spawn(Device::flex(), || {}).expect("a thread"),
        }
    }

    /// Goes on until something is so.
    fn until(&mut self, what: &str, done: impl Fn(&Window) -> bool) {
        let start = Instant::now();
        while !done(&self.window) {
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "waited in vain until {what}"
            );
            self.window.step();
            for job in self.window.state_mut().take_jobs() {
                self.worker.submit(job);
            }
            for published in self.worker.take_published() {
                self.window.state_mut().receive(published);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Presses, moves and lets go, at points of the photograph.
    fn drag(&mut self, way: [[u32; 2]; 2]) {
        let [from, to] = way.map(|at| self.on_screen(at));
        self.window.hover_at(from);
        self.window.step();
        self.window.drag_at(from);
        self.window.step();
        for share in [0.3, 0.7, 1.0] {
            self.window.hover_at(from.lerp(to, share));
            self.window.step();
        }
        self.window.drop_at(to);
        self.window.step();
    }

    fn on_screen(&self, [x, y]: [u32; 2]) -> Pos2 {
        // Ten points around the picture belong to it, so that its edges can be gripped.
        let rect = self
            .window
            .get_by_label("picture to crop")
            .rect()
            .shrink(10.0);
        pos2(
            rect.left() + rect.width() * x as f32 / SIZE[0] as f32,
            rect.top() + rect.height() * y as f32 / SIZE[1] as f32,
        )
    }
}

/// What the judge says of the picture in the card.
fn seen_in_card(window: &Window) -> Option<u16> {
    let card = window.state().import().card.as_ref()?;
    Some(card.prediction.as_ref()?.class.0)
}

/// What the judge says of the image in front, once that is the one of the latent in front.
fn seen_in_front(window: &Window) -> Option<u16> {
    let answers = window.state().session().answers(&shipped("mnist"));
    let frame = answers.frame.as_ref()?;
    let prediction = frame.value.prediction()?;
    (frame.scene.latent == scene(window).latent).then_some(prediction.class.0)
}

#[test]
fn a_person_drops_a_shadowed_seven_crops_it_sees_seven_and_undoes() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("desk.jpg");
    shadowed_seven().save(&path).expect("it can be written");
    let mut desk = Desk::new();
    desk.until("the first image is there", |window| {
        window.state().controls().scene().is_some() && seen_in_front(window).is_some()
    });
    let before = scene(&desk.window);

    drop_file(&mut desk.window, path);
    desk.until("the card asks", |window| seen_in_card(window).is_some());
    assert_eq!(seen_in_card(&desk.window), Some(3), "the larger digit");
    assert!(
        desk.window
            .query_by_label_contains("There are several objects")
            .is_some()
    );
    assert_eq!(scene(&desk.window), before, "nothing has changed");

    desk.drag(AROUND_THE_SEVEN);
    desk.until("a 7 is seen in the card", |window| {
        seen_in_card(window) == Some(7)
    });
    desk.window.key_press(Key::Enter);
    desk.until("a 7 is in front", |window| {
        matches!(&scene(window).start, Start::Image(image) if image.name == "desk.jpg")
            && seen_in_front(window) == Some(7)
    });

    desk.window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    desk.until("the picture before is back", |window| {
        scene(window) == before
    });
    let said = desk
        .window
        .state()
        .notices()
        .last()
        .expect("it says something")
        .1;
    assert!(said.starts_with("desk.jpg was taken back."), "{said}");
}
