//! What changed from one step to the next, in a few words that follow "Undo" and "Redo".

use std::cmp::Ordering;

use super::Step;
use crate::state::scene::{Scene, Start};

/// What changed. Where several things did, the one that a person looked at.
pub(super) fn change(before: &Step, after: &Step) -> String {
    if before.model != after.model {
        return "the change of the model".to_owned();
    }
    in_scene(&before.scene, &after.scene)
        .or_else(|| {
            let counts = [&before.bookmarks, &after.bookmarks].map(|shelf| shelf.len());
            (before.bookmarks != after.bookmarks).then(|| in_list("bookmark", counts))
        })
        .or_else(|| {
            let counts = [&before.directions, &after.directions].map(|kept| kept.len());
            (before.directions != after.directions).then(|| in_list("direction", counts))
        })
        .unwrap_or_else(|| {
            let lists = [&before.map, &after.map];
            if before.map.groups == after.map.groups {
                in_list("pin", lists.map(|map| map.pins.len()))
            } else {
                in_list("group", lists.map(|map| map.groups.len()))
            }
        })
}

fn in_list(what: &str, [before, after]: [usize; 2]) -> String {
    match after.cmp(&before) {
        Ordering::Greater => format!("keeping a {what}"),
        Ordering::Less => format!("deleting a {what}"),
        Ordering::Equal => format!("changing a {what}"),
    }
}

fn in_scene(before: &Scene, after: &Scene) -> Option<String> {
    if before.start != after.start || before.origin != after.origin {
        return Some(beginning(&after.start));
    }
    if before.latent != after.latent {
        return Some(sliders(&before.latent, &after.latent));
    }
    let changed = [
        (before.condition != after.condition, "the class"),
        (before.sampler != after.sampler, "how it is drawn"),
        (before.locked != after.locked, "the locks"),
        (
            before.chosen_target() != after.chosen_target(),
            "the class to explain",
        ),
        (
            before.layer != after.layer
                || before.method != after.method
                || before.contrast != after.contrast,
            "how evidence is found",
        ),
        (before.anchors != after.anchors, "the grid of samples"),
        (before.morph != after.morph, "the morph"),
        (before.other != after.other, "what it is compared with"),
        (before.pad != after.pad, "the pad"),
        (before.seed != after.seed, "the seed"),
        (before.sample != after.sample, "the choice of an image"),
        (
            before.selected != after.selected,
            "the choice of a dimension",
        ),
    ];
    let first = changed.iter().find(|(changed, _)| *changed);
    first.map(|(_, what)| (*what).to_owned())
}

/// What made the latent that there is now.
fn beginning(start: &Start) -> String {
    match start {
        Start::Prior(_) => "the random draw".to_owned(),
        Start::Anchor(_) => "the start from a class".to_owned(),
        Start::Sample { .. } => "the choice of a sample".to_owned(),
        Start::Morph { .. } => "the step of the morph".to_owned(),
        Start::Between { .. } => "the show".to_owned(),
        Start::Towards { .. } => "the walk to a class".to_owned(),
        Start::Image(image) if image.drawn_on => "the stroke".to_owned(),
        Start::Image(image) => format!("the picture {}", image.name),
        Start::Center => "the reset".to_owned(),
        Start::Group { .. } => "the choice of a group".to_owned(),
    }
}

fn sliders(before: &[f32], after: &[f32]) -> String {
    let pairs = before.iter().zip(after).enumerate();
    let mut moved = pairs.filter(|(_, (before, after))| before.to_bits() != after.to_bits());
    match (moved.next(), moved.count()) {
        (Some((dim, _)), 0) => format!("the change of z{dim}"),
        (_, others) => format!("the change of {} sliders", others + 1),
    }
}
