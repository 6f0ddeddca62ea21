//! The window as a person and a screen reader meet it: everything is found by its accessible label.
#![allow(
    clippy::float_cmp,
    reason = "what passes through unchanged is compared exactly"
)]

mod answers;
mod brush;
mod brush_seen;
mod canvas;
mod closing;
mod comfort;
mod compare;
mod compare_models;
mod conditional;
mod conditional_kept;
mod conditional_spaces;
mod deeper;
mod devices;
mod dock;
mod draw;
mod evaluate;
mod explore;
mod families;
mod families_flows;
mod files;
mod films;
mod find;
mod found;
mod fuzzed;
mod generators;
mod import;
mod import_adjust;
mod import_crop;
mod import_person;
mod import_support;
mod import_tray;
mod joint;
mod kept_together;
mod layers;
mod legible;
mod many;
mod map;
mod map_colors;
mod map_groups;
mod map_kept;
mod map_layers;
mod map_pins;
mod map_places;
mod map_saved;
mod map_unfolded;
mod marks;
mod memory;
mod memory_damaged;
mod nearest;
#[path = "../../../../crates/recipe/tests/recipe/one_pixel.rs"]
mod one_pixel;
mod opening;
mod pad;
mod pad_sheet;
mod parts;
mod pasted;
#[path = "../../../../tests/tests/acceptance/photograph.rs"]
mod photograph;
mod picture_files;
mod plots_saved;
mod presenter;
mod reconstructed;
mod refined;
mod runner_up;
mod scales;
mod scenes;
mod shows;
mod small;
mod software;
mod spaces;
mod support;
mod tabs;
mod take_away;
mod train;
mod train_failures;
mod trained_again;
mod undone;
mod unlabelled;
mod whatif;
mod zoom;
