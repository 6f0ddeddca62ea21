//! What changed from one step to the next, in a few words.

use std::cmp::Ordering;

use super::Step;
use crate::state::scene::{Scene, Start};

/// What the first step is called.
pub(super) const BEGINNING: &str = "the beginning";

/// A change in words.
pub(super) struct Change {
    /// As what follows "Undo": "the change of z3".
    pub noun: String,
    /// As what was done: "moved z3".
    pub deed: String,
}

impl Change {
    fn new(noun: impl Into<String>, deed: impl Into<String>) -> Self {
        Self {
            noun: noun.into(),
            deed: deed.into(),
        }
    }
}

/// What changed. Where several things did, the one that a person looked at.
pub(super) fn change(before: &Step, after: &Step) -> Change {
    if before.model != after.model {
        return Change::new("the change of the model", "changed the model");
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

fn in_list(what: &str, [before, after]: [usize; 2]) -> Change {
    let (noun, deed) = match after.cmp(&before) {
        Ordering::Greater => ("keeping", "kept"),
        Ordering::Less => ("deleting", "deleted"),
        Ordering::Equal => ("changing", "changed"),
    };
    Change::new(format!("{noun} a {what}"), format!("{deed} a {what}"))
}

fn in_scene(before: &Scene, after: &Scene) -> Option<Change> {
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
    first.map(|(_, what)| {
        let deed = match what.strip_prefix("the choice of ") {
            Some(chosen) => format!("chose {chosen}"),
            None => format!("changed {what}"),
        };
        Change::new(*what, deed)
    })
}

/// What made the latent that there is now.
fn beginning(start: &Start) -> Change {
    let (noun, deed) = match start {
        Start::Prior(_) => ("the random draw", "drew at random"),
        Start::Anchor(_) => ("the start from a class", "began with a class"),
        Start::Sample { .. } => ("the choice of a sample", "chose a sample"),
        Start::Morph { .. } => ("the step of the morph", "took a step of the morph"),
        Start::Between { .. } => ("the show", "played the show"),
        Start::Towards { .. } => ("the walk to a class", "walked to a class"),
        Start::Image(image) if image.drawn_on => ("the stroke", "drew on the picture"),
        Start::Image(image) => {
            let name = &image.name;
            return Change::new(format!("the picture {name}"), format!("brought {name}"));
        }
        Start::Center => ("the reset", "reset"),
        Start::Group { .. } => ("the choice of a group", "chose a group"),
    };
    Change::new(noun, deed)
}

fn sliders(before: &[f32], after: &[f32]) -> Change {
    let pairs = before.iter().zip(after).enumerate();
    let mut moved = pairs.filter(|(_, (before, after))| before.to_bits() != after.to_bits());
    let what = match (moved.next(), moved.count()) {
        (Some((dim, _)), 0) => format!("z{dim}"),
        (_, others) => format!("{} sliders", others + 1),
    };
    Change::new(format!("the change of {what}"), format!("moved {what}"))
}
