//! The history: the steps that undo goes through, as pictures on their branches. A click goes to a step.

mod tree;

use eframe::egui::{Align, Layout, Panel, ScrollArea, Ui, vec2};

use self::tree::{ROW, Steps};
use super::{Context, open};
use crate::{
    state::{
        command::{SceneCommand, WindowCommand},
        undo::{LIMIT, PlacedStep},
    },
    theme,
    widgets::{self, Sign, caption, sign_button},
};

/// Width of the column with the title.
const TITLE: f32 = 132.0;
/// Around the rows.
const MARGIN: i8 = 6;
/// Room for the bar to scroll with.
const SCROLL_BAR: f32 = 10.0;
/// Rows that are seen at once; more are scrolled to.
const MOST_ROWS: usize = 2;

/// What the history keeps between passes: textures.
#[derive(Default)]
pub struct HistoryPanel {
    steps: Steps,
}

impl HistoryPanel {
    /// Shows the history, once a model is open, if it is unfolded and has room.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let shown = context.controls.history_unfolded && theme::has_shelf(ui);
        if !shown || open(context.controls, context.session).is_none() {
            return;
        }
        let placed = context.history.placed();
        let rows = placed.iter().map(|placed| placed.row + 1).max();
        let most = if theme::is_low(ui) { 1 } else { MOST_ROWS };
        let rows = rows.unwrap_or(1).clamp(1, most);
        let height = rows as f32 * ROW + SCROLL_BAR;
        Panel::bottom("history")
            .exact_size(height + 2.0 * f32::from(MARGIN))
            .resizable(false)
            .frame(theme::panel_frame(ui, 14, MARGIN))
            .show(ui, |ui| {
                let size = vec2(ui.available_width(), height);
                ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
                    ui.set_min_size(size);
                    ui.vertical(|ui| {
                        ui.set_width(TITLE);
                        title(ui, context, placed.len());
                    });
                    self.steps.ui(ui, context, &placed);
                });
            });
    }
}

fn title(ui: &mut Ui, context: &mut Context<'_>, count: usize) {
    ui.horizontal(|ui| {
        if sign_button(ui, Sign::Fold, "Fold the history").clicked() {
            context.send(WindowCommand::ToggleHistory);
        }
        widgets::title(ui, "History");
    });
    let steps = if count == 1 { "step" } else { "steps" };
    let count = format!("{count} {steps}; {LIMIT} are kept");
    caption(ui, count).on_hover_text(
        "A click on a step goes there. Doing something else from there begins another branch; the one before stays.",
    );
}

/// The steps by their words, for windows that are too low for their pictures.
pub(super) fn menu(ui: &mut Ui, context: &mut Context<'_>) {
    ui.menu_button("History", |ui| {
        let mut placed = context.history.placed();
        // The newest first.
        placed.sort_by_key(|placed| std::cmp::Reverse(placed.id));
        let height = ui.ctx().content_rect().height() - theme::TOP_BAR;
        let mut chosen = None;
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            for placed in placed {
                let button = ui.selectable_label(placed.is_present, in_words(&placed));
                if button.clicked() {
                    chosen = Some(placed.id);
                }
            }
        });
        if let Some(step) = chosen {
            context.send(SceneCommand::GoToStep(step));
            ui.close();
        }
    });
}

/// What was done at a step, and on which branch where that is not the first.
fn in_words(placed: &PlacedStep<'_>) -> String {
    let (number, words) = (placed.column + 1, &placed.words);
    match placed.row {
        0 => format!("step {number}: {words}"),
        row => format!("step {number}, branch {}: {words}", row + 1),
    }
}
