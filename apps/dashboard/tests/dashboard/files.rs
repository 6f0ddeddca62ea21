//! Pictures and models in and out.

use dashboard::state::{controls::Space, scene::Start};
use eframe::egui::accesskit::Role;
use eframe::egui::{Color32, DroppedFile, Key, Modifiers, OutputCommand};
use egui_kittest::kittest::Queryable as _;
use studio::ModelSource;

use dashboard::state::channel::Channel;

use crate::support::{DIMS, Window, last_job, latent, manifest, model, serve, until_shown, window};

#[test]
fn the_image_is_saved_where_the_person_says() {
    let mut window = window(Space::Explore, None);
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("three.png");
    window.get_by_label("Save image").click();
    window.run();
    let field = window.get_by_label("path");
    field.focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window
        .get_by_label("path")
        .type_text(&path.display().to_string());
    window.run();
    window.get_by_role_and_label(Role::Button, "Save").click();
    for _ in 0..200 {
        window.run();
        if window.state().notices().shown().count() > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let saved = image::open(&path).expect("the file is there").into_luma8();
    assert_eq!(saved.dimensions(), (448, 448));
    let message = format!("Saved {}", path.display());
    assert!(window.query_all_by_label(&message).next().is_some());
}

#[test]
fn the_image_is_copied_as_it_is_without_its_heatmap() {
    let mut window = window(Space::Explore, None);
    let frame = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is one");
    window.get_by_label("Copy image").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        window.step();
        copied.extend(window.output().platform_output.commands.clone());
    }
    let images = copied.iter().filter_map(|command| match command {
        OutputCommand::CopyImage(image) => Some(image),
        _ => None,
    });
    let images: Vec<_> = images.collect();
    assert_eq!(images.len(), 1);
    assert_eq!(images[0].size, [448, 448]);
    let grey = (frame.value.image().expect("it is on the host").values()[0] * 255.0).round() as u8;
    assert!(
        images[0]
            .pixels
            .iter()
            .all(|pixel| *pixel == Color32::from_gray(grey))
    );
}

#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

pub fn drop_file(window: &mut Window, path: std::path::PathBuf) {
    window
        .input_mut()
        .dropped_files
        .push(std::sync::Arc::new(Dropped(path)));
}

#[test]
fn a_picture_that_is_dropped_on_the_window_is_encoded() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("seven.png");
    let drawn = image::GrayImage::from_fn(60, 60, |x, _| {
        image::Luma([if (20..40).contains(&x) { 0 } else { 255 }])
    });
    drawn.save(&path).expect("it can be written");
    let mut window = window(Space::Anchors, None);
    drop_file(&mut window, path);
    let mut start = None;
    for _ in 0..200 {
        serve(&mut window, &manifest(None));
        start = window
            .state()
            .controls()
            .scene()
            .map(|scene| scene.start.clone());
        if matches!(start, Some(Start::Image(_))) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let Some(Start::Image(image)) = start else {
        panic!("it was never encoded: {start:?}")
    };
    assert_eq!(image.name, "seven.png");
    assert_eq!(image.label, None);
    assert_eq!(
        image.image.values()[0],
        0.0,
        "the light background became 0"
    );
    assert_eq!(window.state().controls().space, Space::Explore);
    assert_eq!(latent(&window), vec![1.5; DIMS]);
}

#[test]
fn a_file_that_is_no_picture_is_explained() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("notes.png");
    std::fs::write(&path, "this is text").expect("it can be written");
    let mut window = window(Space::Explore, None);
    let before = latent(&window);
    drop_file(&mut window, path);
    for _ in 0..200 {
        window.run();
        if window.state().notices().shown().count() > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let texts: Vec<_> = window
        .state()
        .notices()
        .shown()
        .map(|notice| notice.text.clone())
        .collect();
    assert_eq!(texts.len(), 1);
    assert!(texts[0].contains("notes.png"), "{}", texts[0]);
    assert_eq!(latent(&window), before);
}

#[test]
fn a_folder_is_opened_as_a_model() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Open model…").click();
    window.run();
    window.get_by_label("path").focus();
    window.run();
    window.get_by_label("path").type_text("/some/model");
    window.run();
    window.get_by_role_and_label(Role::Button, "Open").click();
    window.run();
    let job = last_job(&mut window, Channel::Open);
    assert_eq!(job.model, ModelSource::Folder("/some/model".into()));
    window.get_by_label("Opening model/…");
}

#[test]
fn a_folder_of_data_that_is_dropped_on_the_window_is_described() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let data = folder.path().join("signs");
    for (class, shade) in [("circle", 40_u8), ("cross", 90)] {
        std::fs::create_dir_all(data.join(class)).expect("a folder");
        for number in 0..3_u8 {
            let picture = image::GrayImage::from_fn(20, 20, |x, _| {
                image::Luma([if x < 10 + u32::from(number) {
                    shade
                } else {
                    255
                }])
            });
            let path = data.join(class).join(format!("{number}.png"));
            picture.save(path).expect("it can be written");
        }
    }
    std::fs::write(data.join("cross").join("broken.png"), "no picture").expect("it can be written");
    let mut window = window(Space::Explore, None);
    drop_file(&mut window, data);
    // Train shows it.
    until_shown(&mut window, "6 images, 20x20 pixels, grey");
    assert_eq!(window.state().controls().space, Space::Train);
    for expected in ["circle", "cross", "1 broken files"] {
        assert!(window.query_by_label(expected).is_some(), "{expected}");
    }
}
