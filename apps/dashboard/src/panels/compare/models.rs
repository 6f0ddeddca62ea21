//! Two models, and what each makes of the same image.

use eframe::egui::{Label, RichText, Ui};
use studio::ModelSource;

use super::{
    ComparePanel,
    column::{Columns, Header, columns},
};
use crate::{
    panels::Context,
    state::{
        command::CompareCommand, compare, compared::Side, model::OpenModel, session::Model,
        sources::model_title,
    },
    theme,
    widgets::caption,
};

impl ComparePanel {
    pub(super) fn models(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let view = context.controls.view;
        let other = compare::other_model(context.controls);
        let Some(front) = context.session.open(&context.controls.model) else {
            return;
        };
        let columns = columns(ui, front.shape());
        let behind = context.session.open(&other);
        let strange = behind.filter(|behind| behind.shape() != front.shape());
        let sides = [
            (Side::Left, 0, "left image", context.controls.model.clone()),
            (Side::Right, 2, "right image", other),
        ];
        for (side, place, name, model) in sides {
            let title = format!("{} reconstructs", model_title(&model));
            let answer = compare::seen(context.controls, context.session, side);
            let open = context.session.open(&model);
            let canvas = match side {
                Side::Left => &mut self.left,
                Side::Right => &mut self.right,
            };
            match (answer, open) {
                (_, Some(open)) if side == Side::Right && strange.is_some() => {
                    let (wanted, known) = (front.shape(), open.shape());
                    let why = format!(
                        "It knows images of {known} (channels, height, width), and this one is of {wanted}: there is nothing \
                         to compare."
                    );
                    columns.empty(ui, place, name, &title, &why);
                }
                (Some(answer), Some(open)) => {
                    let words = (name, title.as_str());
                    columns.side_of(ui, place, canvas, words, (answer, open), view);
                }
                _ => missing(ui, context, &columns, place, name, &model),
            }
        }
        self.given(ui, context, &columns);
    }

    /// The image that both are given.
    fn given(&mut self, ui: &mut Ui, context: &Context<'_>, columns: &Columns) {
        let Some(image) = compare::input(context.controls, context.session) else {
            return;
        };
        let header = Header {
            name: "input image",
            caption: "Both are given the same image",
            title: &image.name,
            figure: "",
        };
        let other = compare::other_model(context.controls);
        let [front, behind] =
            [&context.controls.model, &other].map(|model| context.session.open(model));
        let judged = front.map_or_else(String::new, |front| judged(front, behind));
        let revision = crate::widgets::canvas::fingerprint(&image.image);
        let paint = |ui: &Ui, rect| {
            self.input.paint(ui, rect, revision, &image.image, None);
        };
        columns.show(ui, 1, &header, paint, |ui| {
            caption(
                ui,
                format!("Each encodes it, and decodes the mean of its posterior. {judged}"),
            );
        });
    }
}

/// Who judges the reconstructions, as far as the models are open.
fn judged(left: &OpenModel, right: Option<&OpenModel>) -> String {
    let all = || std::iter::once(left).chain(right);
    let own = |model: &OpenModel| {
        let judge = model.judge.as_ref();
        judge.is_some_and(|judge| judge.borrowed.is_none())
    };
    if all().all(own) {
        return "Each reconstruction is judged by the classifier of its own model.".to_owned();
    }
    if all().all(|model| model.judge.is_none()) {
        return "No classifier judges the reconstructions.".to_owned();
    }
    let by = |model: &OpenModel| match &model.judge {
        None => "nobody".to_owned(),
        Some(judge) => match &judge.borrowed {
            None => "the classifier of its own model".to_owned(),
            Some(source) => format!("the classifier of {}", model_title(source)),
        },
    };
    let left = format!("The left reconstruction is judged by {}", by(left));
    match right {
        None => format!("{left}."),
        Some(right) => format!("{left}, the right one by {}.", by(right)),
    }
}

/// A side without an answer: it comes, or it cannot.
fn missing(
    ui: &mut Ui,
    context: &mut Context<'_>,
    columns: &Columns,
    place: usize,
    name: &str,
    model: &ModelSource,
) {
    let title = model_title(model);
    let failure = match context.session.model(model) {
        Some(Model::Failed(message)) => message,
        Some(Model::Open(_)) => {
            return columns.empty(ui, place, name, &title, "Reconstructing…");
        }
        None => return columns.empty(ui, place, name, &title, "Opening…"),
    };
    let header = Header {
        name,
        caption: &title,
        title: "Could not be opened",
        figure: "",
    };
    let mut again = false;
    columns.show(
        ui,
        place,
        &header,
        |_, _| {},
        |ui| {
            let text = RichText::new(failure).small().color(theme::palette(ui).bad);
            ui.add(Label::new(text).wrap());
            again = ui.button("Try again").clicked();
        },
    );
    if again {
        context.send(CompareCommand::Model(model.clone()));
    }
}
