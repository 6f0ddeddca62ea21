//! Map: where images lie in latent space, on a plane. The cursor is the latent.

mod controls;
mod export;
mod groups;
mod layers;
mod legend;
mod paint;
mod pins;
mod plot;
mod points;
mod side;
mod tooltip;
mod view;
mod words;

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use datasets::LabelledImages;
use eframe::egui::{CentralPanel, Panel, ScrollArea, Ui, Vec2};
use studio::{ModelSource, Tsne};

use super::{Context, common::roomy, dock};
use crate::state::channel::Channel;
use crate::{
    state::{
        command::MapCommand,
        dock::Docked,
        identity::ModelIdentity,
        map::{Cloud, Group, MapNotes, PLANE_DIMENSIONS, Projection, Trail, Unfolding},
        notebook::{self, Notebook},
        session::Session,
    },
    theme,
    widgets::{
        canvas::{self, Atlas, Canvas},
        caption,
    },
    words::NO_MAP,
};
use groups::GroupsView;
use points::{Layout, MapPoints};
use view::View;

/// What Map keeps between passes: textures, where the points are, and what the person set.
#[derive(Default)]
pub struct MapPanel {
    canvas: Canvas,
    mean: Canvas,
    pictures: Atlas,
    /// The pictures of the pins.
    pinned: Atlas,
    groups: GroupsView,
    /// Where the latent has been.
    pub trail: Trail,
    /// Whether the colours say the class, as the legend shows it.
    in_color: bool,
    /// Whether dragging draws a line around points.
    lasso: bool,
    points: Option<MapPoints>,
    view: View,
    /// The layouts of this session.
    unfoldings: BTreeMap<ModelIdentity, Unfolding>,
}

impl MapPanel {
    /// Shows the space.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        self.update(ui, context);
        dock::show(ui, context, Docked::Cursor, |ui, context| {
            let area = ScrollArea::vertical().auto_shrink(false);
            area.show(ui, |ui| {
                self.side(ui, context);
                if theme::is_low(ui) {
                    // The map needs the room.
                    ui.add_space(theme::GAP);
                    self.foot(ui, context);
                }
            });
        });
        Panel::top("map controls")
            .exact_size(theme::CONTROL_BAR)
            .resizable(false)
            .frame(theme::panel_frame(ui, 16, 8))
            .show(ui, |ui| self.controls(ui, context));
        if !theme::is_low(ui) {
            Panel::bottom("map words")
                .resizable(false)
                .frame(theme::panel_frame(ui, 16, 10))
                .show(ui, |ui| self.foot(ui, context));
        }
        let frame = theme::panel_frame(ui, 0, 0).fill(theme::palette(ui).background);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            let least = Vec2::splat(theme::LEAST_PICTURE);
            roomy(ui, least, |ui| self.plot(ui, context));
        });
    }

    /// The legend, and what the map says.
    fn foot(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        self.legend(ui, context);
        ui.add_space(4.0);
        self.words(ui, context);
    }

    /// The group that is marked on the map of this model.
    #[must_use]
    pub fn group(&self, model: &ModelSource) -> Option<&Group> {
        self.points
            .as_ref()
            .filter(|points| points.model.source == *model)?;
        self.view.group.as_ref()
    }

    /// Begins a layout of this model's points: the points, and the flag that stops the work. `None` if there is one already,
    /// or no point yet.
    pub fn unfold(&mut self, model: &ModelSource) -> Option<(Vec<Vec<f32>>, Arc<AtomicBool>)> {
        let points = self.points.as_ref();
        let points = points.filter(|points| points.model.source == *model)?;
        if self.unfoldings.contains_key(&points.model) {
            return None;
        }
        let unfolding = self.unfoldings.entry(points.model.clone()).or_default();
        Some((points.cloud.latents.clone(), unfolding.cancelled()))
    }

    /// Takes news of a layout.
    pub fn receive(&mut self, model: &ModelSource, flag: &Arc<AtomicBool>, at: Tsne) {
        let mut unfoldings = self.unfoldings.iter_mut();
        if let Some((_, unfolding)) = unfoldings.find(|(of, _)| of.source == *model) {
            unfolding.receive(flag, at);
            self.view.points_moved();
        }
    }

    /// Forgets the textures of a window that is gone. What was worked out stays.
    pub fn reopen(&mut self) {
        self.canvas = Canvas::default();
        self.mean = Canvas::default();
        self.pictures = Atlas::default();
        self.pinned = Atlas::default();
    }

    /// Takes the points of the model in front once they are there, and sees to the layout that was chosen.
    fn update(&mut self, ui: &Ui, context: &mut Context<'_>) {
        let source = &context.controls.model;
        let Some(manifest) = context.session.manifest(source) else {
            return;
        };
        let model = ModelIdentity::new(source, manifest);
        if self
            .points
            .as_ref()
            .is_some_and(|points| points.model != model)
        {
            self.points = None;
            self.view = View::default();
        }
        if self.points.is_none() && !is_too_narrow(context) {
            // Layouts of what was in its folder before end here.
            self.unfoldings
                .retain(|of, _| of.source != model.source || *of == model);
            self.points = load_points(&model, context);
        }
        self.update_pictures(ui, context);
        let unfolds = context.controls.map.projection == Projection::Tsne && self.points.is_some();
        if unfolds && !self.unfoldings.contains_key(&model) {
            context.send(MapCommand::Unfold);
        }
    }

    fn update_pictures(&mut self, ui: &Ui, context: &Context<'_>) {
        let answers = context.answers();
        if let (Some(images), Some(encoded)) = (sample(context), &answers.encoded) {
            // It is a few megabytes: not at every pass.
            if !self.pictures.shows(encoded.revision) {
                let pictures: Vec<_> = (0..images.len()).map(|at| images.image(at)).collect();
                self.pictures
                    .show_images(ui.ctx(), encoded.revision, pictures.iter());
            }
        } else if let Some(drawn) = &answers.drawn {
            let pictures = drawn.value.images.iter();
            self.pictures
                .show_images(ui.ctx(), drawn.revision, pictures);
        }
        let pins = notes(context).pins.iter().map(|pin| &pin.image.image);
        // Each fingerprint in its place: the same pictures in another order are others.
        let revision = pins.clone().fold(0, |all: u64, image| {
            all.rotate_left(7) ^ canvas::fingerprint(image)
        });
        self.pinned.show_images(ui.ctx(), revision, pins);
    }

    /// How the points lie: by t-SNE as soon as there is such a layout, if that was chosen.
    fn layout(&self, projection: Projection) -> Option<Layout<'_>> {
        let points = self.points.as_ref()?;
        Some(layout(points, projection, &self.unfoldings))
    }

    fn unfolding(&self) -> Option<&Unfolding> {
        self.unfoldings.get(&self.points.as_ref()?.model)
    }
}

fn layout<'a>(
    points: &'a MapPoints,
    projection: Projection,
    unfoldings: &'a BTreeMap<ModelIdentity, Unfolding>,
) -> Layout<'a> {
    let chosen = projection == Projection::Tsne;
    let unfolding = unfoldings.get(&points.model).filter(|_| chosen);
    Layout {
        points,
        unfolded: unfolding.and_then(Unfolding::layout),
    }
}

/// The sample that came with the model.
fn sample<'a>(context: &Context<'a>) -> Option<&'a LabelledImages> {
    let session: &'a Session = context.session;
    session.open(&context.controls.model)?.mapped_sample()
}

/// What is noted on the map of the model in front.
fn notes<'a>(context: &Context<'a>) -> &'a MapNotes {
    let (session, book): (&'a Session, &'a Notebook) = (context.session, context.notebook);
    let open = session.open(&context.controls.model);
    book.map_notes(open.map_or("", |open| notebook::weights(&open.manifest)))
}

/// Whether the model in front has too few dimensions for a map.
fn is_too_narrow(context: &Context<'_>) -> bool {
    let open = context.session.open(&context.controls.model);
    open.is_some_and(|open| open.space.dims() < PLANE_DIMENSIONS)
}

fn load_points(model: &ModelIdentity, context: &mut Context<'_>) -> Option<MapPoints> {
    let open = super::open(context.controls, context.session)?;
    let regions = &open.model.space.regions;
    let cloud = match open.model.mapped_sample() {
        Some(images) => Cloud::encoded(&open.answers.encoded.as_ref()?.value, images),
        None => Cloud::drawn(open.model),
    };
    MapPoints::new(model.clone(), cloud, regions)
}

/// In place of the map, while its points are not there.
fn waiting(ui: &mut Ui, context: &mut Context<'_>) {
    ui.centered_and_justified(|ui| {
        if is_too_narrow(context) {
            caption(ui, NO_MAP);
            return;
        }
        let asked = context.session.asked(&context.controls.model, Channel::Map);
        if asked && !context.session.pending(Channel::Map) {
            let again = ui.button("The images could not be encoded. Try again");
            if again.clicked() {
                context.send(MapCommand::Retry);
            }
        } else {
            caption(ui, "Encoding the images…");
        }
    });
}
