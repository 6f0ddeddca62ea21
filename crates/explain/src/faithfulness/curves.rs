//! Deletion and insertion curves.

use std::cmp::Ordering;

/// How the score changes while pixels are put in and taken away.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// Share of the pixels that were perturbed at each point, from 0 to 1, strictly rising.
    pub fractions: Vec<f32>,
    /// Score of the blank image with that share of the pixels put in, the most important ones first.
    pub insertion: Vec<f32>,
    /// Score of the image with that share of the pixels made blank, the most important ones first.
    pub deletion: Vec<f32>,
}

impl Curves {
    /// Area under the insertion curve: higher is better.
    #[must_use]
    pub fn insertion_auc(&self) -> f32 {
        auc(&self.fractions, &self.insertion)
    }

    /// Area under the deletion curve: lower is better.
    #[must_use]
    pub fn deletion_auc(&self) -> f32 {
        auc(&self.fractions, &self.deletion)
    }

    /// Insertion less deletion: higher is better, 0 on average for a ranking that knows nothing of the score.
    #[must_use]
    pub fn insertion_minus_deletion(&self) -> f32 {
        self.insertion_auc() - self.deletion_auc()
    }
}

/// Area under `scores` over `fractions` by the trapezoid rule.
///
/// The widths are the true differences between the fractions, so unequal steps (100 pixels in 30 steps) do no harm.
///
/// # Panics
/// If the two differ in length.
#[must_use]
pub fn auc(fractions: &[f32], scores: &[f32]) -> f32 {
    assert_eq!(fractions.len(), scores.len(), "one score a fraction");
    let areas = fractions.windows(2).zip(scores.windows(2)).map(|(x, y)| {
        let [from, to, start, end] = [x[0], x[1], y[0], y[1]].map(f64::from);
        (to - from) * (start + end) / 2.0
    });
    areas.sum::<f64>() as f32
}

/// Measures how fast a score rises and falls when pixels are put in and taken away in the order of `ranking`.
///
/// - `image`: values in `[0, 1]`, `[channels, height, width]`. A pixel is a position with all of its channels.
/// - `ranking`: the importance of each pixel, in any unit; the highest comes first. Equal values are taken in the order
///   of the pixels, so that the same input always gives the same curves; NaN comes last.
/// - `baseline`: a blank pixel, one value a channel. Name it beside the figure: results with different ones do not
///   compare.
/// - `steps`: the number of steps from nothing to everything, at most one a pixel (more are taken as that). Step `i`
///   of `s` perturbs the first `round(i * pixels / s)` pixels, and [`Curves::fractions`] holds the true share.
/// - `score`: the scores of a batch of images, in their order, for instance softmax probabilities of the explained
///   class. It is called once, with `2 (s + 1)` images: first those of the insertion curve, then those of the deletion.
///
/// # Errors
/// Whatever `score` returns.
///
/// # Panics
/// If there are no pixels, `image` does not have one value a channel for each of `ranking`, `steps` is 0, or `score` does
/// not return one score an image.
pub fn deletion_insertion<E>(
    image: &[f32],
    ranking: &[f32],
    baseline: &[f32],
    steps: usize,
    mut score: impl FnMut(&[Vec<f32>]) -> Result<Vec<f32>, E>,
) -> Result<Curves, E> {
    let pixels = ranking.len();
    let values = pixels * baseline.len();
    assert_eq!(image.len(), values, "the ranking needs one value a pixel");
    assert!(values > 0, "the image has no pixels");
    assert!(steps > 0, "the curves need at least one step");
    let steps = steps.min(pixels);

    let counts: Vec<usize> = (0..=steps)
        .map(|step| (step * pixels + steps / 2) / steps)
        .collect();
    let order = most_important_first(ranking);
    let channels = baseline.iter();
    let blank: Vec<f32> = channels
        .flat_map(|&value| std::iter::repeat_n(value, pixels))
        .collect();
    let mut images = perturbed(&blank, image, &order, &counts);
    images.extend(perturbed(image, &blank, &order, &counts));

    let mut insertion = score(&images)?;
    assert_eq!(insertion.len(), images.len(), "one score an image");
    let deletion = insertion.split_off(counts.len());
    Ok(Curves {
        fractions: counts
            .iter()
            .map(|&count| count as f32 / pixels as f32)
            .collect(),
        insertion,
        deletion,
    })
}

/// Pixel indices by falling importance; the sort is stable.
fn most_important_first(ranking: &[f32]) -> Vec<usize> {
    let importance = |index: usize| {
        let value = ranking[index];
        if value.is_nan() {
            f32::NEG_INFINITY
        } else {
            value
        }
    };
    let mut order: Vec<usize> = (0..ranking.len()).collect();
    order.sort_by(|&a, &b| {
        importance(b)
            .partial_cmp(&importance(a))
            .unwrap_or(Ordering::Equal)
    });
    order
}

/// One image for each of the rising `counts`: `from` with that many pixels, in `order`, taken from `to`. A pixel has a value
/// in each channel.
fn perturbed(from: &[f32], to: &[f32], order: &[usize], counts: &[usize]) -> Vec<Vec<f32>> {
    let mut image = from.to_vec();
    let mut done = 0;
    counts
        .iter()
        .map(|&count| {
            for &pixel in &order[done..count] {
                for index in (pixel..image.len()).step_by(order.len()) {
                    image[index] = to[index];
                }
            }
            done = count;
            image.clone()
        })
        .collect()
}
