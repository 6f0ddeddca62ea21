//! What the comparison comes to, in plain words.

use classifier::Prediction;
use datasets::KnownDataset;

use crate::{
    panels::Context,
    state::{
        compare,
        compared::{Compared, Side},
        controls::CompareWith,
        families::{self, SAMPLES},
        model::OpenModel,
        sources::{model_title, same_images},
    },
    words::NO_JUDGE,
};

const MEASURED_ALIKE: &str = "The figures are those of each model's report, measured by one protocol: point at one to read it. The \
                              times are taken here and now.";
const RECONSTRUCTED: &str = "Each model encodes the real images and decodes the mean of the posterior: what it keeps of an image, and \
                             what it loses. A refiner takes no part.";
const ON_THESE: &str = "The squared error is that of the images that are shown. Evaluate has the one of all test images.";

/// What is seen, and a remark on it. Both are empty until both sides are drawn.
pub(super) fn of(context: &Context<'_>) -> (String, String) {
    match context.controls.compare.with {
        CompareWith::Latent | CompareWith::Model => both(context).unwrap_or_default(),
        CompareWith::Families => one_rule(context),
        CompareWith::Reconstructions => (RECONSTRUCTED.to_owned(), ON_THESE.to_owned()),
    }
}

/// By which rule all families draw.
fn one_rule(context: &Context<'_>) -> (String, String) {
    let set = &context.controls.compare.families;
    let names = families::class_names(context.controls, context.session);
    let what = match names.get(set.class.index()) {
        Some(name) if names.len() > 1 => format!("samples of {name}"),
        _ => "samples".to_owned(),
    };
    let text = format!(
        "All draw the first {SAMPLES} {what} at noise {:.2} under seed {}, each in its own latent space. None was left out or \
         chosen.",
        set.noise, set.seed
    );
    (text, MEASURED_ALIKE.to_owned())
}

fn both(context: &Context<'_>) -> Option<(String, String)> {
    let controls = &*context.controls;
    let [left, right] =
        [Side::Left, Side::Right].map(|side| compare::seen(controls, context.session, side));
    let (left, right) = (left?, right?);
    let [one, two] = [left, right].map(|side| context.session.open(&side.job.model));
    let (one, two) = (one?, two?);
    let words = if same_images(one.info(), two.info()) {
        agreement(left, right, [one, two])
    } else {
        Some(strangers([left, right], [one, two]))
    };
    let more = match controls.compare.with {
        CompareWith::Latent if one.judge.is_none() => Some(NO_JUDGE.to_owned()),
        CompareWith::Latent => Some(
            "Both images go to the same classifier, which the models never met. The evidence is found as Explain has it set."
                .to_owned(),
        ),
        _ => closer([left, right]),
    };
    Some((words.unwrap_or_default(), more.unwrap_or_default()))
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
            "The predictions agree: both are {}. They share {shared:.0} % of the probability.",
            name(a)
        )
    } else {
        format!(
            "The predictions differ: {} on the left, {} on the right. They share {shared:.0} % of the probability.",
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

/// Two models of other images: their verdicts cannot be held against each other.
fn strangers(sides: [&Compared; 2], models: [&OpenModel; 2]) -> String {
    let [left, right] = sides.map(|side| model_title(&side.job.model));
    let [Some(of_left), Some(of_right)] = known(models) else {
        return "They were trained on other images. Each draws and names what it knows.".to_owned();
    };
    format!(
        "{right} has never seen {of_left}, only {of_right}, and {left} the other way round: each draws and names what it \
         knows."
    )
}

/// What the images of two models show, where that is known and not the same.
fn known(models: [&OpenModel; 2]) -> [Option<&'static str>; 2] {
    let [left, right] = models.map(|model| model.info().known);
    if left == right {
        return [None, None];
    }
    [left, right].map(|known| known.map(subject))
}

/// What the images of a known data set show.
fn subject(known: KnownDataset) -> &'static str {
    match known {
        KnownDataset::Mnist => "handwritten digits",
        KnownDataset::FashionMnist => "pictures of clothes",
        KnownDataset::Avatars => "drawn faces",
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
