//! Windows on the models of the program, which answer as they do for a person.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use dashboard::state::{channel::Channel, controls::Space};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use studio::Worker;

use super::{
    models::shipped,
    windows::{Window, window_on},
};

/// Longer than any answer takes, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(3);

/// A window, and the thread with its models.
pub struct ShippedWindow {
    pub window: Window,
    worker: Worker<Channel>,
}

impl ShippedWindow {
    /// A window on a model of the program.
    pub fn on(model: &str, space: Space) -> Self {
        Self::of(window_on(shipped(model), space))
    }

    /// A window whose questions the models of the program answer.
    pub fn of(window: Window) -> Self {
        let device = burn::tensor::Device::flex();
        let worker = Worker::spawn(device, || {}).expect("a thread");
        let mut shipped = Self { window, worker };
        shipped.settle();
        shipped
    }

    /// Until everything that was asked is answered, and nothing more is asked.
    pub fn settle(&mut self) {
        let until = Instant::now() + PATIENCE;
        let mut quiet = 0;
        while quiet < 3 {
            assert!(Instant::now() < until, "the models never answered");
            self.window.step();
            let jobs = self.window.state_mut().take_jobs();
            let answers = self.worker.take_published();
            let waits = self.window.state().session().working();
            quiet = if jobs.is_empty() && answers.is_empty() && !waits {
                quiet + 1
            } else {
                0
            };
            for job in jobs {
                self.worker.submit(job);
            }
            for answer in answers {
                self.window.state_mut().receive(answer);
            }
            if waits {
                sleep(Duration::from_millis(2));
            }
        }
    }

    /// Presses a key.
    pub fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    /// Presses a key with others held.
    pub fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.window.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Finds a command by its name and gives it, by the keyboard.
    pub fn command(&mut self, name: &str) {
        self.press_with(Modifiers::COMMAND, Key::K);
        self.type_text(name);
        self.press(Key::Enter);
    }

    /// Types into whatever has the focus.
    pub fn type_text(&mut self, text: &str) {
        let typed = eframe::egui::Event::Text(text.to_owned());
        self.window.input_mut().events.push(typed);
        self.settle();
    }

    /// Presses a key so many times, as fast as a person can.
    pub fn press_times(&mut self, key: Key, times: usize) {
        for _ in 0..times {
            self.window.key_press(key);
            self.window.step();
        }
        self.settle();
    }

    /// Presses Tab until what has a label that begins so has the focus.
    pub fn tab_to(&mut self, label: &str) {
        self.tab_until(label, |name| name.starts_with(label));
    }

    /// Presses Tab until what has such a label has the focus.
    pub fn tab_until(&mut self, what: &str, is_wanted: impl Fn(&str) -> bool) {
        for _ in 0..400 {
            self.window.key_press(Key::Tab);
            self.window.step();
            self.window.step();
            let focused = self.window.query_all_by(|node| {
                node.is_focused() && node.label().is_some_and(|name| is_wanted(&name))
            });
            if focused.count() > 0 {
                return self.settle();
            }
        }
        panic!("Tab never came to {what}");
    }
}
