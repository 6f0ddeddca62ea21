//! Where each step stands when all of them are shown: from the left to the right in time, and each branch in a row of its own.

use std::collections::BTreeMap;

use super::{
    Step, StepId,
    tree::Tree,
    words::{BEGINNING, change},
};

/// A step and its place.
#[derive(Clone, Debug)]
pub struct PlacedStep<'a> {
    /// Its number.
    pub id: StepId,
    /// What it is.
    pub step: &'a Step,
    /// What was done, in a few words.
    pub words: String,
    /// How many steps come before it on its way.
    pub column: usize,
    /// Its row, from 0: a step follows another in the same row, and a branch that began there later has one further down.
    pub row: usize,
    /// The place of the step before it, as column and row.
    pub parent: Option<(usize, usize)>,
    /// Whether it is the present one.
    pub is_present: bool,
}

/// A step with its column and its row.
type Before = (StepId, usize, usize);

/// All steps with their places.
pub(super) fn place(tree: &Tree, present: Option<StepId>) -> Vec<PlacedStep<'_>> {
    let steps: BTreeMap<StepId, &Step> = tree.all().map(|(id, _, step)| (id, step)).collect();
    let mut after: BTreeMap<Option<StepId>, Vec<StepId>> = BTreeMap::new();
    for (id, parent, _) in tree.all() {
        after.entry(parent).or_default().push(id);
    }
    let mut placed = Vec::with_capacity(steps.len());
    // The step that a branch begins with, and the place that it begins at.
    let first = after.get(&None).into_iter().flatten();
    let mut branches: Vec<(StepId, Option<Before>)> = first.rev().map(|id| (*id, None)).collect();
    let mut rows = 0;
    while let Some((start, from)) = branches.pop() {
        let (mut at, mut before) = (Some(start), from);
        while let Some(id) = at {
            let Some(&step) = steps.get(&id) else { break };
            let column = before.map_or(0, |(_, column, _)| column + 1);
            let words = match before.and_then(|(parent, ..)| steps.get(&parent)) {
                Some(parent) => change(parent, step).deed,
                None => BEGINNING.to_owned(),
            };
            placed.push(PlacedStep {
                id,
                step,
                words,
                column,
                row: rows,
                parent: before.map(|(_, column, row)| (column, row)),
                is_present: present == Some(id),
            });
            before = Some((id, column, rows));
            let next = after.get(&Some(id)).map_or(&[][..], Vec::as_slice);
            // The branches that began nearest to here come first, and of those that began here the earliest.
            branches.extend(next.iter().skip(1).rev().map(|id| (*id, before)));
            at = next.first().copied();
        }
        rows += 1;
    }
    placed
}
