//! What the comparison comes to, in plain words.

use classifier::Prediction;
use datasets::KnownDataset;
use eframe::egui::Ui;

use crate::{
    panels::Context,
    state::{
        compare,
        compared::{Compared, Side},
        controls::CompareWith,
        model::OpenModel,
        sources::model_title,
    },
    widgets::caption,
    words::NO_JUDGE,
};

pub(super) fn ui(ui: &mut Ui, context: &Context<'_>) {
    let controls = &*context.controls;
    let [left, right] =
        [Side::Left, Side::Right].map(|side| compare::seen(controls, context.session, side));
    let (Some(left), Some(right)) = (left, right) else {
        return;
    };
    let models = [left, right].map(|side| context.session.open(&side.job.model));
    let [Some(one), Some(two)] = models else {
        return;
    };
    let words = if one.info().title == two.info().title {
        agreement(left, right, [one, two])
    } else {
        Some(strangers([left, right], [one, two]))
    };
    ui.label(words.unwrap_or_default());
    let more = match controls.compare.with {
        CompareWith::Latent if one.judge.is_none() => NO_JUDGE.to_owned(),
        CompareWith::Latent => {
            "Both images go to the same classifier, which the VAE never met. The evidence is found as Explain has it set."
                .to_owned()
        }
        CompareWith::Model => closer([left, right]).unwrap_or_default(),
    };
    caption(ui, more);
}

/// What both verdicts have in common, where there are two and they are about the same classes.
fn agreement(left: &Compared, right: &Compared, [one, two]: [&OpenModel; 2]) -> Option<String> {
    let classes = |model: &OpenModel| Some(model.judge.as_ref()?.class_names.clone());
    if classes(one)? != classes(two)? {
        return None;
    }
    let verdicts = [left, right].map(|side| side.frame()?.verdict.as_ref());
    let (a, b) = (&verdicts[0]?.prediction, &verdicts[1]?.prediction);
    let shared = 100.0 * overlap(a, b);
    let name = |prediction: &Prediction| one.judged_name(prediction.class);
    Some(if a.class == b.class {
        format!(
            "The verdicts agree: both are {}. They share {shared:.0} % of the probability.",
            name(a)
        )
    } else {
        format!(
            "The verdicts differ: {} on the left, {} on the right. They share {shared:.0} % of the probability.",
            name(a),
            name(b)
        )
    })
}

/// How much of two verdicts is the same: the sum over the classes of the smaller probability, in 0..1.
fn overlap(a: &Prediction, b: &Prediction) -> f32 {
    let pairs = a.probabilities.iter().zip(&b.probabilities);
    pairs.map(|(a, b)| a.min(*b)).sum()
}

/// Two models of other domains: their verdicts cannot be held against each other.
fn strangers(sides: [&Compared; 2], models: [&OpenModel; 2]) -> String {
    let [left, right] = sides.map(|side| model_title(&side.job.model));
    let [of_left, of_right] = models.map(subject);
    format!(
        "{right} has never seen {of_left}, only {of_right}, and {left} the other way round: each draws and names what it \
         knows."
    )
}

/// What the images of a model show.
fn subject(model: &OpenModel) -> String {
    match model.info().known {
        Some(KnownDataset::Mnist) => "handwritten digits".to_owned(),
        Some(KnownDataset::FashionMnist) => "pictures of clothes".to_owned(),
        Some(KnownDataset::Avatars) => "drawn faces".to_owned(),
        None => format!("images of {}", model.info().title),
    }
}

/// Which reconstruction is the closer one.
fn closer(sides: [&Compared; 2]) -> Option<String> {
    let [a, b] = sides.map(Compared::reconstruction);
    let (a, b) = (a?.squared_error, b?.squared_error);
    let [left, right] = sides.map(|side| model_title(&side.job.model));
    let (near, far, name) = if a <= b { (a, b, left) } else { (b, a, right) };
    Some(format!(
        "{name} comes closer to the input: {near:.5} against {far:.5} squared error a pixel."
    ))
}
