//! Scenes that come back: from text, from pictures of an earlier version, and from those of the command line.

use std::{thread::sleep, time::Duration};

use dashboard::state::{
    controls::Space,
    recipe::{PictureKind, Recipe},
};
use datasets::{ClassId, Seed};
use eframe::egui::{Event, Key, OutputCommand};
use egui_kittest::kittest::Queryable as _;
use explain::{ColorMap, Method};
use recipe::Picture;

use crate::{
    files::drop_file,
    one_pixel::png_with,
    support::{click, latent, manifest, scene, serve, until_restored, window},
};

#[test]
fn a_scene_is_copied_as_text_and_pasted() {
    let mut first = window(Space::Explain, None);
    first.key_press(Key::Num8);
    serve(&mut first, &manifest(None));
    first.get_by_label("File").click();
    first.run();
    first.get_by_label("Copy scene").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        first.step();
        copied.extend(first.output().platform_output.commands.clone());
    }
    let text = copied.into_iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text),
        _ => None,
    });
    let text = text.expect("it was copied");
    let mut second = window(Space::Explore, None);
    second.event(Event::Paste(text));
    serve(&mut second, &manifest(None));
    assert_eq!(scene(&second), scene(&first));
    assert_eq!(second.state().controls().space, Space::Explain);

    second.event(Event::Paste("something else".to_owned()));
    serve(&mut second, &manifest(None));
    let (_, text) = second.state().notices().last().expect("it is told");
    assert!(text.contains("holds no scene"), "{text}");
}

#[test]
fn a_scene_of_a_model_that_is_not_here_is_explained() {
    let mut window = window(Space::Explore, None);
    let controls = window.state().controls().clone();
    let recipe = Recipe::of(&controls, &manifest(None), PictureKind::Image, Vec::new());
    let mut recipe = recipe.expect("the model is open");
    recipe.model = "my-own".to_owned();
    recipe.model_sha256 = "00".repeat(32);
    window.event(Event::Paste(recipe.text().expect("it has a form")));
    serve(&mut window, &manifest(None));
    let (_, text) = window.state().notices().last().expect("it is told");
    assert!(text.contains("my-own"), "{text}");
    assert_eq!(*window.state().controls(), controls);

    recipe.model = "mnist".to_owned();
    window.event(Event::Paste(recipe.text().expect("it has a form")));
    serve(&mut window, &manifest(None));
    let (_, text) = window.state().notices().last().expect("it is told");
    assert!(text.contains("another version of this model"), "{text}");
}

#[test]
fn a_picture_of_an_earlier_version_brings_its_scene_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("earlier.png");
    let mut window = window(Space::Explain, None);
    window.key_press(Key::Num8);
    serve(&mut window, &manifest(None));
    let before = scene(&window);
    let controls = window.state().controls().clone();
    let recipe = Recipe::of(&controls, &manifest(None), PictureKind::Window, Vec::new());
    // Version 2 of the window wrote RON, and neither a judge nor a scale.
    let style = ron::ser::PrettyConfig::new().compact_arrays(true);
    let text = ron::ser::to_string_pretty(&recipe.expect("the model is open"), style);
    let text = text.expect("it has a form");
    let known = |line: &&str| {
        !["judge:", "scale:"]
            .iter()
            .any(|new| line.trim().starts_with(new))
    };
    let lines: Vec<&str> = text.lines().filter(known).collect();
    assert_eq!(lines.len() + 2, text.lines().count());
    let text = format!("// Latent Lens scene, version 2\n{}\n", lines.join("\n"));
    png_with(&path, "latent-lens scene", &text);

    window.key_press(Key::Num3);
    click(&mut window, "Anchors");
    drop_file(&mut window, path);
    until_restored(&mut window, &before);
    assert_eq!(window.state().controls().space, Space::Explain);
}

#[test]
fn a_picture_of_the_command_line_brings_its_latent_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window(Space::Map, None);
    let dims = latent(&window).len();
    let at: Vec<f32> = (0..dims).map(|dim| dim as f32 * 0.1 - 1.0).collect();
    let cases = [
        (
            Picture::Latent(recipe::Latent {
                start: Some(recipe::Start::Prior {
                    prior_seed: Seed(5),
                }),
                latent: at.clone(),
                condition: None,
            }),
            Space::Explore,
        ),
        (
            Picture::Cam(recipe::Cam {
                start: Some(recipe::Start::Anchor { anchor: ClassId(7) }),
                latent: at.iter().map(|value| -value).collect(),
                condition: None,
                class: Some(ClassId(2)),
                contrast: true,
                alone: false,
                layer: 3,
                method: Method::LayerCam,
                opacity: 0.5,
                color_map: ColorMap::Inferno,
            }),
            Space::Explain,
        ),
        (
            Picture::Traversal(recipe::Traversal {
                start: None,
                latent: at.clone(),
                condition: None,
                dims: vec![2, 0],
                sigmas: 3.0,
                steps: 11,
            }),
            Space::Explore,
        ),
        (
            Picture::Anchors(recipe::Anchors {
                latent: vec![6.0; dims],
                classes: vec![ClassId(6), ClassId(7)],
                noise: 0.5,
                count: 4,
                seed: Seed(9),
            }),
            Space::Anchors,
        ),
    ];
    for (picture, space) in cases {
        let path = folder.path().join(format!("{}.png", picture.name()));
        let expected = picture.latent().expect("it has one").to_vec();
        let text = recipe::Recipe {
            recipe_version: recipe::VERSION,
            program: "latent-lens 0.1.0".to_owned(),
            model: "mnist".to_owned(),
            model_sha256: manifest(None).model_sha256(),
            judge: None,
            scale: Some(8),
            sampler: None,
            picture,
            window: None,
        };
        png_with(&path, recipe::KEYWORD, &text.text());
        drop_file(&mut window, path);
        let mut rounds = 0;
        while latent(&window) != expected && rounds < 500 {
            serve(&mut window, &manifest(None));
            sleep(Duration::from_millis(10));
            rounds += 1;
        }
        assert_eq!(latent(&window), expected);
        assert_eq!(window.state().controls().space, space);
        let scene = scene(&window);
        match space {
            Space::Explain => {
                assert_eq!((scene.target, scene.layer.index()), (ClassId(2), 2));
                assert_eq!(scene.method, Method::LayerCam);
            }
            Space::Anchors => {
                assert_eq!((scene.anchors.class, scene.anchors.count), (ClassId(6), 4));
                assert_eq!((scene.anchors.noise, scene.anchors.seed), (0.5, Seed(9)));
            }
            _ => {}
        }
    }
    assert!(window.state().notices().shown().next().is_none());
}

#[test]
fn the_command_line_finds_what_it_can_draw_in_a_picture_of_the_window() {
    let window = window(Space::Explore, None);
    let controls = window.state().controls();
    let written = |shows| {
        let recipe = Recipe::of(controls, &manifest(None), shows, Vec::new());
        let text = recipe.expect("the model is open").text();
        recipe::Recipe::parse(&text.expect("it has a form")).expect("a recipe")
    };
    let image = written(PictureKind::Image);
    assert_eq!(image.picture.latent(), Some(&latent(&window)[..]));
    assert_eq!(image.model_sha256, manifest(None).model_sha256());
    let grid = scene(&window).anchors;
    let Picture::Anchors(anchors) = written(PictureKind::Grid).picture else {
        panic!("a grid is drawn as anchors");
    };
    assert_eq!(
        (anchors.classes, anchors.count),
        (vec![grid.class], grid.count)
    );
    assert_eq!(written(PictureKind::Window).picture, Picture::Window);
}
