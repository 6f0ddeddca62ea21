//! Which images keep their label where only a few do.

use datasets::{LabelledImages, Seed, permutation};

use crate::VaeError;

/// Draws `count` of the images, as evenly over the classes as that goes, in ascending order. Of a class with fewer images than its
/// share all are drawn, and the others get the rest.
///
/// # Errors
/// [`VaeError::Config`] if there are fewer of them than classes, or fewer images.
pub fn draw_labelled(
    images: &LabelledImages,
    classes: usize,
    count: usize,
    seed: Seed,
) -> Result<Vec<usize>, VaeError> {
    let refuse = |rule: String| VaeError::Config {
        field: "labels",
        value: count.to_string(),
        rule,
    };
    if count < classes {
        return Err(refuse(format!("each of the {classes} classes needs one")));
    }
    if count > images.len() {
        return Err(refuse(format!("there are {} images", images.len())));
    }
    let mut of_class = vec![Vec::new(); classes];
    for index in permutation(images.len(), seed) {
        if let Some(label) = images.label(index)
            && let Some(members) = of_class.get_mut(label.index())
        {
            members.push(index);
        }
    }
    // One of each class in turn, until there are enough.
    let longest = of_class.iter().map(Vec::len).max().unwrap_or(0);
    let turn = |turn| of_class.iter().filter_map(move |members| members.get(turn));
    let mut drawn: Vec<usize> = (0..longest).flat_map(turn).copied().take(count).collect();
    drawn.sort_unstable();
    Ok(drawn)
}
