//! Train: choose images and a kind of model, press Start, and see it learn.

mod cards;
mod curves;
mod form;
mod images;
mod map;
mod pictures;
mod progress;
mod settings;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};
use studio::ModelSource;

use self::{curves::RunCurves, images::Thumbnails, pictures::Pictures};
use crate::{
    state::{
        command::{Command, FileCommand},
        train::Training,
    },
    theme,
    widgets::caption,
};

/// Width of what is set before a run, and of the narrowest rest beside it.
const FORM: f32 = 440.0;
const REST: f32 = 320.0;
/// Width of a card beside others.
const CARD: f32 = 420.0;

/// What Train keeps between passes: its pictures, and which figures its curves show.
#[derive(Default)]
pub struct TrainPanel {
    pictures: Pictures,
    curves: RunCurves,
    thumbnails: Thumbnails,
}

impl TrainPanel {
    /// Shows the space; `front` is the model in front, which may have come from the run.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        training: &mut Training,
        front: &ModelSource,
        commands: &mut Vec<Command>,
    ) {
        let background = theme::panel_frame(ui, 14, 12).fill(theme::palette(ui).background);
        if training.shown.is_some() {
            CentralPanel::default().frame(background).show(ui, |ui| {
                let area = ScrollArea::vertical().auto_shrink(false);
                area.show(ui, |ui| self.run(ui, training, front, commands));
            });
            return;
        }
        if ui.available_width() < FORM + REST {
            CentralPanel::default().frame(background).show(ui, |ui| {
                let area = ScrollArea::vertical().auto_shrink(false);
                area.show(ui, |ui| {
                    form::ui(ui, training, commands);
                    ui.add_space(theme::GROUP_GAP);
                    form::start(ui, training, commands);
                    ui.add_space(theme::GROUP_GAP);
                    about(ui, &mut self.thumbnails, training, commands);
                });
            });
            return;
        }
        Panel::left("train form")
            .exact_size(FORM)
            .resizable(false)
            .frame(theme::panel_frame(ui, 14, 12))
            .show(ui, |ui| {
                // Seen without scrolling, however low the window is.
                Panel::bottom("train start")
                    .frame(Frame::NONE.inner_margin(Margin::symmetric(0, 8)))
                    .show_separator_line(false)
                    .show(ui, |ui| form::start(ui, training, commands));
                CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
                    let area = ScrollArea::vertical().auto_shrink(false);
                    area.show(ui, |ui| form::ui(ui, training, commands));
                });
            });
        CentralPanel::default().frame(background).show(ui, |ui| {
            let area = ScrollArea::vertical().auto_shrink(false);
            area.show(ui, |ui| about(ui, &mut self.thumbnails, training, commands));
        });
    }

    /// A run, from its first step to its end.
    fn run(
        &mut self,
        ui: &mut Ui,
        training: &mut Training,
        front: &ModelSource,
        commands: &mut Vec<Command>,
    ) {
        if let Some(failure) = &training.failure {
            cards::failure(ui, failure, commands);
            ui.add_space(theme::GROUP_GAP);
        }
        let Some(shown) = &mut training.shown else {
            return;
        };
        progress::ui(ui, (shown, training.measuring.as_ref()), front, commands);
        ui.add_space(theme::GROUP_GAP);
        let is_narrow = ui.available_width() < 2.0 * CARD;
        let pictures = &mut self.pictures;
        if is_narrow {
            pictures.ui(ui, shown, commands);
            ui.add_space(theme::GROUP_GAP);
            let sheet = self.curves.ui(ui, &shown.view);
            commands.extend(sheet.map(|sheet| FileCommand::AskWhereToSaveSheet(sheet).into()));
            ui.add_space(theme::GROUP_GAP);
            map::ui(ui, shown);
            return;
        }
        ui.spacing_mut().item_spacing.x = theme::GAP;
        ui.columns(2, |columns| {
            pictures.ui(&mut columns[0], shown, commands);
            let sheet = self.curves.ui(&mut columns[1], &shown.view);
            commands.extend(sheet.map(|sheet| FileCommand::AskWhereToSaveSheet(sheet).into()));
            columns[1].add_space(theme::GROUP_GAP);
            map::ui(&mut columns[1], shown);
        });
    }
}

/// What is beside the form: what went wrong, what was not finished, and what is in the folder.
fn about(
    ui: &mut Ui,
    thumbnails: &mut Thumbnails,
    training: &Training,
    commands: &mut Vec<Command>,
) {
    if let Some(failure) = &training.failure {
        cards::failure(ui, failure, commands);
        ui.add_space(theme::GROUP_GAP);
    }
    // The card of a failure offers to go on with its run itself.
    let failed = training.failure.as_ref();
    let failed = failed.and_then(|failure| Some(&failure.goes_on.as_ref()?.out));
    let unfinished = training.unfinished.iter();
    for view in unfinished.filter(|view| failed != Some(&view.settings.out)) {
        cards::unfinished(ui, view, commands);
        ui.add_space(theme::GAP);
    }
    images::found(ui, thumbnails, &training.folder, &training.form);
    if training.unfinished.is_empty() && training.failure.is_none() {
        caption(
            ui,
            "A model learns from images alone and in this window: nothing leaves this machine. While it learns you see what it draws, and \
             you can stop it, go on later, or keep it as it is.",
        );
    }
}
