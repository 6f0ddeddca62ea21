//! What several panels have in common.

mod class_combo;
mod explanation;
pub(super) mod figure_text;
pub(super) mod flow;
mod heatmap_controls;
pub(super) mod judge;
pub(super) mod plot;
pub(super) mod realism;
mod roomy;
pub(super) mod save;
mod seed_field;
mod theme_menu;
mod three;
pub(super) mod verdict;

pub(super) use class_combo::{class_combo, class_combo_after};
pub(super) use explanation::explanation;
pub(super) use heatmap_controls::{heatmap_controls, heatmap_look, heatmap_toggle};
pub(super) use roomy::{SCROLL_BAR, roomy};
pub(super) use seed_field::seed_field;
pub(super) use theme_menu::theme_menu;
pub(super) use three::Three;
pub(super) use verdict::{evidence, evidence_in_figures, evidence_in_short};
