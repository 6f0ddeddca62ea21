//! The models of a domain side by side: which of them, and what each is asked, so that all draw by one rule.

use std::time::Duration;

use datasets::ClassId;
use studio::{ClassSample, Family, ModelSource, Request, SampleRequest, Sampler};

use super::{
    channel::{Channel, Job},
    compared::Compared,
    controls::Controls,
    draw_times::DrawTimes,
    jobs::{self, job},
    model::OpenModel,
    session::{Model, Session},
    sources::{self, same_images},
};

/// Samples of each model.
pub const SAMPLES: usize = 9;
/// While a hand drags, a model draws as many samples as take it so long, and one at least: so a slow model does not keep the
/// others waiting.
const DRAG: Duration = Duration::from_millis(40);

/// A model among those that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its place among all that could be shown, which tells its channels from those of the others.
    pub place: usize,
    /// The model.
    pub model: ModelSource,
}

/// What is known of a model that stands beside others.
#[derive(Clone, Copy, Debug)]
pub enum ColumnState<'a> {
    /// It is being opened.
    Opening,
    /// It could not be opened; the message says why.
    Failed(&'a str),
    /// It is open, but its images are of another kind than those of the model in front.
    Strange,
    /// It is open.
    Open(&'a OpenModel),
}

/// Every model that can be shown, in their order: those of the domain in front, and a folder that the person asked for here.
#[must_use]
pub fn all(controls: &Controls, session: &Session) -> Vec<Column> {
    let domains = sources::domains(session, &controls.model).into_iter();
    let mut domains = domains.filter(|domain| domain.models.contains(&controls.model));
    let mut models = domains.next().map_or_else(Vec::new, |domain| domain.models);
    let added = controls.compare.model.iter();
    let added = added.filter(|model| matches!(model, ModelSource::Folder(_)));
    for model in added {
        if !models.contains(model) {
            models.push(model.clone());
        }
    }
    let models = models.into_iter().enumerate();
    models
        .map(|(place, model)| Column { place, model })
        .collect()
}

/// The models that are shown: all but those that were taken away.
#[must_use]
pub fn columns(controls: &Controls, session: &Session) -> Vec<Column> {
    let mut columns = all(controls, session);
    columns.retain(|column| !controls.compare.families.hidden.contains(&column.model));
    columns
}

/// What is known of a model.
#[must_use]
pub fn state<'a>(
    controls: &Controls,
    session: &'a Session,
    model: &ModelSource,
) -> ColumnState<'a> {
    match session.model(model) {
        None => ColumnState::Opening,
        Some(Model::Failed(message)) => ColumnState::Failed(message),
        Some(Model::Open(open)) => {
            let front = session.open(&controls.model);
            if front.is_some_and(|front| same_images(front.info(), open.info())) {
                ColumnState::Open(open)
            } else {
                ColumnState::Strange
            }
        }
    }
}

/// The models that are shown and open, with their places.
pub(super) fn open<'a>(controls: &Controls, session: &'a Session) -> Vec<(Column, &'a OpenModel)> {
    let columns = columns(controls, session).into_iter();
    columns
        .filter_map(|column| match state(controls, session, &column.model) {
            ColumnState::Open(open) => Some((column, open)),
            _ => None,
        })
        .collect()
}

/// The question that opens the next model which is not open yet: one at a time.
pub(super) fn open_next(controls: &Controls, session: &Session) -> Option<Job> {
    let columns = columns(controls, session).into_iter();
    let mut unopened = columns.filter(|column| session.model(&column.model).is_none());
    let next = unopened.next()?;
    Some(jobs::open_beside(controls, &next.model))
}

/// What the classes are called that samples can be of; none if no model here draws classes.
#[must_use]
pub fn class_names<'a>(controls: &Controls, session: &'a Session) -> &'a [String] {
    let open = open(controls, session).into_iter();
    let mut names = open
        .map(|(_, model)| model)
        .filter(|model| model.draws_classes());
    names.next().map_or(&[], OpenModel::drawn_names)
}

/// The class that a model's samples are of: the chosen one, or all images together where it knows no classes.
#[must_use]
pub fn class_of(controls: &Controls, model: &OpenModel) -> Option<ClassId> {
    let chosen = controls.compare.families.class.index();
    model.drawn(chosen).or_else(|| model.drawn(0))
}

/// Whether a model finds the latents of images.
#[must_use]
pub fn has_encoder(model: &OpenModel) -> bool {
    model.manifest.family().is_some_and(Family::has_encoder)
}

/// The last samples of a column. Older ones stay until the newer ones come.
#[must_use]
pub fn samples<'a>(session: &'a Session, column: &Column) -> Option<&'a Compared> {
    let answer = session.compared(Channel::Family(column.place))?;
    (answer.job.model == column.model).then_some(answer)
}

/// What the columns need an answer to.
///
/// While a hand drags, the columns take turns: none is asked anew before all have answered, or the first ones would keep the
/// last ones from ever being drawn.
pub(super) fn wanted(controls: &Controls, session: &Session, gesture: bool) -> Vec<Job> {
    let mut wanted: Vec<Job> = open_next(controls, session).into_iter().collect();
    let open = open(controls, session);
    let owed = |(column, _): &(Column, _)| session.pending(Channel::Family(column.place));
    if gesture && open.iter().any(owed) {
        return wanted;
    }
    for (column, model) in open {
        let Some(class) = class_of(controls, model) else {
            continue;
        };
        let mut request = request(controls, &column.model, model, class);
        if gesture {
            request
                .samples
                .truncate(in_a_drag(session, &column, &request));
        }
        let request = Request::Samples(request);
        let channel = Channel::Family(column.place);
        wanted.push(job(controls, &column.model, channel, request));
    }
    wanted
}

/// How the flow of a model draws here: as it usually does, and so did it for its figures, but for the steps that were chosen.
#[must_use]
pub fn sampler(controls: &Controls, source: &ModelSource, model: &OpenModel) -> Sampler {
    let usual = model.usual_sampler();
    let chosen = controls.compare.families.steps.get(source);
    let steps = chosen.copied().unwrap_or(usual.steps);
    model.sampler(Sampler { steps, ..usual })
}

fn request(
    controls: &Controls,
    source: &ModelSource,
    model: &OpenModel,
    class: ClassId,
) -> SampleRequest {
    let set = &controls.compare.families;
    let sample = |index| ClassSample { class, index };
    SampleRequest {
        samples: (0..SAMPLES as u64).map(sample).collect(),
        noise: set.noise,
        seed: set.seed,
        sampler: sampler(controls, source, model),
    }
}

/// How many of these samples a column is asked for while a hand drags: those that it shows already, if they are the same, or as
/// many as there is time for.
fn in_a_drag(session: &Session, column: &Column, whole: &SampleRequest) -> usize {
    let shown = samples(session, column).and_then(Compared::samples);
    if let Some((shown, _)) = shown
        && (shown.noise, shown.seed, shown.sampler) == (whole.noise, whole.seed, whole.sampler)
        && whole.samples.starts_with(&shown.samples)
    {
        return shown.samples.len();
    }
    let times = session.draw_times(&column.model);
    let one_by_one = times.filter(|times| times.batch() == 1);
    let Some(median) = one_by_one.and_then(DrawTimes::median) else {
        // Not known yet, or drawn all at once.
        return SAMPLES;
    };
    let fit = DRAG.as_nanos() / median.as_nanos().max(1);
    (fit as usize).clamp(1, SAMPLES)
}
