//! What is declared of a figure: its name, its unit, its protocol.

use evaluation::measures;

use crate::measure;

#[test]
fn json_has_the_names_that_scripts_rely_on() {
    let report = measure(&["noise_sweep", "classifier_accuracy"]);
    let json = report.to_json();
    for key in ["model", "model_sha256", "dataset", "device", "figures"] {
        assert!(json.get(key).is_some(), "{key}");
    }
    for figure in json["figures"].as_array().unwrap() {
        for key in [
            "name", "value", "unit", "low", "high", "n", "seed", "split", "protocol",
        ] {
            assert!(figure.get(key).is_some(), "{key}");
        }
    }
    let sweep = &json["figures"].as_array().unwrap()[1];
    assert_eq!(sweep["name"], "noise_sweep");
    assert_eq!(sweep["value"].as_array().unwrap().len(), 9);
    assert!(measures::find("ece").is_some());
}

/// Names are what reports and scripts keep, so no two figures share one; and the page that explains them knows each.
#[test]
fn every_figure_is_declared_once_and_explained() {
    let page = include_str!("../../../../docs/evaluation.md");
    let names: Vec<&str> = measures::all().iter().map(|m| m.name).collect();
    for (index, name) in names.iter().enumerate() {
        assert!(!names[..index].contains(name), "{name} is declared twice");
        assert!(
            page.contains(&format!("`{name}`")),
            "{name} is not explained"
        );
    }
    assert_eq!(names.len(), 49);
}

#[test]
fn a_figure_is_what_its_declaration_says() {
    let report = measure(&["classifier_accuracy", "reconstruction_mse", "ece"]);
    for figure in &report.figures {
        let declared = measures::find(&figure.name).expect("it is declared");
        assert_eq!(figure.unit, declared.unit.text());
        assert!(
            figure.protocol.starts_with(declared.protocol),
            "{}",
            figure.name
        );
    }
}
