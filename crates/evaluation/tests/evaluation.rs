//! Measuring a bundle with small, untrained networks. One test binary for the crate, because each links the whole Burn stack.

#[allow(
    dead_code,
    reason = "shared with the studio's tests, which use all of it"
)]
#[path = "../../studio/tests/studio/support.rs"]
mod support;

#[path = "evaluation/accuracy_score.rs"]
mod accuracy_score;
#[path = "evaluation/conditional.rs"]
mod conditional;
#[path = "evaluation/declarations.rs"]
mod declarations;
#[path = "evaluation/definitions.rs"]
mod definitions;
#[path = "evaluation/joint.rs"]
mod joint;
#[path = "evaluation/missing_parts.rs"]
mod missing_parts;
#[path = "evaluation/refined.rs"]
mod refined;
#[path = "evaluation/runs.rs"]
mod runs;
#[path = "evaluation/second_judge.rs"]
mod second_judge;
#[path = "evaluation/traversals.rs"]
mod traversals;

use datasets::{LabelledImages, Splits};
use evaluation::{EvaluateOptions, evaluate};
use studio::Report;

use support::{images, studio};

fn splits() -> Splits {
    let images = images();
    let part = |from: usize| -> LabelledImages {
        let indices: Vec<usize> = (from..300).step_by(3).collect();
        images.subset(&indices)
    };
    Splits {
        train: part(0),
        held_out: part(1),
        test: part(2),
    }
}

fn only(names: &[&str]) -> EvaluateOptions {
    EvaluateOptions {
        only: names.iter().map(|&n| n.to_owned()).collect(),
        ..EvaluateOptions::default()
    }
}

fn measure(names: &[&str]) -> Report {
    evaluate(&studio(), &splits(), &only(names), &mut |_| {}).expect("figures")
}
