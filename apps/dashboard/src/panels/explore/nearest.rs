//! Is it copied? The images of the sample that are most like the picture, by two measures.

use eframe::egui::{Button, Ui, vec2};
use studio::{Nearest, Neighbour, Neighbours};

use crate::{
    panels::Context,
    state::{
        command::{SceneCommand, WindowCommand},
        model::OpenModel,
    },
    theme,
    widgets::{
        self, Tile,
        canvas::{self, Atlas},
        caption, image_tile, thousands,
    },
};

/// Room for a picture.
const SIDE: f32 = 64.0;
const SPACING: f32 = 8.0;

/// A row of neighbours, and what it is called.
struct Row<'a> {
    title: &'static str,
    about: &'static str,
    found: &'a Neighbours,
    /// Which picture of the atlas its first one is.
    first: usize,
}

/// What is kept between passes: the pictures of the nearest images.
#[derive(Default)]
pub(super) struct NearestView {
    pictures: Atlas,
}

impl NearestView {
    /// A button that shows them, and the nearest images once they are shown. Nothing of a model without a sample.
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let session = context.session;
        let model = session.open(&context.controls.model);
        let Some((model, sample)) = model.and_then(|model| Some((model, model.sample.as_ref()?)))
        else {
            return;
        };
        let shown = context.controls.nearest;
        let button = ui.add(Button::new("Is it copied?").selected(shown));
        let button = button.on_hover_text("The real images that are most like this picture");
        if button.clicked() {
            context.send(WindowCommand::ToggleNearest);
        }
        if !shown {
            return;
        }
        let Some(answer) = &session.answers(&context.controls.model).nearest else {
            caption(ui, "Looking…");
            return;
        };
        let nearest = &answer.value;
        if !self.pictures.shows(answer.revision) {
            let images: Vec<_> = all(nearest)
                .filter(|near| near.index < sample.len())
                .map(|near| sample.image(near.index))
                .collect();
            self.pictures
                .show_images(ui.ctx(), answer.revision, images.iter());
        }
        let mut go = None;
        for row in rows(nearest) {
            go = self.row(ui, model, &row).or(go);
        }
        if nearest.in_features.is_none() {
            caption(ui, no_features(nearest));
        }
        caption(ui, among(nearest.among));
        ui.add_space(theme::GAP);
        if let Some(index) = go {
            context.send(SceneCommand::StartFromSample(index));
        }
    }

    /// The pictures of a row; the one that was clicked.
    fn row(&self, ui: &mut Ui, model: &OpenModel, row: &Row<'_>) -> Option<usize> {
        widgets::title(ui, row.title).on_hover_text(row.about);
        let side = canvas::crisp_side(model.shape(), SIDE, ui.pixels_per_point());
        let mut clicked = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(SPACING, 2.0);
            for (place, near) in row.found.nearest.iter().enumerate() {
                ui.vertical(|ui| {
                    ui.set_width(side);
                    if self.one(ui, model, (row, place, side), *near) && model.finds_images() {
                        clicked = Some(near.index);
                    }
                });
            }
        });
        if let Some(usual) = row.found.usual {
            caption(ui, format!("Usual between real images: {usual:.2}")).on_hover_text(
                "Half of the images of the sample have another one that is nearer than this. A picture that is far nearer to one \
                 of them may be a copy of it.",
            );
        }
        clicked
    }

    /// A picture with its class and its distance; whether it was clicked.
    fn one(
        &self,
        ui: &mut Ui,
        model: &OpenModel,
        (row, place, side): (&Row<'_>, usize, f32),
        near: Neighbour,
    ) -> bool {
        let label = model
            .sample
            .as_ref()
            .and_then(|images| images.label(near.index));
        let class = label.map_or_else(String::new, |class| model.info().class_name(class));
        let (number, distance) = (near.index + 1, near.distance);
        let of_class = if class.is_empty() {
            String::new()
        } else {
            format!(" of class {class}")
        };
        let name = format!(
            "{} {}: test image {number}{of_class}, distance {distance:.2}",
            row.title,
            place + 1
        );
        // Long names fill the line by themselves.
        let is_short = class.chars().count() <= 2;
        let line = if is_short {
            format!("{class}   {distance:.2}").trim_start().to_owned()
        } else {
            class.clone()
        };
        let tile = Tile {
            atlas: &self.pictures,
            index: row.first + place,
            side,
            name: &name,
            caption: &line,
            right: None,
            selected: false,
        };
        let tile = image_tile(ui, tile);
        if !is_short {
            caption(ui, format!("{distance:.2}"));
        }
        let hint = if model.finds_images() {
            format!("{name}. Click to start from it")
        } else {
            name
        };
        tile.on_hover_text(hint).clicked()
    }
}

fn all(nearest: &Nearest) -> impl Iterator<Item = &Neighbour> {
    let features = nearest.in_features.iter().flat_map(|found| &found.nearest);
    nearest.in_pixels.nearest.iter().chain(features)
}

fn rows(nearest: &Nearest) -> Vec<Row<'_>> {
    let pixels = Row {
        title: "Nearest in pixels",
        about: "By the root mean square difference of their pixels in 0..1: 0 is the same image, and a shift by one pixel counts \
                as much as another shape.",
        found: &nearest.in_pixels,
        first: 0,
    };
    let features = nearest.in_features.as_ref().map(|found| Row {
        title: "Nearest to the judge",
        about: "By the distance of the features from which the judge decides: a shift does not count, and neither does what it does \
                not look at.",
        found,
        first: nearest.in_pixels.nearest.len(),
    });
    std::iter::once(pixels).chain(features).collect()
}

fn no_features(nearest: &Nearest) -> &'static str {
    if nearest.goes_on {
        "The judge looks at the sample, once a model…"
    } else {
        "Nobody judges these images, so only their pixels are compared."
    }
}

/// How many images are looked among, and what that leaves out.
fn among(count: usize) -> String {
    format!(
        "Looked for among the {} test images that came with the model, not among all that it learned from: a copy of another \
         image is not found here.",
        thousands(count)
    )
}
