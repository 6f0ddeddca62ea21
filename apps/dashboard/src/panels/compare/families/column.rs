//! One model of a domain: its name, its samples, its figures, and what it cannot do.

use eframe::egui::{
    Align, Align2, FontId, Label, Layout, Rect, RichText, Role, Sense, TextStyle, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::{
    ACROSS, Sizes, TILE_GAP,
    figures::{self, lines, value_of},
};
use crate::{
    panels::{Context, common::flow},
    state::{
        command::CompareCommand,
        controls::Controls,
        families::{self, Column, ColumnState, SAMPLES},
        model::OpenModel,
        sources::kind_title,
    },
    theme,
    widgets::{canvas::Atlas, caption, close_button, elided},
    words::families::{NO_CLASS_HERE, OTHER_IMAGES, figures_of, limits},
};

/// Height of the name.
pub(super) const HEADER: f32 = 24.0;
const LINE: f32 = 19.0;

pub(super) fn ui(
    ui: &mut Ui,
    context: &mut Context<'_>,
    column: &Column,
    atlas: &mut Atlas,
    sizes: Sizes,
) {
    let name = kind_title(&column.model);
    header(ui, context, column, &name);
    match families::state(context.controls, context.session, &column.model) {
        ColumnState::Opening => {
            wells(ui, sizes.side);
            caption(ui, "Opening…");
        }
        ColumnState::Failed(message) => {
            let text = RichText::new(message).small().color(theme::palette(ui).bad);
            ui.add(Label::new(text).wrap());
            let again = ui.button("Try again");
            if again.accessible_name(format!("try {name} again")).clicked() {
                context.send(CompareCommand::Retry(column.model.clone()));
            }
        }
        ColumnState::Strange => {
            caption(ui, OTHER_IMAGES);
        }
        ColumnState::Open(model) => {
            samples(ui, context, column, atlas, (&name, sizes.side));
            figures(ui, context, column, model, &name);
            steps(ui, context.controls, column, model);
            remarks(ui, context, model);
        }
    }
}

/// The name, in the colour of its point in the plot, and a button that takes the column away.
fn header(ui: &mut Ui, context: &mut Context<'_>, column: &Column, name: &str) {
    let size = vec2(ui.available_width(), HEADER);
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        let hint = "Take this model away; Models brings it back";
        if close_button(ui, &format!("take {name} away"), hint) {
            let hidden = &mut context.controls.compare.families.hidden;
            hidden.insert(column.model.clone());
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let palette = theme::palette(ui);
            let (dot, _) = ui.allocate_exact_size(Vec2::splat(8.0), Sense::hover());
            let color = palette.classes[column.place % palette.classes.len()];
            ui.painter().circle_filled(dot.center(), 4.0, color);
            let front = column.model == context.controls.model;
            let text = RichText::new(name).size(14.0).color(palette.text_strong);
            let label = ui.add(Label::new(text).truncate());
            let source = column.model.to_string();
            label.on_hover_text(if front {
                format!("{source}, the model in front")
            } else {
                source
            });
        });
    });
}

/// The samples in a grid. While a hand drags, a slow model has drawn only the first ones of them.
fn samples(
    ui: &mut Ui,
    context: &Context<'_>,
    column: &Column,
    atlas: &mut Atlas,
    (name, side): (&str, f32),
) {
    let places = wells(ui, side);
    let Some(answer) = families::samples(context.session, column) else {
        return;
    };
    let Some((_, samples)) = answer.samples() else {
        return;
    };
    atlas.show_images(ui.ctx(), answer.revision, samples.images.iter());
    for (index, place) in places.into_iter().enumerate().take(atlas.len()) {
        let label = format!("sample {} by {name}", index + 1);
        let response = ui.interact(place, ui.scope_id().with(index), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
        atlas.paint(ui, place, index);
    }
}

/// The empty places of the samples.
fn wells(ui: &mut Ui, side: f32) -> Vec<Rect> {
    let step = side + TILE_GAP;
    let rows = SAMPLES.div_ceil(ACROSS);
    let size = vec2(ACROSS as f32, rows as f32) * step - Vec2::splat(TILE_GAP);
    let room = vec2(ui.available_width(), size.y);
    let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
    let well = theme::palette(ui).well;
    let place = |index: usize| {
        let (row, across) = (index / ACROSS, index % ACROSS);
        let corner = rect.min + vec2(across as f32, row as f32) * step;
        Rect::from_min_size(corner, Vec2::splat(side))
    };
    let places: Vec<Rect> = (0..SAMPLES).map(place).collect();
    for place in &places {
        ui.painter().rect_filled(*place, 0.0, well);
    }
    places
}

fn figures(ui: &mut Ui, context: &Context<'_>, column: &Column, model: &OpenModel, name: &str) {
    ui.add_space(2.0);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let times = context.session.draw_times(&column.model);
        for line in lines(model, times) {
            figure(ui, &line, name);
        }
    });
    ui.add_space(2.0);
}

/// In how many steps its flow draws, if it has one.
fn steps(ui: &mut Ui, controls: &mut Controls, column: &Column, model: &OpenModel) {
    let (sampler, usual) = (
        families::sampler(controls, &column.model, model),
        model.usual_sampler(),
    );
    if let Some(chosen) = flow::steps(ui, model, sampler.steps) {
        let steps = &mut controls.compare.families.steps;
        steps.remove(&column.model);
        if chosen != usual.steps {
            steps.insert(column.model.clone(), chosen);
        }
    }
    if sampler.steps != usual.steps {
        caption(ui, figures_of(usual.steps));
    }
}

/// What it cannot do.
fn remarks(ui: &mut Ui, context: &Context<'_>, model: &OpenModel) {
    if !model.draws_classes()
        && !families::class_names(context.controls, context.session).is_empty()
    {
        caption(ui, NO_CLASS_HERE);
    }
    if let Some(family) = model.manifest.family() {
        caption(ui, limits(family));
    }
}

/// A title on the left, its value on the right: painted, so that it is one text to a screen reader.
fn figure(ui: &mut Ui, line: &figures::Line, name: &str) {
    let palette = theme::palette(ui);
    let value = value_of(line);
    let size = vec2(ui.available_width(), LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let words = format!("{name}, {}: {value}", line.title.trim());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    let small = TextStyle::Small.resolve(ui.style());
    let (font, ink) = match line.value {
        Some(_) => (FontId::monospace(12.5), palette.text_strong),
        None => (small.clone(), palette.text_weak),
    };
    let painter = ui.painter();
    let at = rect.right_center();
    let taken = painter.text(at, Align2::RIGHT_CENTER, value, font, ink);
    let room = taken.left() - rect.left() - 4.0;
    let title = elided(painter, line.title, small, palette.text_weak, room);
    let top = rect.center().y - title.size().y / 2.0;
    painter.galley(pos2(rect.left(), top), title, palette.text_weak);
    response.on_hover_text(&line.hint);
}
