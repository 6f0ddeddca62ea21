//! The commands through the real binary: what they print, what they leave on disk, and how they fail.

#[path = "cli/adjusted.rs"]
mod adjusted;
#[cfg(unix)]
#[path = "cli/advice.rs"]
mod advice;
#[path = "cli/arguments.rs"]
mod arguments;
#[path = "cli/arrays.rs"]
mod arrays;
#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/bundles.rs"]
mod bundles;
#[path = "cli/command_line.rs"]
mod command_line;
#[path = "cli/compare.rs"]
mod compare;
#[path = "cli/conditional.rs"]
mod conditional;
#[path = "cli/digits.rs"]
mod digits;
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/drawn.rs"]
mod drawn;
#[path = "cli/evaluate.rs"]
mod evaluate;
#[path = "cli/fetch.rs"]
mod fetch;
#[path = "cli/folders.rs"]
mod folders;
#[path = "cli/generate.rs"]
mod generate;
#[path = "cli/generate_runs.rs"]
mod generate_runs;
#[cfg(unix)]
#[path = "cli/generators.rs"]
mod generators;
#[path = "cli/interrupted.rs"]
mod interrupted;
#[path = "cli/joint.rs"]
mod joint;
#[path = "cli/judges.rs"]
mod judges;
#[cfg(unix)]
#[path = "cli/killed.rs"]
mod killed;
#[path = "cli/kinds.rs"]
mod kinds;
#[cfg(unix)]
#[path = "cli/lasting.rs"]
mod lasting;
#[path = "cli/messy.rs"]
mod messy;
#[path = "cli/models.rs"]
mod models;
#[path = "../../../crates/recipe/tests/recipe/one_pixel.rs"]
mod one_pixel;
#[path = "cli/packages.rs"]
mod packages;
#[path = "cli/predict.rs"]
mod predict;
#[path = "cli/prepared.rs"]
mod prepared;
#[path = "cli/recipes.rs"]
mod recipes;
#[path = "cli/render.rs"]
mod render;
#[path = "cli/runs.rs"]
mod runs;
#[path = "cli/second_judge.rs"]
mod second_judge;
#[path = "cli/support.rs"]
mod support;
#[path = "cli/sweep.rs"]
mod sweep;
#[path = "cli/tables.rs"]
mod tables;
#[path = "cli/train.rs"]
mod train;
#[path = "cli/without_classes.rs"]
mod without_classes;

use support::{
    command, contents, copy_of, fail, json, latent_lens, one_file, read_png, stderr, stdout,
    succeed, text,
};
