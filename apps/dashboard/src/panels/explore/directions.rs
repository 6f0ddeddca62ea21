//! Sliders along directions that are no axes: from one class to another, and where the classes spread most.

use datasets::ClassId;
use eframe::egui::{ComboBox, ScrollArea, Ui};
use studio::{Manifest, ModelSource};
use vae_core::{Direction, PrincipalDirection, principal_directions};

use crate::{
    controls::Scene,
    panels::{self, Context, Open, class_id},
    theme,
    widgets::{self, caption, direction_row},
};

/// How many principal directions have a slider.
const PRINCIPAL: usize = 8;

/// The classes between which to walk, and the directions of the model in front.
pub(super) struct Directions {
    pub(super) shown: bool,
    from: ClassId,
    to: ClassId,
    principal: Option<(ModelSource, Vec<PrincipalDirection>)>,
}

impl Default for Directions {
    fn default() -> Self {
        Self {
            shown: false,
            from: ClassId(0),
            to: ClassId(3),
            principal: None,
        }
    }
}

impl Directions {
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let source = context.controls.model.clone();
        let Some(mut open) = panels::open(context.controls, context.session) else {
            return;
        };
        let known = self.principal.as_ref().is_some_and(|(of, _)| *of == source);
        if !known {
            let found = principal_directions(&open.vae.regions, PRINCIPAL);
            self.principal = Some((source, found));
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.between_classes(ui, &mut open);
            ui.add_space(theme::GROUP_GAP);
            self.along_the_spread(ui, open.scene);
        });
    }

    fn between_classes(&mut self, ui: &mut Ui, open: &mut Open<'_>) {
        widgets::title(ui, "From class to class").on_hover_text(
            "The straight line through the means of two class regions: -1 stands at the one, +1 at the other. What else \
             makes up your image stays.",
        );
        ui.horizontal(|ui| {
            class_combo(ui, "direction from class", &mut self.from, open.manifest);
            ui.label("to");
            class_combo(ui, "direction to class", &mut self.to, open.manifest);
        });
        let regions = &open.vae.regions;
        let direction = Direction::between(&regions.anchor(self.from), &regions.anchor(self.to));
        let (from, to) = (
            open.manifest.class_name(self.from),
            open.manifest.class_name(self.to),
        );
        row(
            ui,
            direction,
            &format!("from {from} to {to}"),
            "",
            open.scene,
        );
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

fn class_combo(ui: &mut Ui, name: &str, class: &mut ClassId, manifest: &Manifest) {
    let combo = ComboBox::from_id_salt(name)
        .width(112.0)
        .selected_text(manifest.class_name(*class));
    let response = combo.show_ui(ui, |ui| {
        for (index, title) in manifest.class_names.iter().enumerate() {
            if let Some(choice) = class_id(index) {
                ui.selectable_value(class, choice, title);
            }
        }
    });
    response.response.accessible_name(name);
}
