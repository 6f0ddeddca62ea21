//! Real images above what each model of a domain makes of them.

use datasets::ImageShape;
use eframe::egui::{
    Align, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, TextStyle, Ui, UiBuilder, Vec2,
    WidgetInfo, vec2,
};

use super::{ComparePanel, families::choose_models};
use crate::{
    panels::{self, Context},
    state::{
        command::CompareCommand,
        compared::Compared,
        families::{self, Column, ColumnState, has_encoder},
        model::OpenModel,
        reconstructions::{self, IMAGES, Original, squared_error},
        sources::kind_title,
    },
    theme,
    widgets::{
        canvas::{self, Atlas, fingerprint},
        caption,
    },
    words::families::{ALL_HIDDEN, NO_ENCODER, NO_SAMPLE, OTHER_IMAGES},
};

const GAP: f32 = 4.0;
/// Width of what stands to the left of a row, and in a narrow window.
const NAME: f32 = 190.0;
const NARROW_NAME: f32 = 116.0;
/// Height of a name and the line under it.
const WORDS: f32 = 34.0;
const LEAST_SIDE: f32 = 30.0;
const MOST_SIDE: f32 = 112.0;
/// Rows that are seen at once, if their pictures stay large enough.
const ROWS: usize = 5;

/// The controls in the row on top.
pub(super) fn settings(ui: &mut Ui, context: &mut Context<'_>) {
    let other = ui.button("Other images");
    if other.on_hover_text("The next ten of the sample").clicked() {
        let page = &mut context.controls.compare.families.page;
        *page = page.wrapping_add(1);
    }
    choose_models(ui, context);
}

/// Where the pictures of a row are.
#[derive(Clone, Copy)]
struct Sizes {
    name: f32,
    side: f32,
}

impl Sizes {
    fn new(ui: &Ui, shape: ImageShape, rows: usize) -> Self {
        let name = if theme::is_narrow(ui) {
            NARROW_NAME
        } else {
            NAME
        };
        let room = ui.available_size() - vec2(name + 12.0, 0.0);
        let wide = (room.x + GAP) / IMAGES as f32 - GAP;
        let high = room.y / rows.clamp(1, ROWS) as f32 - 2.0 * GAP;
        let side = wide.min(high.max(56.0)).clamp(LEAST_SIDE, MOST_SIDE);
        Self {
            name,
            side: canvas::crisp_side(shape, side, ui.pixels_per_point()),
        }
    }
}

impl ComparePanel {
    pub(super) fn reconstructions(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(shape) = panels::shape(context) else {
            return;
        };
        let originals = reconstructions::originals(context.controls, context.session);
        if originals.is_empty() {
            caption(ui, NO_SAMPLE);
            return;
        }
        let columns = families::columns(context.controls, context.session);
        self.rows
            .retain(|place, _| columns.iter().any(|column| column.place == *place));
        let sizes = Sizes::new(ui, shape, columns.len() + 1);
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, 2.0 * GAP);
            self.originals(ui, context, &originals, sizes);
            if columns.is_empty() {
                caption(ui, ALL_HIDDEN);
            }
            for column in &columns {
                let atlas = self.rows.entry(column.place).or_default();
                row(ui, context, column, (atlas, &originals), sizes);
            }
        });
    }

    fn originals(
        &mut self,
        ui: &mut Ui,
        context: &Context<'_>,
        originals: &[Original],
        sizes: Sizes,
    ) {
        let revision = originals.iter().fold(0_u64, |hash, one| {
            hash.rotate_left(7) ^ fingerprint(&one.image)
        });
        let images = originals.iter().map(|one| &one.image);
        self.originals.show_images(ui.ctx(), revision, images);
        let front = context.session.open(&context.controls.model);
        let names: Vec<String> = originals.iter().map(|one| class_name(front, one)).collect();
        let title = |ui: &mut Ui| {
            strong(ui, "Real images");
            caption(ui, "Test images");
        };
        let name = |index: usize| format!("real image {}: {}", index + 1, names[index]);
        pictures(ui, &self.originals, sizes, title, name);
    }
}

/// What an image shows; nothing where there are no classes.
fn class_name(front: Option<&OpenModel>, original: &Original) -> String {
    let named = front.zip(original.label);
    named.map_or_else(String::new, |(front, class)| {
        front.manifest.class_name(class)
    })
}

/// A model with what it makes of the images, or why it makes nothing.
fn row(
    ui: &mut Ui,
    context: &mut Context<'_>,
    column: &Column,
    (atlas, originals): (&mut Atlas, &[Original]),
    sizes: Sizes,
) {
    let name = kind_title(&column.model);
    let session = context.session;
    let model = match families::state(context.controls, session, &column.model) {
        ColumnState::Open(model) => model,
        ColumnState::Opening => return remark(ui, &name, "Opening…", sizes),
        ColumnState::Strange => return remark(ui, &name, OTHER_IMAGES, sizes),
        ColumnState::Failed(message) => {
            remark(ui, &name, message, sizes);
            let again = ui.button("Try again");
            if again.accessible_name(format!("try {name} again")).clicked() {
                context.send(CompareCommand::Retry(column.model.clone()));
            }
            return;
        }
    };
    if !has_encoder(model) {
        return remark(ui, &name, NO_ENCODER, sizes);
    }
    let classes: Vec<String> = originals
        .iter()
        .map(|one| class_name(Some(model), one))
        .collect();
    match reconstructions::seen(session, column) {
        Some(answer) => reconstructed(ui, answer, atlas, (&name, &classes), sizes),
        None => remark(ui, &name, "Reconstructing…", sizes),
    }
}

/// What a model made of the images, and how far it is from them.
fn reconstructed(
    ui: &mut Ui,
    answer: &Compared,
    atlas: &mut Atlas,
    (name, classes): (&str, &[String]),
    sizes: Sizes,
) {
    let Some((images, again)) = answer.reconstructions() else {
        return;
    };
    atlas.show_images(ui.ctx(), answer.revision, again.iter());
    let title = |ui: &mut Ui| {
        strong(ui, name);
        let Some(error) = squared_error(images, again) else {
            return;
        };
        let short = theme::is_narrow(ui);
        let what = if short { "Error" } else { "Squared error" };
        let text = RichText::new(format!("{what} {error:.5}"));
        let text = text.text_style(TextStyle::Monospace).size(12.0);
        let count = images.len();
        ui.add(Label::new(text).truncate()).on_hover_text(format!(
            "Mean over the values of these {count} images of the squared difference between each and its reconstruction."
        ));
    };
    let of = |index: usize| {
        let class = classes.get(index).map_or("", String::as_str);
        format!("{name}, image {}: {class}", index + 1)
    };
    pictures(ui, atlas, sizes, title, of);
}

/// A name, and a sentence in place of pictures.
fn remark(ui: &mut Ui, name: &str, text: &str, sizes: Sizes) {
    ui.horizontal(|ui| {
        let size = vec2(sizes.name, sizes.side.max(WORDS));
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        beside(ui, rect, |ui| strong(ui, name));
        ui.set_max_width(ui.available_width().min(520.0));
        caption(ui, text);
    });
}

/// What stands to the left of a row, and its pictures.
fn pictures(
    ui: &mut Ui,
    atlas: &Atlas,
    sizes: Sizes,
    title: impl FnOnce(&mut Ui),
    name: impl Fn(usize) -> String,
) {
    ui.horizontal(|ui| {
        let size = vec2(sizes.name, sizes.side.max(WORDS));
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        beside(ui, rect, title);
        for index in 0..atlas.len() {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(sizes.side), Sense::hover());
            let name = name(index);
            let name = name.trim_end_matches(": ");
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
            ui.painter().rect_filled(rect, 0.0, theme::palette(ui).well);
            atlas.paint(ui, rect, index);
            response.on_hover_text(name);
        }
    });
}

/// Words in the middle of a row's height, one under the other, in a place that is taken already.
fn beside(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui)) {
    let place = Rect::from_center_size(rect.center(), vec2(rect.width(), WORDS));
    let layout = Layout::top_down(Align::Min);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    ui.spacing_mut().item_spacing.y = 2.0;
    add(&mut ui);
}

fn strong(ui: &mut Ui, text: &str) {
    let color = theme::palette(ui).text_strong;
    let text = RichText::new(text).size(14.0).color(color);
    ui.add(Label::new(text).truncate());
}
