//! What would have to change: the walk from the latent towards a class, up to where the classifier changes its mind.

use eframe::egui::{
    Align, CentralPanel, Label, Layout, Panel, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use studio::Counterfactual;

use super::choice;
use crate::{
    panels::{
        self, Context, Open,
        common::{Three, explanation, roomy},
    },
    state::{
        answers::Answer,
        command::{Command, SceneCommand},
        controls::COUNTERFACTUAL_STEPS,
        model::OpenModel,
        scene::Start,
    },
    theme,
    widgets::{
        self, Tile,
        canvas::{self, Atlas, Changes},
        caption, difference_bar, image_tile, percent,
    },
    words::no_what_if,
};

/// Width of the list of targets.
const TARGET: f32 = 120.0;
const HEADER: f32 = 50.0;
const FOOTER: f32 = 44.0;
/// What the path under the pictures needs at least.
const STRIP: f32 = 120.0;
const STRIP_GAP: f32 = 4.0;
/// Pictures of the path at most; of a longer path they are spread evenly.
const TILES: usize = 11;

/// What the view keeps between passes: textures.
#[derive(Default)]
pub struct CounterfactualView {
    path: Atlas,
    change: Atlas,
}

impl CounterfactualView {
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        Panel::top("explain controls")
            .exact_size(48.0)
            .resizable(false)
            .frame(theme::panel_frame(ui, 16, 8))
            .show(ui, |ui| controls(ui, context));
        let remark = format!(
            "The whole way has {COUNTERFACTUAL_STEPS} steps of equal length. {ONLY_IMAGES}"
        );
        explanation(ui, "explain words", 74.0, WALK, &remark);
        let frame = theme::panel_frame(ui, 16, 12).fill(theme::palette(ui).background);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            let least = Three::least(ui, panels::shape(context), HEADER + FOOTER + STRIP);
            roomy(ui, least, |ui| self.walk(ui, context));
        });
    }

    fn walk(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(Open { model, answers, .. }) = panels::open(context.controls, context.session)
        else {
            return;
        };
        if !model.judge_knows_regions() {
            caption(ui, no_what_if(model.is_conditional()));
            return;
        }
        let Some(answer) = &answers.counterfactual else {
            caption(ui, "Walking…");
            return;
        };
        self.update(ui, answer);
        let room = ui.available_rect_before_wrap();
        let tile_room = (room.width() - STRIP_GAP * (TILES - 1) as f32) / TILES as f32;
        let tile_room = tile_room.min(room.height() / 6.0);
        let tile = canvas::crisp_side(model.shape(), tile_room, ui.pixels_per_point());
        let strip_top = room.bottom() - Tile::size(tile, true).y - 26.0;
        let upper = Rect::from_min_max(room.min, pos2(room.right(), strip_top - 8.0));
        self.three(ui, upper, answer, model);
        let lower = Rect::from_min_max(pos2(room.left(), strip_top), room.max);
        let chosen = ui
            .scope_builder(UiBuilder::new().max_rect(lower), |ui| {
                self.strip(ui, tile, &answer.value, model)
            })
            .inner;
        let command = chosen.map(|step| explore(answer, step));
        context.commands.extend(command);
    }

    fn update(&mut self, ui: &Ui, answer: &Answer<Counterfactual>) {
        let images = &answer.value.images;
        self.path
            .show_images(ui.ctx(), answer.revision, images.iter());
        let (Some(first), Some(last)) = (images.first(), images.last()) else {
            return;
        };
        let both = last.values().iter().zip(first.values());
        let change: Vec<f32> = both.map(|(b, a)| b - a).collect();
        let changes = Changes {
            revision: answer.revision,
            shape: first.shape(),
            largest: 1.0,
            theme: (ui.visuals().dark_mode, theme::palette(ui)),
        };
        let pictures = std::iter::once(change.as_slice());
        self.change.show_changes(ui.ctx(), changes, pictures);
    }

    /// Before, after and what changed.
    fn three(&self, ui: &mut Ui, room: Rect, answer: &Answer<Counterfactual>, model: &OpenModel) {
        let walk = &answer.value;
        let last = walk.images.len().saturating_sub(1);
        let places = Three::new(ui, room, model.shape(), HEADER, FOOTER);
        let after = if walk.flipped {
            "After"
        } else {
            "At the end of the way"
        };
        let pictures = [
            ("Before", &self.path, 0),
            (after, &self.path, last),
            ("What changed", &self.change, 0),
        ];
        for (place, (label, atlas, index)) in pictures.into_iter().enumerate() {
            let column = places.column(place);
            ui.scope_builder(UiBuilder::new().max_rect(column).id_salt(place), |ui| {
                caption(ui, label);
                match walk.predictions.get(index).filter(|_| place < 2) {
                    Some(prediction) => ui.horizontal(|ui| {
                        strong(ui, &model.judged_name(prediction.class));
                        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                            widgets::figure(ui, percent(prediction.confidence.into()));
                        });
                    }),
                    None => ui.horizontal(|ui| {
                        strong(ui, "after minus before");
                    }),
                };
                picture(ui, atlas, index, places.picture(place), label);
                if place == 2 {
                    let under = UiBuilder::new().max_rect(places.under(place));
                    ui.scope_builder(under, |ui| {
                        difference_bar(ui, 80.0, model.shape().is_colour());
                        caption(ui, "Full colour: from black to white");
                    });
                }
            });
        }
    }

    /// The path as small pictures; the step that was clicked.
    fn strip(
        &self,
        ui: &mut Ui,
        side: f32,
        walk: &Counterfactual,
        model: &OpenModel,
    ) -> Option<usize> {
        let last = walk.images.len().checked_sub(1)?;
        let tiles = TILES.min(last + 1);
        let width = tiles as f32 * (side + STRIP_GAP) - STRIP_GAP;
        let indent = ((ui.available_width() - width) / 2.0).max(0.0).floor();
        ui.spacing_mut().item_spacing = vec2(STRIP_GAP, 4.0);
        ui.horizontal(|ui| {
            ui.add_space(indent);
            caption(ui, "The way there; click a picture to open it in Explore");
        });
        let mut chosen = None;
        ui.horizontal(|ui| {
            ui.add_space(indent);
            for place in 0..tiles {
                let step = place * last / (tiles - 1).max(1);
                let prediction = &walk.predictions[step];
                let name = model.judged_name(prediction.class);
                let confidence = percent(prediction.confidence.into());
                // Long names fill the line by themselves.
                let line = if name.chars().count() <= 2 {
                    format!("{name}   {}", confidence.trim())
                } else {
                    name.clone()
                };
                let tile = Tile {
                    atlas: &self.path,
                    index: step,
                    side,
                    name: &format!("step {step} of the walk: {name}"),
                    caption: &line,
                    right: None,
                    selected: false,
                };
                if image_tile(ui, tile)
                    .on_hover_text(format!("{name}: {confidence}"))
                    .clicked()
                {
                    chosen = Some(step);
                }
            }
        });
        chosen
    }
}

fn explore(answer: &Answer<Counterfactual>, step: usize) -> Command {
    let walk = &answer.value;
    let last = walk.latents.len().saturating_sub(1).max(1);
    Command::Scene(SceneCommand::Explore {
        latent: walk.latents.get(step).cloned().unwrap_or_default(),
        condition: None,
        start: Start::Towards {
            class: answer.scene.target,
            t: walk.share * step as f32 / last as f32,
        },
    })
}

fn strong(ui: &mut Ui, text: &str) {
    let color = theme::palette(ui).text_strong;
    ui.label(RichText::new(text).size(17.0).color(color));
}

fn picture(ui: &Ui, atlas: &Atlas, index: usize, rect: Rect, label: &str) {
    let response = ui.interact(rect, ui.scope_id().with(label), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, label));
    ui.painter().rect_filled(rect, 0.0, theme::palette(ui).well);
    atlas.paint(ui, rect, index);
    let stroke = Stroke::new(1.0, theme::palette(ui).line);
    ui.painter()
        .rect_stroke(rect, 0.0, stroke, StrokeKind::Outside);
}

fn controls(ui: &mut Ui, context: &mut Context<'_>) {
    ui.horizontal_centered(|ui| {
        choice::view_choice(ui, context);
        let open = panels::open(context.controls, context.session);
        let Some(open) = open.filter(|open| open.model.judge_knows_regions()) else {
            return;
        };
        if !theme::is_narrow(ui) {
            ui.label("What would make it");
        }
        let frame = open.answers.frame.as_ref();
        let prediction = frame.and_then(|frame| frame.value.prediction());
        if let Some(target) = open.scene.explained(prediction) {
            let names = open.model.region_names();
            choice::target_choice(ui, open.scene, target, names, TARGET);
        }
        if !theme::is_narrow(ui) {
            ui.label("?");
        }
        ui.add_space(theme::GAP);
        let Some(answer) = &open.answers.counterfactual else {
            return;
        };
        let text = verdict(answer, open.model);
        let line = RichText::new(&text).color(theme::palette(ui).text_weak);
        ui.add(Label::new(line).truncate()).on_hover_text(text);
    });
}

/// How far the walk went, in words.
fn verdict(answer: &Answer<Counterfactual>, model: &OpenModel) -> String {
    let walk = &answer.value;
    let target = model.judged_name(answer.scene.target);
    if !walk.flipped {
        format!("Even at the heart of the region the classifier does not say {target}.")
    } else if walk.latents.len() < 2 {
        format!("It is {target} already: choose another class.")
    } else {
        let share = walk.share * 100.0;
        format!("It becomes {target} after {share:.0} % of the way.")
    }
}

const WALK: &str = "The latent walks in a straight line towards the nearest part of the other class's region, until the classifier first \
     says that class. What changed on the way is enough to change its mind; it need not be the least that would do.";

const ONLY_IMAGES: &str =
    "Only the VAE's images are tried, so pixels change together as they do between real images.";
