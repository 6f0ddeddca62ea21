//! Compare: models with a flow draw in the steps that a person chooses, beside those that have none.

use dashboard::state::controls::CompareWith;
use egui_kittest::kittest::Queryable as _;
use studio::{Manifest, ModelSource, RefinerPart};

use crate::{
    compare::serve_as,
    families::{clothes, compared, samples},
    support::{Window, refined, shipped},
};

const FIGURES: &str = "Its figures are about images drawn in 2 steps.";

/// The plain model of clothes with a refiner, which usually takes two steps.
fn with_refiner(model: &ModelSource) -> Manifest {
    let mut manifest = clothes(model);
    if *model == shipped("fashion-mnist-plain") {
        manifest.refiner = refined().refiner.map(|refiner| RefinerPart {
            config: flow::FlowConfig::refiner(manifest.dataset.shape),
            ..refiner
        });
    }
    manifest
}

fn window() -> Window {
    let mut window = compared(CompareWith::Families, [1280.0, 900.0], 1.0);
    serve_as(&mut window, with_refiner);
    window
}

#[test]
fn steps_are_chosen_for_one_model_and_its_samples_follow() {
    let mut window = window();
    assert!(window.query_by_label(FIGURES).is_none());
    window.get_by_label("4").click();
    let asked = samples(&serve_as(&mut window, with_refiner));
    let [(model, request)] = asked.as_slice() else {
        panic!("the other model has no flow: {asked:?}");
    };
    assert_eq!(*model, shipped("fashion-mnist-plain"));
    assert_eq!(request.sampler.steps, 4);
    window.get_by_label(FIGURES);
    window.get_by_label("Without a measured distance or a time: VAE.");
    window.get_by_label("2").click();
    let asked = samples(&serve_as(&mut window, with_refiner));
    assert_eq!(asked[0].1.sampler.steps, 2);
    assert!(window.query_by_label(FIGURES).is_none());
    let set = &window.state().controls().compare.families;
    assert!(set.steps.is_empty(), "as usual is not kept");
}

#[test]
fn off_leaves_the_images_as_they_are_decoded() {
    let mut window = window();
    window.get_by_label("Off").click();
    let asked = samples(&serve_as(&mut window, with_refiner));
    assert_eq!(asked[0].1.sampler.steps, 0);
    window.get_by_label(FIGURES);
}

#[test]
fn steps_that_no_flow_can_take_are_brought_into_range() {
    let mut window = window();
    let plain = shipped("fashion-mnist-plain");
    let session = window.state().session();
    let open = session.open(&plain).expect("it is open").clone();
    let mut controls = window.state().controls().clone();
    let steps = &mut controls.compare.families.steps;
    steps.insert(plain.clone(), usize::MAX);
    let sampler = dashboard::state::families::sampler(&controls, &plain, &open);
    assert_eq!(sampler.steps, studio::MOST_FLOW_STEPS);
    window.run();
}
