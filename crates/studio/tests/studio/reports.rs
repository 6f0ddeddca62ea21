//! The report in a bundle: about its own weights, and fitting its model.

use burn::tensor::Device;
use classifier::ConvNet;
use datasets::Seed;
use studio::{
    Bundle, Detail, FaithfulnessCurves, Figure, FileRole, Manifest, ModelSource, Report,
    StudioError,
};

use crate::bundles::open;
use crate::support::{bundle, bundle_judged_twice, judge, saved};

/// A figure that has nothing but its list.
pub fn figure(name: &str, detail: Detail) -> Figure {
    Figure {
        name: name.to_owned(),
        value: 0.5,
        unit: String::new(),
        low: None,
        high: None,
        n: 10,
        seed: None,
        split: "test".to_owned(),
        protocol: "as the test says".to_owned(),
        second_judge: None,
        detail,
    }
}

/// A report about the model with these weights.
fn report(model_sha256: &str, figures: Vec<Figure>) -> Report {
    Report {
        model: "m".to_owned(),
        model_sha256: model_sha256.to_owned(),
        dataset: "flags".to_owned(),
        device: "Flex".to_owned(),
        figures,
    }
}

#[test]
fn a_report_does_not_change_the_identity_of_the_model() {
    let (dir, source) = saved();
    let before = open(dir.path()).unwrap().model_sha256().to_owned();
    let report = report(&before, Vec::new());
    studio::write_report(dir.path(), report.clone()).unwrap();
    assert_eq!(open(dir.path()).unwrap().model_sha256(), before);
    assert_eq!(Manifest::read(&source).unwrap().report, Some(report));
}

#[test]
fn a_report_about_weights_that_were_replaced_is_not_stored() {
    let (dir, source) = saved();
    let outdated = report(&"ab".repeat(32), Vec::new());
    let error = studio::write_report(dir.path(), outdated).expect_err("it is about others");
    assert!(
        matches!(error, StudioError::WeightsReplaced { .. }),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(
        text.contains("the report is about other weights") && text.contains("Evaluate"),
        "{text}"
    );
    assert_eq!(Manifest::read(&source).unwrap().report, None);
}

/// Its file, its architecture and the figures that it gave go with it; all other figures stay.
#[test]
fn another_second_judge_takes_the_figures_of_the_one_before_away() {
    let mut bundle = bundle_judged_twice();
    let dir = tempfile::tempdir().unwrap();
    bundle.save(dir.path()).unwrap();
    let model_sha256 = open(dir.path()).unwrap().model_sha256().to_owned();
    let file = |dir: &std::path::Path| {
        let manifest = Manifest::read(&ModelSource::Folder(dir.to_owned())).unwrap();
        manifest.files[&FileRole::SecondJudge].clone()
    };
    let first = file(dir.path());
    let own = figure("elbo_nats", Detail::None);
    let given = Figure {
        second_judge: Some(first.sha256.clone()),
        ..figure("recall", Detail::None)
    };
    let both = report(&model_sha256, vec![own.clone(), given]);
    studio::write_report(dir.path(), both.clone()).unwrap();

    let source = ModelSource::Folder(dir.path().to_owned());
    let mut bundle = Bundle::open(&source, &Device::flex()).unwrap();
    let (network, part) = judge::<ConvNet>(Seed(9));
    bundle.set_second_judge(network, part);
    bundle.save(dir.path()).unwrap();
    assert_ne!(file(dir.path()).sha256, first.sha256);
    assert!(!dir.path().join(&first.name).exists());
    let manifest = Manifest::read(&source).unwrap();
    assert_eq!(manifest.report.unwrap().figures, [own]);
    // It has no part in what tells models apart.
    assert_eq!(open(dir.path()).unwrap().model_sha256(), model_sha256);
    // A measurement that the one before ended late is not stored.
    let error = studio::write_report(dir.path(), both).expect_err("it is about another judge");
    assert!(
        matches!(error, StudioError::WeightsReplaced { .. }),
        "{error}"
    );
}

#[test]
fn a_report_whose_lists_do_not_fit_is_refused() {
    let curves = |points: [usize; 3]| {
        let [fractions, insertion, deletion] = points.map(|count| vec![0.5; count]);
        Detail::Faithfulness(FaithfulnessCurves {
            fractions,
            insertion,
            deletion,
        })
    };
    let confusion = |rows: usize, columns: usize| Detail::Confusion(vec![vec![1; columns]; rows]);
    let series = |count: usize| Detail::Series(vec![0.5; count]);
    let read = |name: &str, detail: Detail| {
        let mut bundle = bundle();
        bundle.manifest.report = Some(report("aa", vec![figure(name, detail)]));
        // What would not open is not saved.
        let dir = tempfile::tempdir().unwrap();
        let saved = bundle.save(dir.path());
        saved.map_err(|error| error.to_string())
    };
    // The model has 4 latent dimensions and 3 classes.
    for (name, detail, reason) in [
        (
            "cam_random",
            curves([3, 3, 2]),
            "curves of 3 and 2 points for 3",
        ),
        (
            "cam_random",
            curves([2, 3, 3]),
            "curves of 3 and 3 points for 2",
        ),
        (
            "kl_per_dimension",
            series(5),
            "5 values for 4 latent dimensions",
        ),
        (
            "active_units",
            series(3),
            "3 values for 4 latent dimensions",
        ),
        ("real_accuracy", confusion(4, 4), "4 classes"),
        (
            "real_accuracy",
            confusion(3, 2),
            "3 rows of counts and one of 2",
        ),
        (
            "real_accuracy",
            Detail::Confusion(vec![vec![u32::MAX, 1], vec![0, 0]]),
            "more images",
        ),
    ] {
        let text = read(name, detail).expect_err("it contradicts itself");
        for part in ["manifest.ron", name, reason] {
            assert!(text.contains(part), "{text} does not say {part}");
        }
    }
    // A series of traversals is as long as there are traversals.
    for (name, detail) in [
        ("cam_random", curves([3, 3, 3])),
        ("kl_per_dimension", series(4)),
        ("traversal_jump_ratio", series(17)),
        ("real_accuracy", confusion(3, 3)),
    ] {
        read(name, detail).expect("it fits");
    }
}
