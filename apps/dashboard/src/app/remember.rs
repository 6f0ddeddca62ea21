//! What outlives the window: read once before it opens, written on a thread whenever it changed.

use std::path::PathBuf;

use eframe::egui;

use super::App;
use crate::{
    memory::Memory,
    notices::{Tone, Topic},
};

/// Where the memory is kept, and what is there.
pub(super) struct Kept {
    path: PathBuf,
    written: Memory,
    writing: bool,
}

impl App {
    /// Remembers what is in the file at `path`, and keeps what changes there. A person who has not seen the tour gets it.
    ///
    /// A file that cannot be understood is left alone: a notice says so, and nothing is kept.
    #[must_use]
    pub fn remembering(mut self, path: PathBuf) -> Self {
        match Memory::read(&path) {
            Ok(memory) => {
                self.tour = (!memory.tour_done).then_some(0);
                self.memory = memory.clone();
                self.kept = Some(Kept {
                    path,
                    written: memory,
                    writing: false,
                });
            }
            Err(error) => {
                let text = format!("{error:#}. Names and hints are not kept in this session.");
                self.notices.say(Topic::File, Tone::Bad, text);
            }
        }
        self
    }

    /// What is remembered.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Writes the memory if it changed. One thread at a time, so that an older state never replaces a newer one.
    pub(super) fn keep_memory(&mut self, ctx: &egui::Context) {
        if let Some(kept) = &mut self.kept
            && !kept.writing
            && kept.written != self.memory
        {
            kept.writing = true;
            kept.written.clone_from(&self.memory);
            self.tasks
                .keep_memory(ctx, kept.path.clone(), self.memory.clone());
        }
    }

    pub(super) fn memory_was_kept(&mut self, result: Result<(), String>) {
        if let Some(kept) = &mut self.kept {
            kept.writing = false;
        }
        if let Err(message) = result {
            self.notices.say(Topic::File, Tone::Bad, message);
        }
    }
}
