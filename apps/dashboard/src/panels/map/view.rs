//! What a person set on the map, and does there.

use std::collections::BTreeSet;

use datasets::ClassId;
use eframe::egui::Vec2;

use super::points::Layout;
use crate::state::{
    map::{Group, MapFile, MapPoint, Viewport, inside},
    scene::Scene,
};

/// Forgotten when another model comes to the front.
pub(super) struct View {
    pub viewport: Viewport,
    /// What a button asks the viewport to zoom by.
    pub zoom_by: f32,
    pub hidden: BTreeSet<ClassId>,
    /// The class under the pointer in the legend.
    pub lit: Option<ClassId>,
    /// The line of the lasso.
    pub line: Vec<MapPoint>,
    pub group: Option<Group>,
    /// What the map is to be saved as.
    pub saving: Option<MapFile>,
    /// From the pointer to the cursor, while the cursor is dragged.
    pub grabbed: Vec2,
    /// The scene before a click, in case it becomes a double-click.
    pub before_click: Option<Scene>,
    /// Where the person put the cursor, and for which latent: by t-SNE the latent alone does not say it.
    placed: Option<(Vec<f32>, MapPoint)>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            viewport: Viewport::default(),
            zoom_by: 1.0,
            hidden: BTreeSet::new(),
            lit: None,
            line: Vec::new(),
            group: None,
            saving: None,
            grabbed: Vec2::ZERO,
            before_click: None,
            placed: None,
        }
    }
}

impl View {
    /// Whether points of this class are shown.
    pub fn shows(&self, class: ClassId) -> bool {
        !self.hidden.contains(&class)
    }

    /// Whether a point stands out: in the group, and of the class that is lit, where there are such.
    pub fn stands_out(&self, index: usize, class: ClassId) -> bool {
        let in_group = |group: &Group| group.members.binary_search(&index).is_ok();
        self.group.as_ref().is_none_or(in_group) && self.lit.is_none_or(|lit| lit == class)
    }

    /// Where the cursor is.
    pub fn cursor(&self, layout: Layout<'_>, latent: &[f32]) -> MapPoint {
        let placed = self.placed.as_ref();
        match placed.filter(|(of, _)| layout.unfolded.is_some() && of == latent) {
            Some((_, place)) => *place,
            None => layout.place_of(latent),
        }
    }

    /// Moves the cursor, and the latent with it.
    pub fn go(&mut self, layout: Layout<'_>, scene: &mut Scene, place: MapPoint) {
        scene.latent = layout.latent_at(scene, place);
        self.placed = Some((scene.latent.clone(), place));
    }

    /// Closes the line of the lasso: the points inside it are the group.
    pub fn close_line(&mut self, layout: Layout<'_>) {
        let cloud = &layout.points.cloud;
        let points = layout.places().iter().zip(&cloud.classes).enumerate();
        let within = points
            .filter(|(_, (place, class))| self.shows(**class) && inside(&self.line, **place))
            .map(|(index, _)| index);
        self.group = Group::of(cloud, within.collect());
        if self.group.is_none() {
            self.line.clear();
        }
    }

    /// Takes the group and its line away.
    pub fn clear_group(&mut self) {
        self.line.clear();
        self.group = None;
    }

    /// The points have moved: what was put among them by hand is no longer where it was.
    pub fn points_moved(&mut self) {
        self.line.clear();
        self.placed = None;
    }
}
