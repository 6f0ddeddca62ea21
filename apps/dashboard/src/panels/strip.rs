//! The strip under the spaces: the show in one row, and above it, when it is unfolded, the bookmarks.

use eframe::egui::{
    Align, ComboBox, DragValue, Layout, Panel, ScrollArea, Slider, TextEdit, Ui, vec2,
};
use latent_space::Path;

use super::{Context, open};
use crate::{
    state::{
        bookmarks::Bookmark,
        command::{BookmarkCommand, ShowCommand},
        origin::LONGEST_NAME,
        show,
        timeline::{SECONDS, STEPS, Stops},
    },
    theme,
    widgets::{
        self, Sign, Tile,
        canvas::{self, Atlas},
        image_tile, sign_button,
    },
};

/// Width of the column with the name of the bookmark in front.
const EDITOR: f32 = 196.0;
/// Side of a bookmark's picture.
const PICTURE: f32 = 64.0;
/// Characters of a bookmark's name under its picture.
const CAPTION: usize = 9;

/// What the strip keeps between passes.
#[derive(Default)]
pub struct StripPanel {
    pictures: Atlas,
    /// The bookmark whose name is being typed, and the name so far.
    typed: Option<(usize, String)>,
}

impl StripPanel {
    /// Shows the strip, once a model is open.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>, playing: bool) {
        if open(context.controls, context.session).is_none() {
            return;
        }
        let unfolded = context.controls.timeline.unfolded;
        let shelf = if unfolded { theme::STRIP_SHELF } else { 0.0 };
        Panel::bottom("strip")
            .exact_size(theme::STRIP_BAR + shelf)
            .resizable(false)
            .frame(theme::panel_frame(ui, 14, 4))
            .show(ui, |ui| {
                if unfolded {
                    let size = vec2(ui.available_width(), theme::STRIP_SHELF - 6.0);
                    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
                        ui.set_min_size(size);
                        self.shelf(ui, context);
                    });
                }
                ui.horizontal_centered(|ui| bar(ui, context, playing));
            });
    }

    fn shelf(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(model) = context.session.open(&context.controls.model) else {
            return;
        };
        let kept: Vec<(usize, Bookmark)> = context
            .controls
            .bookmarks_that_fit(model)
            .map(|(index, kept)| (index, kept.clone()))
            .collect();
        if kept.is_empty() {
            widgets::caption(
                ui,
                "No bookmarks yet. Press B, or Add, to keep what you see: the latent, the locks and all that is set around it.",
            );
            return;
        }
        if let Some(answer) = &context.answers().thumbnails {
            let images = answer.value.images.iter();
            self.pictures.show_images(ui.ctx(), answer.revision, images);
        }
        let scene = context.controls.scene();
        let in_front = |kept: &Bookmark| scene.is_some_and(|scene| kept.scene.looks_like(scene));
        let current = context.controls.timeline.bookmark;
        let current = kept
            .iter()
            .find(|(index, kept)| Some(*index) == current && in_front(kept))
            .map(|(index, kept)| (*index, kept.name.clone()));
        ui.vertical(|ui| {
            ui.set_width(EDITOR);
            self.editor(ui, context, current.as_ref());
        });
        let current = current.map(|(index, _)| index);
        ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                for (place, (index, kept)) in kept.iter().enumerate() {
                    self.tile(ui, context, place, (*index, kept), current);
                }
            });
        });
    }

    fn tile(
        &self,
        ui: &mut Ui,
        context: &mut Context<'_>,
        place: usize,
        (index, kept): (usize, &Bookmark),
        current: Option<usize>,
    ) {
        let Some(shape) = self.pictures.shape().or(super::shape(context)) else {
            return;
        };
        let mut caption: String = kept.name.chars().take(CAPTION).collect();
        if kept.name.chars().count() > CAPTION {
            caption.pop();
            caption.push('…');
        }
        let tile = Tile {
            atlas: &self.pictures,
            index: place,
            side: canvas::crisp_side(shape, PICTURE, ui.pixels_per_point()),
            name: &format!("bookmark {}: {}", place + 1, kept.name),
            caption: &caption,
            right: None,
            selected: current == Some(index),
        };
        let response = image_tile(ui, tile);
        if response.clicked() {
            context.send(BookmarkCommand::JumpTo(index));
        }
        response.on_hover_text(&kept.name).context_menu(|ui| {
            if ui.button("Delete").clicked() {
                context.send(BookmarkCommand::Delete(index));
                ui.close();
            }
        });
    }

    /// The name of the bookmark in front, to change it, and the button that deletes it.
    fn editor(
        &mut self,
        ui: &mut Ui,
        context: &mut Context<'_>,
        current: Option<&(usize, String)>,
    ) {
        let Some((index, name)) = current else {
            widgets::caption(
                ui,
                "Click a bookmark to go there; then its name can be changed here.",
            );
            return;
        };
        let typed = self.typed.take().filter(|(at, _)| at == index);
        let mut text = typed.map_or_else(|| name.clone(), |(_, text)| text);
        let field = TextEdit::singleline(&mut text)
            .char_limit(LONGEST_NAME)
            .desired_width(EDITOR - 12.0);
        let response = ui.add(field).accessible_name("name of the bookmark");
        if response.has_focus() {
            self.typed = Some((*index, text));
        } else if response.lost_focus() && text != *name && !text.trim().is_empty() {
            context.send(BookmarkCommand::Rename(*index, text.trim().to_owned()));
        }
        if ui
            .button("Delete")
            .accessible_name("Delete bookmark")
            .clicked()
        {
            context.send(BookmarkCommand::Delete(*index));
        }
    }
}

/// The row of the show.
fn bar(ui: &mut Ui, context: &mut Context<'_>, playing: bool) {
    fold(ui, context);
    let add = ui.button("Add").accessible_name("Add bookmark");
    if add
        .on_hover_text("Keep what you see as a bookmark (B)")
        .clicked()
    {
        context.send(BookmarkCommand::Add);
    }
    ui.separator();
    let model = context.session.open(&context.controls.model);
    let stops = model.map_or(0, |model| show::stops(context.controls, model).len());
    ui.add_enabled_ui(stops > 1, |ui| buttons(ui, context, playing));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        settings(ui, context);
        ui.add_enabled_ui(stops > 1, |ui| scrubber(ui, context, stops));
    });
}

fn fold(ui: &mut Ui, context: &mut Context<'_>) {
    let count = context.controls.shelf().len();
    let timeline = &mut context.controls.timeline;
    let (sign, name) = if timeline.unfolded {
        (Sign::Fold, "Fold bookmarks")
    } else {
        (Sign::Unfold, "Unfold bookmarks")
    };
    if sign_button(ui, sign, name).clicked() {
        timeline.unfolded = !timeline.unfolded;
    }
    if !theme::is_narrow(ui) {
        ui.label("Bookmarks");
    }
    widgets::figure(ui, format!("{count:<3}"));
}

fn buttons(ui: &mut Ui, context: &mut Context<'_>, playing: bool) {
    ui.spacing_mut().item_spacing.x = 4.0;
    if sign_button(ui, Sign::Previous, "previous stop").clicked() {
        context.send(ShowCommand::StepStop(-1));
    }
    let (sign, name) = if playing {
        (Sign::Pause, "Pause")
    } else {
        (Sign::Play, "Play")
    };
    let play = sign_button(ui, sign, name);
    if play
        .on_hover_text("Play the show, or pause it (Space)")
        .clicked()
    {
        context.send(ShowCommand::TogglePlay);
    }
    if sign_button(ui, Sign::Next, "next stop").clicked() {
        context.send(ShowCommand::StepStop(1));
    }
}

/// From right to left.
fn settings(ui: &mut Ui, context: &mut Context<'_>) {
    let Some(model) = context.session.open(&context.controls.model) else {
        return;
    };
    let kind = show::kind(context.controls, model);
    let classes = model.drawn_names().len() > 1;
    let timeline = &mut context.controls.timeline;
    ui.checkbox(&mut timeline.looping, "Loop")
        .on_hover_text("After the last stop go back to the first, and on");
    let seconds = DragValue::new(&mut timeline.seconds)
        .range(SECONDS)
        .speed(0.05)
        .fixed_decimals(1)
        .suffix(" s");
    ui.add_sized([58.0, 24.0], seconds)
        .on_hover_text("Seconds from stop to stop")
        .accessible_name("seconds from stop to stop");
    let way = |path| match path {
        Path::Spherical => "Spherical",
        Path::Linear => "Linear",
    };
    let combo = ComboBox::from_id_salt("show path")
        .width(84.0)
        .selected_text(way(timeline.path));
    let response = combo.show_ui(ui, |ui| {
        for path in [Path::Spherical, Path::Linear] {
            ui.selectable_value(&mut timeline.path, path, way(path));
        }
    });
    response.response.accessible_name("way from stop to stop");
    let combo = ComboBox::from_id_salt("show stops")
        .width(112.0)
        .selected_text(kind.title());
    let response = combo.show_ui(ui, |ui| {
        for stops in Stops::ALL {
            // Without classes there is nothing to go between.
            if stops == Stops::Classes && !classes {
                continue;
            }
            ui.selectable_value(&mut timeline.stops, stops, stops.title());
        }
    });
    response.response.accessible_name("stops of the show");
}

fn scrubber(ui: &mut Ui, context: &mut Context<'_>, stops: usize) {
    let timeline = context.controls.timeline;
    let last = timeline.last_step(stops);
    let mut step = timeline.step.min(last);
    let stop = step / STEPS % stops.max(1);
    widgets::figure(ui, format!("{:>2}/{stops:<2}", (stop + 1).min(stops)));
    ui.spacing_mut().slider_width = (ui.available_width() - 8.0).max(40.0);
    let slider = Slider::new(&mut step, 0..=last.max(1)).show_value(false);
    if ui.add(slider).accessible_name("show position").changed() {
        context.send(ShowCommand::Seek(step));
    }
}
