//! Figures of walks along latent dimensions.

use evaluation::evaluate;
use studio::{Detail, Studio};

use crate::support::{LATENT_DIM, bundle, studio, studio_of};
use crate::{only, splits};

const TRAVERSALS: [&str; 2] = ["traversal_jump_ratio", "traversal_jump_ratio_pooled"];

/// A model whose first latent dimensions are active, so many of them.
fn with_active_dimensions(count: usize) -> Studio {
    let mut bundle = bundle();
    let part = bundle.manifest.generator.as_mut().expect("it has a VAE");
    let variance = |dim| if dim < count { 1.0 } else { 0.0 };
    part.latent.statistics.mean_variance = (0..LATENT_DIM).map(variance).collect();
    studio_of(bundle)
}

#[test]
fn traversals_are_measured_each_by_itself_and_all_together() {
    let studio = with_active_dimensions(3);
    let report = evaluate(&studio, &splits(), &only(&TRAVERSALS), &mut |_| {}).expect("figures");
    let each = report.figure("traversal_jump_ratio").unwrap();
    let Detail::Series(ratios) = &each.detail else {
        panic!("{:?}", each.detail)
    };
    // 5 images times 3 active dimensions.
    assert_eq!((each.n, ratios.len()), (15, 15));
    // No step is below the median one, so no ratio is below 1.
    assert!(ratios.iter().all(|ratio| *ratio >= 1.0));
    assert!(each.low.unwrap() <= each.value && each.value <= each.high.unwrap());
    let pooled = report.figure("traversal_jump_ratio_pooled").unwrap();
    assert_eq!(pooled.n, each.n * 63);
    assert!(pooled.value.is_finite());
    let images = "from the posterior means of the first 5 test images";
    assert!(each.protocol.ends_with(images), "{}", each.protocol);
}

#[test]
fn a_protocol_states_how_many_images_there_were() {
    let mut data = splits();
    data.test = data.test.subset(&[0, 40, 99]);
    let measure = |studio: &Studio, names: &[&str]| {
        evaluate(studio, &data, &only(names), &mut |_| {}).expect("figures")
    };
    let report = measure(&with_active_dimensions(2), &TRAVERSALS);
    let walks = report.figure("traversal_jump_ratio").unwrap();
    assert_eq!(walks.n, 6);
    assert!(
        walks.protocol.contains("the first 3 test images"),
        "{}",
        walks.protocol
    );
    let report = measure(&studio(), &["cam_random"]);
    let random = report.figure("cam_random").unwrap();
    assert_eq!(random.n, 3);
    assert!(
        random.protocol.ends_with("first 3 test images"),
        "{}",
        random.protocol
    );
}

#[test]
fn of_nothing_there_is_no_figure() {
    let studio = with_active_dimensions(0);
    let report = evaluate(&studio, &splits(), &only(&TRAVERSALS), &mut |_| {}).expect("a report");
    assert!(report.figures.is_empty(), "{:?}", report.figures);
}
