//! The steps as a tree: each knows the one before it, and which one after it was seen last.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::Step;

/// The number of a step. Later steps have larger ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(u64);

/// A step among the others.
#[derive(Clone, Debug)]
struct Node {
    parent: Option<StepId>,
    /// The step that is done again from here.
    next: Option<StepId>,
    step: Arc<Step>,
}

/// All steps that are kept. Copies share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    nodes: BTreeMap<StepId, Node>,
    newest: u64,
}

impl Tree {
    /// Adds a step after another one.
    pub(super) fn add(&mut self, parent: Option<StepId>, step: Step) -> StepId {
        self.newest += 1;
        let id = StepId(self.newest);
        if let Some(parent) = parent.and_then(|parent| self.nodes.get_mut(&parent)) {
            parent.next = Some(id);
        }
        let node = Node {
            parent,
            next: None,
            step: Arc::new(step),
        };
        self.nodes.insert(id, node);
        id
    }

    /// Puts another step in the place of one that nothing comes after, under a new number.
    pub(super) fn replace(&mut self, old: StepId, step: Step) -> StepId {
        let parent = self.parent(old);
        self.nodes.remove(&old);
        self.add(parent, step)
    }

    pub(super) fn step(&self, id: StepId) -> Option<&Step> {
        self.nodes.get(&id).map(|node| &*node.step)
    }

    pub(super) fn parent(&self, id: StepId) -> Option<StepId> {
        self.nodes.get(&id)?.parent
    }

    pub(super) fn next(&self, id: StepId) -> Option<StepId> {
        self.nodes.get(&id)?.next
    }

    /// Has a step lead to another one when it is done again.
    pub(super) fn lead_to(&mut self, id: StepId, next: Option<StepId>) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.next = next;
        }
    }

    /// Every step with the one before it, the earliest first.
    pub(super) fn all(&self) -> impl Iterator<Item = (StepId, Option<StepId>, &Step)> {
        let nodes = self.nodes.iter();
        nodes.map(|(id, node)| (*id, node.parent, &*node.step))
    }

    /// Forgets the earliest steps until there are no more than `most`: those at the end of a branch that is not in front, and the
    /// first of all if one step follows it.
    pub(super) fn trim(&mut self, most: usize, present: StepId) {
        while self.nodes.len() > most {
            let Some(id) = self.spare(present) else {
                return;
            };
            self.nodes.remove(&id);
            for node in self.nodes.values_mut() {
                node.parent = node.parent.filter(|parent| *parent != id);
                node.next = node.next.filter(|next| *next != id);
            }
        }
    }

    /// The earliest step that can be done without.
    fn spare(&self, present: StepId) -> Option<StepId> {
        let parents: BTreeSet<StepId> = self.nodes.values().filter_map(|n| n.parent).collect();
        let after = |id: StepId| {
            let parents = self.nodes.values().filter(|node| node.parent == Some(id));
            parents.count()
        };
        let mut ids = self.nodes.iter().map(|(id, node)| (*id, node));
        let spare = ids.find(|(id, node)| {
            let is_end = !parents.contains(id);
            let is_first = node.parent.is_none() && after(*id) == 1;
            *id != present && (is_end || is_first)
        });
        spare.map(|(id, _)| id)
    }
}
