//! Sliders along directions that are no axes: from one class to another, and where the classes spread most.

use datasets::ClassId;
use eframe::egui::{Button, Label, RichText, Sense, Ui, vec2};
use latent_space::{Direction, PrincipalDirection, principal_directions};

use crate::{
    panels::{self, Context, Open, common::class_combo},
    state::{
        classes::class_id,
        command::{Command, NotebookCommand},
        identity::ModelIdentity,
        kept_direction::KeptDirection,
        notebook,
        origin::start_in_words,
        scene::Scene,
    },
    theme,
    widgets::{self, DIRECTION_ROW, caption, direction_row},
    words::no_direction,
};

/// How many principal directions have a slider.
const PRINCIPAL: usize = 8;

/// Width of a list of classes.
const COMBO: f32 = 112.0;

/// The classes between which to walk, and the directions of the model in front.
pub(super) struct Directions {
    pub(super) shown: bool,
    from: ClassId,
    to: ClassId,
    principal: Option<(ModelIdentity, Vec<PrincipalDirection>)>,
    deleted: Vec<Deleted>,
}

/// A direction that was deleted here. It keeps its place, so that nothing moves under the pointer, until the list is left.
struct Deleted {
    place: usize,
    kept: KeptDirection,
}

impl Default for Directions {
    fn default() -> Self {
        Self {
            shown: false,
            from: ClassId(0),
            to: ClassId(3),
            principal: None,
            deleted: Vec::new(),
        }
    }
}

impl Directions {
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let source = context.controls.model.clone();
        let Some(mut open) = panels::open(context.controls, context.session) else {
            return;
        };
        let model = ModelIdentity::new(&source, &open.model.manifest);
        let known = self.principal.as_ref().is_some_and(|(of, _)| *of == model);
        if !known {
            let found = principal_directions(&open.model.space.regions, PRINCIPAL);
            self.principal = Some((model, found));
            self.deleted.clear();
        }
        let mut commands = Vec::new();
        let kept = context
            .notebook
            .directions(notebook::weights(&open.model.manifest));
        commands.extend(self.kept_ones(ui, kept, open.scene));
        commands.extend(self.between_classes(ui, &mut open));
        ui.add_space(theme::GROUP_GAP);
        self.along_the_spread(ui, open.scene);
        context.commands.extend(commands);
    }

    /// Where the directions are not shown, what was deleted is out of the way.
    pub(super) fn hide(&mut self) {
        self.deleted.clear();
    }

    /// The directions that were kept, each with a button that deletes it.
    fn kept_ones(
        &mut self,
        ui: &mut Ui,
        kept: &[KeptDirection],
        scene: &mut Scene,
    ) -> Option<Command> {
        let is_kept = |name: &str| kept.iter().any(|kept| kept.name == name);
        // Undo may have brought it back.
        self.deleted.retain(|deleted| !is_kept(&deleted.kept.name));
        if kept.is_empty() && self.deleted.is_empty() {
            return None;
        }
        let mut command = None;
        widgets::title(ui, "Kept");
        let mut kept = kept.iter();
        for place in 0..kept.len() + self.deleted.len() {
            if let Some(gone) = self.deleted.iter().find(|gone| gone.place == place) {
                if bring_back(ui, &gone.kept.name) {
                    let gone_before = self.deleted.iter().filter(|gone| gone.place < place);
                    let index = place - gone_before.count();
                    let back = NotebookCommand::PutDirectionBack(index, gone.kept.clone());
                    command = Some(back.into());
                }
                continue;
            }
            let dims = scene.latent.len();
            let Some(kept) = kept.next().filter(|kept| kept.fits(dims)) else {
                continue;
            };
            let KeptDirection { name, direction } = kept;
            // Where it was made there is a slider of the same name.
            row(ui, direction.clone(), &format!("{name} (kept)"), "", scene);
            let button = ui.small_button("Delete");
            if button.accessible_name(format!("delete {name}")).clicked() {
                let kept = kept.clone();
                command = Some(NotebookCommand::DeleteDirection(name.clone()).into());
                self.deleted.push(Deleted { place, kept });
            }
        }
        ui.add_space(theme::GROUP_GAP);
        command
    }

    fn between_classes(&mut self, ui: &mut Ui, open: &mut Open<'_>) -> Option<Command> {
        let names = open.model.region_names();
        let Some(last) = class_id(names.len().saturating_sub(1)).filter(|last| last.0 > 0) else {
            caption(ui, no_direction(open.model.is_conditional()));
            return None;
        };
        // The model before may have had more of them.
        (self.from, self.to) = (self.from.min(last), self.to.min(last));
        widgets::title(ui, "From class to class").on_hover_text(
            "The straight line through the means of two class regions: -1 stands at the one, +1 at the other. What else \
             makes up your image stays.",
        );
        ui.horizontal(|ui| {
            class_combo(ui, "direction from class", COMBO, &mut self.from, names);
            ui.label("to");
            class_combo(ui, "direction to class", COMBO, &mut self.to, names);
        });
        let regions = &open.model.space.regions;
        let direction = Direction::between(&regions.mean(self.from), &regions.mean(self.to));
        let (from, to) = (
            open.model.region_name(self.from),
            open.model.region_name(self.to),
        );
        let name = format!("from {from} to {to}");
        row(ui, direction.clone(), &name, "", open.scene);
        ui.horizontal(|ui| {
            let keep = ui
                .button("Keep")
                .on_hover_text("Keep this direction with the model");
            if keep.accessible_name("keep this direction").clicked() {
                return Some(keep_as(name, direction));
            }
            let moved = open.scene.edited();
            let way = ui.add_enabled(moved, Button::new("Keep my way"));
            let way = way
                .on_hover_text("The line from where the latent came from to where it is now")
                .on_disabled_hover_text("Move the latent first");
            way.clicked().then(|| {
                let name = format!("my way from {}", start_in_words(open.scene, open.model));
                let direction = Direction::between(&open.scene.origin, &open.scene.latent);
                keep_as(name, direction)
            })
        })
        .inner
    }

    fn along_the_spread(&self, ui: &mut Ui, scene: &mut Scene) {
        widgets::title(ui, "Where images spread most").on_hover_text(
            "Principal components of all class regions together, in their own standard deviations. Each moves many \
             dimensions at once, and none changes another one's place.",
        );
        caption(
            ui,
            "Share of all variance beside each. Locked dimensions stay.",
        );
        let principal = self.principal.iter().flat_map(|(_, found)| found);
        for (index, PrincipalDirection { direction, share }) in principal.enumerate() {
            let share = format!("{:4.1} %  ", share * 100.0);
            let title = format!("direction {}", index + 1);
            row(ui, direction.clone(), &title, &share, scene);
        }
    }
}

/// In the place of a direction that was deleted, and as high.
fn bring_back(ui: &mut Ui, name: &str) -> bool {
    let size = vec2(ui.available_width(), DIRECTION_ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let weak = RichText::new(format!("{name} (deleted)")).weak();
    ui.put(rect, Label::new(weak).truncate());
    let button = ui.small_button("Bring back");
    button
        .accessible_name(format!("bring {name} back"))
        .clicked()
}

fn keep_as(name: String, direction: Direction) -> Command {
    Command::Notebook(NotebookCommand::KeepDirection(KeptDirection {
        name,
        direction,
    }))
}

fn row(ui: &mut Ui, direction: Direction, title: &str, share: &str, scene: &mut Scene) {
    let direction = direction.holding(&scene.locked);
    let Some(mut position) = direction.position(&scene.latent) else {
        caption(
            ui,
            format!("{title}: leads nowhere, or every dimension is locked"),
        );
        return;
    };
    let figures = format!("{share}{position:+6.2}");
    if direction_row(ui, title, &figures, &mut position).changed() {
        scene.latent = direction.moved(&scene.latent, position);
    }
}
