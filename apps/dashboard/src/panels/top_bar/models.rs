//! What the images show, and which model of it draws them: a domain, and a model of it.

use eframe::egui::{Button, ComboBox, RichText, TextStyle, Ui};
use studio::ModelSource;

use super::fit::{BarFit, segments_width};
use crate::{
    panels::Context,
    state::{
        command::ModelCommand,
        sources::{self, Domain},
    },
    theme,
    widgets::{CLOSE, close_button, hinted_segments, path_end, text_width},
};

/// Width of the list of domains, and of that of models, at most, and where there is little room.
const DOMAIN: f32 = 150.0;
const NARROW_DOMAIN: f32 = 108.0;
const MODEL: f32 = 170.0;
const NARROW_MODEL: f32 = 92.0;
/// What a list needs beside its text: the arrow and the space around both.
const AROUND_TEXT: f32 = 40.0;
/// Longest path in the list, in characters.
const PATH: usize = 40;

/// What there is to choose from.
pub(super) struct Choices {
    domains: Vec<Domain>,
    /// The place of the domain of the model in front.
    current: usize,
    front: ModelSource,
}

impl Choices {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let front = context.controls.model.clone();
        let domains = sources::domains(context.session, &front);
        let holds_front = |domain: &Domain| domain.models.contains(&front);
        let current = domains.iter().position(holds_front).unwrap_or_default();
        Self {
            domains,
            current,
            front,
        }
    }

    /// What both choices need.
    pub(super) fn width(&self, ui: &Ui, fit: BarFit) -> f32 {
        let gap = ui.spacing().item_spacing.x;
        let some = [self.models_width(ui, fit), self.close_width()];
        let some = some.into_iter().filter(|part| *part > 0.0);
        self.domains_width(ui, fit) + some.map(|part| part + gap).sum::<f32>()
    }

    /// What the choice of a domain needs, beside each other or in a list.
    fn domains_width(&self, ui: &Ui, fit: BarFit) -> f32 {
        match fit {
            BarFit { domains: true, .. } => segments_width(ui, self.titles()),
            BarFit { theme: true, .. } => DOMAIN,
            BarFit { .. } => NARROW_DOMAIN,
        }
    }

    /// What the button needs that puts the model in front away: nothing where it is part of the program.
    fn close_width(&self) -> f32 {
        match self.front {
            ModelSource::Folder(_) => CLOSE,
            ModelSource::Shipped(_) => 0.0,
        }
    }

    /// What the choice of a model needs: nothing where there is one.
    fn models_width(&self, ui: &Ui, fit: BarFit) -> f32 {
        if self.models().len() < 2 {
            return 0.0;
        }
        let title = sources::kind_title(&self.front);
        let most = if fit.theme { MODEL } else { NARROW_MODEL };
        (text_width(ui, &title) + AROUND_TEXT).min(most)
    }

    fn titles(&self) -> impl Iterator<Item = &str> {
        self.domains.iter().map(|domain| domain.title.as_str())
    }

    fn models(&self) -> &[ModelSource] {
        let current = self.domains.get(self.current);
        current.map_or(&[], |domain| domain.models.as_slice())
    }
}

/// Shows both choices, from the right to the left.
pub(super) fn ui(ui: &mut Ui, context: &mut Context<'_>, choices: &Choices, fit: BarFit) {
    if let ModelSource::Folder(path) = &choices.front {
        let name = sources::kind_title(&choices.front);
        let hint = format!("Put the model of this folder away: {}", path.display());
        if close_button(ui, &format!("close {name}"), &hint) {
            context.send(ModelCommand::Close(choices.front.clone()));
        }
    }
    let mut wanted = model(ui, choices, fit);
    let titles: Vec<_> = choices.titles().map(str::to_owned).enumerate().collect();
    let hint = |index: usize| choices.domains.get(index).map_or_else(String::new, paths);
    let chosen = if fit.domains {
        hinted_segments(ui, choices.current, titles, hint)
    } else {
        domain_list(ui, choices, fit, hint)
    };
    if let Some(domain) = chosen.and_then(|index| choices.domains.get(index)) {
        wanted = domain.models.first().cloned();
    }
    if let Some(model) = wanted {
        context.send(ModelCommand::Open(model));
    }
}

/// Where the models of a domain come from that are no part of the program.
fn paths(domain: &Domain) -> String {
    let folders = domain.models.iter().filter_map(|model| match model {
        ModelSource::Folder(path) => Some(path.display().to_string()),
        ModelSource::Shipped(_) => None,
    });
    folders.collect::<Vec<_>>().join("\n")
}

/// The models of a domain, where there are several.
fn model(ui: &mut Ui, choices: &Choices, fit: BarFit) -> Option<ModelSource> {
    let width = choices.models_width(ui, fit);
    if width <= 0.0 {
        return None;
    }
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("model")
        .width(width)
        .truncate()
        .selected_text(sources::kind_title(&choices.front));
    let list = |ui: &mut Ui| {
        for model in choices.models() {
            let front = *model == choices.front;
            let label = Button::selectable(front, sources::kind_title(model));
            let path = match model {
                ModelSource::Folder(path) => path_end(path, PATH),
                ModelSource::Shipped(_) => String::new(),
            };
            let path = RichText::new(path).text_style(TextStyle::Small);
            let color = theme::palette(ui).text_weak;
            let label = ui.add(label.right_text(path.color(color)));
            let label = label.accessible_name(sources::kind_title(model));
            if label.on_hover_text(model.to_string()).clicked() {
                chosen = Some(model.clone());
            }
        }
    };
    let response = ui.scope(|ui| {
        ui.set_max_width(width);
        combo.show_ui(ui, list)
    });
    response.inner.response.accessible_name("model");
    chosen
}

/// Many domains, or long names of them.
fn domain_list(
    ui: &mut Ui,
    choices: &Choices,
    fit: BarFit,
    hint: impl Fn(usize) -> String,
) -> Option<usize> {
    let mut chosen = None;
    let title = choices.titles().nth(choices.current).unwrap_or_default();
    let width = choices.domains_width(ui, fit);
    let combo = ComboBox::from_id_salt("domain")
        .width(width.min(ui.available_width() - theme::GAP))
        .truncate()
        .selected_text(title);
    let response = combo.show_ui(ui, |ui| {
        for (index, title) in choices.titles().enumerate() {
            let mut label = ui.selectable_label(index == choices.current, title);
            let hint = hint(index);
            if !hint.is_empty() {
                label = label.on_hover_text(hint);
            }
            if label.clicked() {
                chosen = Some(index);
            }
        }
    });
    response.response.accessible_name("domain");
    chosen
}
