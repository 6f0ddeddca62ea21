//! What a step points at: anything that has a name in the window, as a screen reader says it.

use eframe::egui::Role;
use serde::Deserialize;

use super::{Seen, limits};
use crate::state::{controls::Space, importance::slider_order};

/// A part of the window.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum Point {
    /// What has this label, or one that begins so.
    Label(String),
    /// The tab of a space.
    Space(Space),
    /// The large picture in Explore.
    Picture,
    /// A slider of Explore, counted from the top.
    Slider(#[serde(deserialize_with = "limits::place")] usize),
    /// The strip under the picture, where a slider leads.
    Strip,
    /// The button that starts from a class, or chooses one.
    Class(String),
    /// The bar of a class under the prediction.
    Bar(String),
    /// The gauge of rarity.
    Rarity,
}

/// A name to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is; anything if `None`.
    pub role: Option<Role>,
    /// What it is called.
    pub text: String,
    /// Whether that is only how the name begins.
    pub begins: bool,
}

impl Named {
    fn whole(role: Option<Role>, text: impl Into<String>) -> Self {
        Self {
            role,
            text: text.into(),
            begins: false,
        }
    }

    fn begins(role: Option<Role>, text: impl Into<String>) -> Self {
        Self {
            begins: true,
            ..Self::whole(role, text)
        }
    }

    /// Whether a part of the window is called so. A name begins with another one only where that ends: `z1, 3.00 nats`, not `z10`.
    #[must_use]
    pub fn is(&self, role: Role, name: &str) -> bool {
        let rest = name.strip_prefix(&*self.text);
        let ends =
            |rest: &str| rest.is_empty() || (self.begins && rest.starts_with([',', ':', ' ']));
        self.role.is_none_or(|wanted| wanted == role) && rest.is_some_and(ends)
    }
}

impl Point {
    /// What to look for, the best first. Where the window has no room for a panel, its folded edge is pointed at.
    #[must_use]
    pub fn names(&self, seen: Seen<'_>) -> Vec<Named> {
        let folded = |panel: &str| Named::whole(Some(Role::Button), format!("Unfold {panel}"));
        let button = |name: &str| Named::whole(Some(Role::Button), name);
        match self {
            Self::Label(label) => {
                let edges = folded_in(seen.controls.space)
                    .iter()
                    .map(|panel| folded(panel));
                let label = [Named::whole(None, label), Named::begins(None, label)];
                label.into_iter().chain(edges).collect()
            }
            Self::Space(space) => vec![
                button(space.title()),
                Named::whole(Some(Role::ComboBox), "space"),
            ],
            Self::Picture => vec![Named::whole(Some(Role::Image), "decoded image")],
            Self::Slider(place) => {
                let slider = seen
                    .dimension(*place)
                    .map(|dim| Named::begins(Some(Role::Slider), format!("z{dim}")));
                let edge = folded("the sliders");
                slider.into_iter().chain([edge]).collect()
            }
            Self::Strip => {
                let selected = seen.controls.scene().map(|scene| scene.selected);
                let walk = |dim| Named::whole(Some(Role::Label), format!("Walk along z{dim}"));
                selected.map(walk).into_iter().collect()
            }
            Self::Class(name) => vec![
                button(&format!("class {name}")),
                folded("the prediction"),
                folded("the settings"),
            ],
            Self::Bar(name) => vec![
                Named::begins(Some(Role::Meter), format!("{name}:")),
                folded("the prediction"),
            ],
            Self::Rarity => vec![
                Named::begins(Some(Role::Meter), "Rarity:"),
                folded("the prediction"),
            ],
        }
    }
}

/// The panels of a space that may be folded.
fn folded_in(space: Space) -> &'static [&'static str] {
    match space {
        Space::Explore => &["the prediction", "the sliders"],
        Space::Anchors => &["the settings"],
        Space::Map => &["what is at the cursor"],
        Space::Explain | Space::Compare | Space::Evaluate | Space::Train => &[],
    }
}

impl Seen<'_> {
    /// The dimension of a slider that is counted from the top, from 1.
    #[must_use]
    pub fn dimension(self, place: usize) -> Option<usize> {
        let order = slider_order(&self.open()?.space.statistics);
        order.get(place.checked_sub(1)?).copied()
    }
}
