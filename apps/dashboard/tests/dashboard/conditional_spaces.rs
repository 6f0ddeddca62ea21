//! A conditional model in the other spaces, in the palette and in what the window says of it.

use dashboard::state::{
    catalogue,
    channel::{Channel, Job},
    command::{Command, SceneCommand},
    compared::Side,
    controls::{CompareWith, Space},
    scene::Start,
};
use datasets::ClassId;
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use studio::{Detail, Request};

use crate::evaluate::{figure, report};
use crate::support::{Window, asked, conditional, given, manifest, open, scene, serve, window_of};

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    serve(window, &conditional());
}

#[test]
fn samples_are_drawn_from_the_one_region_as_the_class() {
    let mut window = window_of(Space::Anchors, &conditional());
    window.get_by_label("36 samples of x");
    window.get_by_label("class circle").click();
    let jobs = asked(&mut window);
    let job = jobs.iter().find(|job| job.channel == Channel::Grid);
    let job = job.expect("it is drawn");
    assert_eq!(given(job), vec![Some(ClassId(0)); 36]);
    let space = &open(&conditional()).space;
    let scene_now = scene(&window);
    let drawn = space
        .regions
        .sample(ClassId(0), 1.0, 36, scene_now.anchors.seed);
    let Request::Gallery(request) = &job.request else {
        panic!("it is a gallery")
    };
    assert_eq!(request.latents, drawn);
    assert!(!jobs.iter().any(|job| job.channel == Channel::Morph));
    assert_eq!(
        scene_now.condition,
        Some(ClassId(2)),
        "that of Explore stays"
    );

    for job in jobs {
        let reply = crate::support::answer(&job.request, &conditional());
        let answer = crate::support::published(job, Ok(reply));
        window.state_mut().receive(answer);
    }
    serve(&mut window, &conditional());
    window.get_by_label("36 samples of circle");
    // The judge of the test sees what the latent's first coordinate says.
    let right = |latent: &&Vec<f32>| latent[0].round() <= 0.0;
    let right = drawn.iter().filter(right).count();
    window.get_by_label(&format!("{right}/36"));
    window.get_by_label_contains("the picture would jump");
    let sample = window.query_all_by_label_contains("sample 1:").next();
    sample.expect("it is there").click();
    serve(&mut window, &conditional());
    let opened = scene(&window);
    assert_eq!(opened.latent, drawn[0]);
    assert_eq!(opened.condition, Some(ClassId(0)));
    let (class, index) = (ClassId(0), 0);
    assert_eq!(opened.start, Start::Sample { class, index });
}

#[test]
fn the_class_of_the_samples_has_the_digits_in_anchors() {
    let mut window = window_of(Space::Anchors, &conditional());
    window.key_press(Key::Num1);
    serve(&mut window, &conditional());
    assert_eq!(scene(&window).anchors.class, ClassId(1));
    assert_eq!(scene(&window).condition, Some(ClassId(2)));
}

#[test]
fn what_cannot_be_says_why() {
    let window = window_of(Space::Explore, &conditional());
    assert!(window.query_by_label_contains("without labels").is_none());
    let mut window = window_of(Space::Explore, &conditional());
    click(&mut window, "Directions");
    window.get_by_label_contains("No direction leads from class to class");
    let mut window = window_of(Space::Explain, &conditional());
    click(&mut window, "What if");
    window.get_by_label_contains("Here no way leads to one");
}

#[test]
fn points_of_the_map_are_encoded_each_as_its_own_class() {
    let mut window = window_of(Space::Explore, &conditional());
    click_space(&mut window, "Map");
    let jobs = asked(&mut window);
    let job = jobs.iter().find(|job| job.channel == Channel::Map);
    // Two images a class.
    let labels = [0, 0, 1, 1, 2, 2].map(|class| Some(ClassId(class)));
    assert_eq!(given(job.expect("they are encoded")), labels);
}

fn click_space(window: &mut Window, space: &str) {
    window.get_by_label(space).click();
}

#[test]
fn a_map_without_a_sample_draws_points_of_every_class() {
    let mut manifest = conditional();
    manifest.dataset.title = crate::support::WITHOUT_SAMPLE.to_owned();
    let mut window = window_of(Space::Explore, &manifest);
    click_space(&mut window, "Map");
    let jobs = asked(&mut window);
    let job = jobs.iter().find(|job| job.channel == Channel::Map);
    let classes = given(job.expect("they are drawn"));
    // 400 over three classes.
    for class in 0..3 {
        let of = classes.iter().filter(|of| **of == Some(ClassId(class)));
        assert_eq!(of.count(), 133);
    }
}

#[test]
fn the_latent_is_compared_with_itself_as_another_class() {
    let mut window = window_of(Space::Compare, &conditional());
    let side = |window: &Window, side: Side| {
        let answer = window.state().session().compared(side.channel());
        let answer = answer.expect("both are drawn");
        let latent = answer.latent().expect("it is a latent").to_vec();
        (latent, answer.condition())
    };
    let (left, right) = (side(&window, Side::Left), side(&window, Side::Right));
    assert_eq!(left.0, right.0, "one latent");
    window.get_by_label("Both are one latent, drawn as two classes.");
    assert_eq!((left.1, right.1), (Some(ClassId(2)), Some(ClassId(0))));
    click(&mut window, "Swap");
    let now = scene(&window);
    assert_eq!(now.condition, Some(ClassId(0)));
    assert_eq!(
        now.other.expect("the other side").condition,
        Some(ClassId(2))
    );
    assert_eq!(side(&window, Side::Right).1, Some(ClassId(2)));
}

#[test]
fn another_model_is_given_the_class_only_if_it_takes_one() {
    let mut window = window_of(Space::Compare, &conditional());
    click(&mut window, "Another model");
    let controls = window.state().controls();
    assert_eq!(controls.compare.with, CompareWith::Model);
    // The test opens the same model on both sides.
    for side in [Side::Left, Side::Right] {
        let answer = window.state().session().compared(side.channel());
        let given = answer.expect("it is there").condition();
        assert_eq!(given, Some(ClassId(2)), "the class it was drawn as");
    }
}

#[test]
fn the_palette_draws_as_a_class() {
    let model = open(&conditional());
    let entries = catalogue::classes(&model);
    let find = |title: &str| entries.iter().find(|entry| entry.title == title);
    let entry = find("Draw as circle").expect("it is there");
    let command = Command::Scene(SceneCommand::DrawAs(Some(ClassId(0))));
    assert_eq!(entry.command, Some(command));
    assert_eq!(entry.keys.as_deref(), Some("0"));
    assert!(find("Start from circle").is_none());
    assert_eq!(
        find("Start from the middle of all images")
            .expect("it is there")
            .keys,
        None
    );
    let plain = open(&manifest(None));
    let entries = catalogue::classes(&plain);
    let draws = |title: &str| title.starts_with("Draw as");
    assert!(!entries.iter().any(|entry| draws(&entry.title)));
}

#[test]
fn no_question_gives_a_class_that_there_is_not() {
    for space in Space::ALL {
        let mut window = window_of(space, &conditional());
        window.key_press(Key::Num1);
        let jobs: Vec<Job> = asked(&mut window);
        let all = jobs.iter().flat_map(given).flatten();
        assert!(all.into_iter().all(|class| class.0 < 3), "{space:?}");
    }
}

#[test]
fn the_figure_of_swapped_classes_is_shown() {
    let mut manifest = conditional();
    let mut report = report();
    let swapped = figure("swap_agreement", 0.875, Detail::None);
    report.figures.push(swapped);
    manifest.report = Some(report);
    let window = window_of(Space::Evaluate, &manifest);
    window.get_by_label("Swapped classes");
    // The judge knows the classes, so what is missing can be measured.
    let absent =
        "Figures that need labels or a classifier are not here: this model does not have both.";
    assert!(window.query_by_label(absent).is_none());
}
