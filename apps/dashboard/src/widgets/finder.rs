//! Finds parts of the window by what a screen reader calls them, so that a lesson can point at anything that has a name.
//!
//! What has a name is known at the end of a pass, so a part is found in the pass after the one that it was asked for in.

use eframe::egui::{
    Context, Event, FullOutput, Plugin, Rect, Role,
    accesskit::{Action, ActionRequest, Node, NodeId, TreeId},
};

use crate::state::lesson::Named;

/// What is looked for, and what was found of it in the last pass.
#[derive(Default)]
struct Finder {
    wanted: Vec<Vec<Named>>,
    found: Vec<Option<NodeId>>,
}

/// A part of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    node: NodeId,
    /// Where it is, also where that is scrolled out of sight.
    pub rect: Rect,
    /// What is seen of it.
    pub seen: Rect,
}

impl Part {
    /// Whether less than half of it is seen.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        !self.seen.is_positive() || self.seen.area() < 0.5 * self.rect.area()
    }

    /// Has what it lies in scroll to it, in this pass, if it comes after this call.
    pub fn scroll_to(&self, ctx: &Context) {
        let request = ActionRequest {
            action: Action::ScrollIntoView,
            target_tree: TreeId::ROOT,
            target_node: self.node,
            data: None,
        };
        ctx.input_mut(|input| input.events.push(Event::AccessKitActionRequest(request)));
    }
}

/// Looks for parts of the window, each by several names of which the first that is there counts; a place in the answer for each.
#[must_use]
pub fn find_parts(ctx: &Context, wanted: Vec<Vec<Named>>) -> Vec<Option<Part>> {
    // Whoever turns it off, such as a screen reader that ends, does not mean this.
    ctx.enable_accesskit();
    let finder = ctx.plugin_or_default::<Finder>();
    let mut finder = finder.lock();
    if finder.wanted != wanted {
        finder.found = vec![None; wanted.len()];
        finder.wanted = wanted;
        ctx.request_repaint();
    }
    let found = finder.found.clone();
    drop(finder);
    let part = |node: Option<NodeId>| place(ctx, node?);
    found.into_iter().map(part).collect()
}

/// Looks for nothing any more.
pub fn find_nothing(ctx: &Context) {
    ctx.with_plugin(|finder: &mut Finder| *finder = Finder::default());
}

fn place(ctx: &Context, node: NodeId) -> Option<Part> {
    ctx.viewport(|viewport| {
        let layers = viewport.prev_pass.widgets.layers();
        let mut widgets = layers.flat_map(|(_, widgets)| widgets);
        let widget = widgets.find(|widget| widget.id.accesskit_id() == node)?;
        Some(Part {
            node,
            rect: widget.rect,
            seen: widget.interact_rect,
        })
    })
}

impl Plugin for Finder {
    fn debug_name(&self) -> &'static str {
        "parts of the window"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let update = output.platform_output.accesskit_update.as_ref();
        let Some(update) = update.filter(|_| !self.wanted.is_empty()) else {
            return;
        };
        let found = self.wanted.iter().map(|names| first(names, &update.nodes));
        let found: Vec<Option<NodeId>> = found.collect();
        if found != self.found {
            self.found = found;
            ctx.request_repaint();
        }
    }
}

/// The part that has the first of these names; of several the topmost one.
fn first(names: &[Named], nodes: &[(NodeId, Node)]) -> Option<NodeId> {
    names.iter().find_map(|name| {
        let called = nodes.iter().filter(|(_, node)| is_called(name, node));
        let place = |node: &Node| {
            let bounds = node.bounds().unwrap_or_default();
            (bounds.y0, bounds.x0)
        };
        let topmost = called.min_by(|(_, one), (_, other)| {
            let (one, other) = (place(one), place(other));
            one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1))
        });
        topmost.map(|(id, _)| *id)
    })
}

fn is_called(name: &Named, node: &Node) -> bool {
    let role = node.role();
    // A text is the value of its label.
    let text = if role == Role::Label {
        node.value()
    } else {
        node.label()
    };
    text.is_some_and(|text| name.is(role, text))
}
