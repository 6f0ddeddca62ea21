//! Names of models: what they are read from, and written as.

use studio::ModelSource;

#[test]
fn names_of_models_are_read() {
    assert!("mnist".parse::<ModelSource>().is_ok());
    assert!("fashion-mnist".parse::<ModelSource>().is_ok());
    let error = "no-such-model".parse::<ModelSource>().expect_err("unknown");
    assert!(error.to_string().contains("fashion-mnist"));
}

#[test]
fn a_name_of_a_folder_reads_back_as_that_folder() {
    // `./mnist` is the folder, and `mnist` the shipped model.
    let folder = ModelSource::Folder("mnist".into());
    assert_eq!(folder.to_string(), "./mnist");
    let shipped: ModelSource = "mnist".parse().expect("it is shipped");
    assert_eq!(shipped.to_string(), "mnist");
}

#[test]
fn sources_are_written_as_earlier_versions_wrote_them() {
    for (text, name) in [
        ("Shipped(mnist)", "mnist"),
        ("Shipped(r#fashion-mnist)", "fashion-mnist"),
    ] {
        let source: ModelSource = ron::from_str(text).expect("an earlier version wrote it");
        assert_eq!(source, ModelSource::shipped(name).expect("it is shipped"));
        assert_eq!(ron::to_string(&source).expect("plain data"), text);
    }
    ron::from_str::<ModelSource>("Shipped(nothing)").expect_err("there is no such model");
}

#[test]
fn the_manifest_in_a_folder_stands_for_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = folder.path().join("manifest.ron");
    std::fs::write(&manifest, "nothing is read yet").expect("it can be written");
    let source = ModelSource::named(manifest.as_os_str()).expect("a folder");
    assert_eq!(source, ModelSource::Folder(folder.path().to_owned()));
    // Any other file is no model.
    let other = folder.path().join("other.ron");
    std::fs::write(&other, "").expect("it can be written");
    ModelSource::named(other.as_os_str()).expect_err("a file");
}
