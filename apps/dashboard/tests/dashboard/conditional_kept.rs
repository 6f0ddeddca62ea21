//! What is kept of the class that a conditional model is given: undo, the session, bookmarks, shows, recipes.

use dashboard::state::{
    channel::Channel,
    controls::{Controls, Space},
    memory::{Memory, SESSION},
    recipe::{PictureKind, Recipe},
    scene::Scene,
    show,
    timeline::{STEPS, Stops},
    walks,
};
use datasets::{ClassId, Seed};
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use recipe::Picture;

use crate::support::{
    DIMS, Window, asked, conditional, given, latent, open, scene, serve, window_of,
};

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    serve(window, &conditional());
}

/// A window whose bookmarks are one latent as the last class and another as the first.
fn two_bookmarks() -> Window {
    let mut window = window_of(Space::Explore, &conditional());
    press(&mut window, Key::B);
    window
        .get_by_label("z1, 3.00 nats")
        .set_value_accesskit(1.0);
    serve(&mut window, &conditional());
    press(&mut window, Key::Num0);
    press(&mut window, Key::B);
    window
}

#[test]
fn undo_brings_the_class_back() {
    let mut window = window_of(Space::Explore, &conditional());
    let before = scene(&window);
    press(&mut window, Key::Num0);
    assert_ne!(scene(&window), before);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &conditional());
    assert_eq!(scene(&window), before);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    serve(&mut window, &conditional());
    assert_eq!(scene(&window).condition, Some(ClassId(0)));
}

fn read(text: &str) -> Memory {
    let folder = tempfile::tempdir().expect("a folder for the test");
    std::fs::write(SESSION.path(folder.path()), text).expect("it can be written");
    let (memory, trouble) = SESSION.read(folder.path());
    assert_eq!(trouble, None);
    memory.expect("it is there")
}

#[test]
fn the_session_keeps_the_class_and_older_files_have_none() {
    let mut window = window_of(Space::Explore, &conditional());
    press(&mut window, Key::Num0);
    let memory = Memory {
        controls: window.state().controls().clone(),
        ..Memory::first_day()
    };
    let text = SESSION.text(&memory).expect("it has a form");
    assert_eq!(read(&text).controls.scene(), memory.controls.scene());

    let older: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().starts_with("condition:"))
        .collect();
    assert!(older.len() < text.lines().count());
    let older = read(&older.join("\n"));
    assert_eq!(older.controls.scene().expect("it is there").condition, None);
}

#[test]
fn a_class_that_the_model_does_not_have_is_dropped() {
    let model = open(&conditional());
    let window = window_of(Space::Explore, &conditional());
    let mut controls = window.state().controls().clone();
    let source = controls.model.clone();
    let given = |controls: &Controls| controls.scene().expect("it is there").condition;
    controls.scene_mut().expect("it is there").condition = Some(ClassId(3));
    controls.open(&source, &model);
    assert_eq!(given(&controls), None);
    controls.scene_mut().expect("it is there").condition = Some(ClassId(1));
    controls.open(&source, &model);
    assert_eq!(given(&controls), Some(ClassId(1)));
    // The same scene of a model that takes no class.
    let plain = open(&crate::support::odd(3));
    controls.open(&source, &plain);
    assert_eq!(given(&controls), None);
}

#[test]
fn bookmarks_keep_their_classes() {
    let mut window = two_bookmarks();
    let shelf = window.state().controls().shelf();
    let names: Vec<&str> = shelf.iter().map(|kept| kept.name.as_str()).collect();
    assert_eq!(names, ["x: middle", "circle: middle, edited"]);
    window.get_by_label("Unfold bookmarks").click();
    let jobs = asked(&mut window);
    let job = jobs.iter().find(|job| job.channel == Channel::Thumbnails);
    let classes = [Some(ClassId(2)), Some(ClassId(0))];
    assert_eq!(given(job.expect("they are drawn")), classes);
    press(&mut window, Key::PageUp);
    assert_eq!(scene(&window).condition, Some(ClassId(2)));
}

#[test]
fn a_show_changes_the_class_halfway() {
    let window = two_bookmarks();
    let model = open(&conditional());
    let mut controls = window.state().controls().clone();
    controls.timeline.stops = Stops::Bookmarks;
    let stops = show::stops(&controls, &model);
    let class = |step| {
        let (drawn, _) = controls.timeline.at(&stops, step).expect("a step");
        drawn.condition
    };
    assert_eq!(class(0), Some(ClassId(2)));
    assert_eq!(class(STEPS / 2 - 1), Some(ClassId(2)));
    assert_eq!(class(STEPS / 2), Some(ClassId(0)));
    assert_eq!(class(STEPS), Some(ClassId(0)));
}

#[test]
fn a_show_of_the_classes_keeps_the_latent() {
    let mut window = window_of(Space::Explore, &conditional());
    let before = latent(&window);
    window.get_by_label("next stop").click();
    serve(&mut window, &conditional());
    assert_eq!(scene(&window).condition, Some(ClassId(1)));
    assert_eq!(latent(&window), before);
    window.get_by_label_contains("this latent, drawn as");
}

#[test]
fn a_film_of_the_classes_has_a_picture_of_each() {
    let window = window_of(Space::Explore, &conditional());
    let (controls, model) = (window.state().controls(), open(&conditional()));
    let stops = show::stops(controls, &model);
    let film = walks::show(&controls.timeline, &stops);
    let (pictures, order) = walks::distinct(film.frames);
    let classes: Vec<_> = pictures.iter().map(|drawn| drawn.condition).collect();
    // Halfway from the first class the second one begins; the loop ends with the second half of the first one.
    assert_eq!(classes, [0, 1, 2].map(|class| Some(ClassId(class))));
    assert_eq!(order.first(), order.last());
}

fn recipe_of(window: &Window, shows: PictureKind) -> recipe::Recipe {
    let controls = window.state().controls();
    let recipe = Recipe::of(controls, &conditional(), shows, Vec::new());
    let text = recipe.expect("it is open").text().expect("it has a form");
    recipe::Recipe::parse(&text).expect("it is sound")
}

#[test]
fn a_saved_picture_says_its_class_and_brings_it_back() {
    let mut window = window_of(Space::Explore, &conditional());
    press(&mut window, Key::Num0);
    let before = scene(&window);
    let image = recipe_of(&window, PictureKind::Image);
    let Picture::Latent(latent) = &image.picture else {
        panic!("it is the image of a latent")
    };
    assert_eq!(latent.condition, Some(ClassId(0)));
    let grid = recipe_of(&window, PictureKind::Grid);
    let Picture::Anchors(anchors) = &grid.picture else {
        panic!("it is a grid")
    };
    assert_eq!(anchors.classes, [ClassId(2)], "the class of the samples");

    press(&mut window, Key::Num1);
    window.event(Event::Paste(image.text()));
    serve(&mut window, &conditional());
    assert_eq!(scene(&window), before);
}

/// What the command line drew says no more than the latent, the class and what goes with it.
#[test]
fn pictures_of_the_command_line_bring_their_class_back() {
    let mut window = window_of(Space::Explore, &conditional());
    let mut recipe = recipe_of(&window, PictureKind::Image);
    recipe.window = None;
    let (start, at, class) = (None, vec![0.5; DIMS], ClassId(1));
    let condition = Some(class);
    let pictures = [
        Picture::Latent(recipe::Latent {
            start: start.clone(),
            latent: at.clone(),
            condition,
        }),
        Picture::Traversal(recipe::Traversal {
            start,
            latent: at.clone(),
            condition,
            dims: vec![1],
            sigmas: 3.0,
            steps: 11,
        }),
        Picture::Anchors(recipe::Anchors {
            latent: at.clone(),
            classes: vec![class],
            noise: 0.5,
            count: 4,
            seed: Seed(9),
        }),
    ];
    for picture in pictures {
        press(&mut window, Key::Num2);
        recipe.picture = picture;
        window.event(Event::Paste(recipe.text()));
        serve(&mut window, &conditional());
        let Scene {
            condition, latent, ..
        } = scene(&window);
        assert_eq!(
            (condition, latent),
            (Some(class), at.clone()),
            "{:?}",
            recipe.picture
        );
    }
    assert_eq!(scene(&window).anchors.class, class);
}
