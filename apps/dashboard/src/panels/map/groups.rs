//! Beside the map: the groups that a person kept, and the direction from one to another.

use eframe::egui::{Button, ComboBox, Role, Sense, Stroke, TextEdit, Ui, Vec2, WidgetInfo, vec2};

use super::{MapPanel, notes};
use crate::{
    panels::Context,
    state::{
        command::{Command, NotebookCommand},
        map::{Group, KeptGroup, MapNotes},
        origin::LONGEST_NAME,
    },
    theme,
    widgets::{self, CLOSE, caption, close_button, text_field, text_width, thousands},
};

/// Colours that a group can have.
const COLORS: usize = 10;
const SWATCH: Vec2 = vec2(22.0, 20.0);
/// Width of a list of groups.
const COMBO: f32 = 92.0;

/// What is being typed, and between which groups a direction is to be.
#[derive(Default)]
pub(super) struct GroupsView {
    typed: Option<(String, String)>,
    of: String,
    minus: String,
}

impl MapPanel {
    /// The groups of this model; nothing while there is none.
    pub(super) fn groups(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let notes = notes(context);
        let Some(points) = &self.points else { return };
        if notes.groups.is_empty() {
            return;
        }
        ui.add_space(theme::GAP);
        widgets::title(ui, "Groups").on_hover_text(
            "Points that you drew a line around and kept. Each has a ring of its colour on the map.",
        );
        let mut shown = None;
        for kept in &notes.groups {
            if !kept.fits(&points.cloud) {
                caption(ui, format!("{}: of other points than these", kept.name));
                continue;
            }
            let command = self.groups.row(ui, kept, &mut shown);
            context.commands.extend(command);
        }
        if let Some(group) = shown {
            self.view.clear_group();
            self.view.group = Some(group);
        }
        if notes.groups.len() > 1 {
            let command = self.groups.difference(ui, notes);
            context.commands.extend(command);
        }
        ui.separator();
    }
}

impl GroupsView {
    fn row(&mut self, ui: &mut Ui, kept: &KeptGroup, shown: &mut Option<Group>) -> Option<Command> {
        let name = kept.name.as_str();
        let mut command = None;
        ui.horizontal(|ui| {
            command = swatch(ui, kept);
            let count = thousands(kept.group.members.len());
            let show = text_width(ui, &count) + 2.0 * ui.spacing().button_padding.x;
            let after = show + CLOSE + 4.0 * ui.spacing().item_spacing.x;
            let width = (ui.available_width() - after).max(40.0);
            command = self.name(ui, name, width).or(command.take());
            let show = ui
                .button(&count)
                .on_hover_text(format!("Mark these {count} points and see their mean"));
            let show = show.accessible_name(format!("show the {count} points of {name}"));
            if show.clicked() {
                *shown = Some(kept.group.clone());
            }
            if close_button(ui, &format!("delete {name}"), "Delete this group") {
                command = Some(NotebookCommand::DeleteGroup(name.to_owned()).into());
            }
        });
        command
    }

    /// The name, to be changed.
    fn name(&mut self, ui: &mut Ui, name: &str, width: f32) -> Option<Command> {
        let typed = self.typed.take().filter(|(of, _)| of == name);
        let mut text = typed.map_or_else(|| name.to_owned(), |(_, text)| text);
        let field = TextEdit::singleline(&mut text)
            .char_limit(LONGEST_NAME)
            .desired_width(width);
        let response = text_field(ui, field).accessible_name(format!("name of {name}"));
        if response.has_focus() {
            self.typed = Some((name.to_owned(), text));
            return None;
        }
        let changed = response.lost_focus() && text != name && !text.trim().is_empty();
        changed.then(|| NotebookCommand::RenameGroup(name.to_owned(), text).into())
    }

    /// From the mean of one group to that of another.
    fn difference(&mut self, ui: &mut Ui, notes: &MapNotes) -> Option<Command> {
        let names: Vec<&str> = notes.groups.iter().map(|kept| kept.name.as_str()).collect();
        for (chosen, first) in [(&mut self.of, names[0]), (&mut self.minus, names[1])] {
            if !names.contains(&chosen.as_str()) {
                first.clone_into(chosen);
            }
        }
        ui.add_space(4.0);
        caption(
            ui,
            "What one group has and another has not, as a slider in Explore:",
        );
        ui.horizontal_wrapped(|ui| {
            group_combo(ui, "the first group", &mut self.of, &names);
            ui.label("minus");
            group_combo(ui, "the group that is taken away", &mut self.minus, &names);
        });
        let differ = self.of != self.minus;
        let keep = ui.add_enabled(differ, Button::new("Keep as a direction"));
        let keep = keep
            .on_hover_text("The line from the mean of the second group to the mean of the first")
            .on_disabled_hover_text("Choose two different groups");
        let (of, minus) = (self.of.clone(), self.minus.clone());
        keep.clicked()
            .then(|| NotebookCommand::KeepDifference(of, minus).into())
    }
}

fn group_combo(ui: &mut Ui, name: &str, chosen: &mut String, names: &[&str]) {
    let combo = ComboBox::from_id_salt(name)
        .width(COMBO)
        .truncate()
        .selected_text(chosen.as_str());
    let response = combo.show_ui(ui, |ui| {
        for name in names {
            ui.selectable_value(chosen, (*name).to_owned(), *name);
        }
    });
    response
        .response
        .on_hover_text(chosen.as_str())
        .accessible_name(name);
}

/// The colour of a group: a button that opens the others.
fn swatch(ui: &mut Ui, kept: &KeptGroup) -> Option<Command> {
    let palette = theme::palette(ui);
    let mut chosen = None;
    // Room for the ring that is painted on it.
    let menu = ui.menu_button("     ", |ui| {
        ui.horizontal(|ui| {
            for color in 0..COLORS {
                if one_color(ui, color, color == kept.color) {
                    chosen = Some(color);
                    ui.close();
                }
            }
        });
    });
    let at = menu.response.rect.center();
    let stroke = Stroke::new(3.0, palette.group(kept.color));
    ui.painter().circle_stroke(at, 5.5, stroke);
    let button = menu
        .response
        .on_hover_text("Give this group another colour");
    button.accessible_name(format!("colour of {}", kept.name));
    chosen.map(|color| NotebookCommand::RecolourGroup(kept.name.clone(), color).into())
}

/// A colour to choose; true if it was.
fn one_color(ui: &mut Ui, color: usize, current: bool) -> bool {
    let palette = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(SWATCH, Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(Role::Button, true, current, format!("colour {}", color + 1))
    });
    let ink = palette.group(color);
    ui.painter().circle_filled(rect.center(), 7.0, ink);
    if current || response.hovered() || response.has_focus() {
        let stroke = Stroke::new(1.5, palette.text_strong);
        ui.painter().circle_stroke(rect.center(), 9.0, stroke);
    }
    response.clicked()
}
