//! What needs classes or a classifier is refused with a remedy where there are none.

use crate::{
    arguments::render,
    contents, fail,
    kinds::{Kind, Trained, UNLABELLED, trained},
    stderr, succeed, text,
};

/// What needs classes or a classifier is refused with a remedy, and nothing is written.
pub fn refuses_what_needs_classes(kind: &Kind, trained: &Trained) {
    let dir = tempfile::tempdir().expect("a folder");
    let (model, out) = (text(&trained.model), dir.path().join("x.png"));
    if kind.classes.is_empty() {
        for (what, option) in [
            ("latent", "--anchor"),
            ("traversal", "--anchor"),
            ("anchors", "--class"),
        ] {
            let args = render(what, model, &out, &[option, "3"]);
            fail(&args, &["no classes", &format!("leave {option} out")]);
        }
    } else {
        let args = render("latent", model, &out, &["--anchor", "zebra"]);
        fail(&args, &["zebra", "choose one of 0 (circle)"]);
    }
    if kind.has_judge() {
        return;
    }
    let remedy = if kind.classes.is_empty() {
        "render latent"
    } else {
        "--judge"
    };
    fail(&render("cam", model, &out, &[]), &[kind.name, remedy]);
    let before = contents(&trained.model);
    let fresh = dir.path().join("fresh");
    let train = |out| Kind::train("classifier", &trained.data, out, &["--epochs", "1"]);
    fail(
        &train(&trained.model),
        &["two classes at least", "sub-folder"],
    );
    fail(&train(&fresh), &["two classes at least"]);
    assert!(
        contents(&trained.model) == before,
        "a refused run changed the model"
    );
    assert!(
        !fresh.exists() && !out.exists(),
        "nothing may be left behind"
    );
}

#[test]
fn a_prior_that_needs_classes_is_refused_where_there_are_none() {
    let trained = trained(&UNLABELLED);
    let out = trained.model.with_file_name("class-centres");
    let more = ["--epochs", "1", "--prior", "class-centres"];
    let args = Kind::train("vae", &trained.data, &out, &more);
    fail(&args, &["prior is class-centres", "normal"]);
    assert!(!out.exists());
    let more = ["--epochs", "1", "--latent-dim", "2", "--prior", "normal"];
    let output = succeed(&Kind::train("vae", &trained.data, &out, &more));
    assert!(
        !stderr(&output).contains("the prior is normal"),
        "{}",
        stderr(&output)
    );
}
