//! `latent-lens doctor`: what it finds, as text and as JSON.

use studio::ShippedModel;

use crate::{json, latent_lens, stderr, stdout, succeed};

#[test]
fn doctor_prints_json_for_scripts() {
    let output = latent_lens(&["doctor", "--json"]);
    let found = json(&output);
    assert_eq!(found["version"], env!("CARGO_PKG_VERSION"));
    assert!(found["adapters"].is_array());
    assert!(found["auto"]["device"].is_string());
    let models = found["models"].as_array().expect("a list");
    assert_eq!(models.len(), ShippedModel::all().len());
    for model in models {
        assert_eq!(model["opens"], true, "{model}");
        assert!(
            model["frame_ms"]["total"].as_f64().expect("a number") > 0.0,
            "{model}"
        );
    }
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn doctor_prints_text_for_people() {
    let found = stdout(&succeed(&["doctor"]));
    for part in ["burn 0.", "--device auto takes", "Fashion-MNIST: opens in"] {
        assert!(found.contains(part), "no `{part}`: {found}");
    }
}
