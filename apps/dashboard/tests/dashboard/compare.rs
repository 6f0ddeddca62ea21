//! Compare: two latents side by side.

use dashboard::state::{
    channel::{Channel, Job},
    controls::Space,
};
use datasets::KnownDataset;
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use studio::{Manifest, ModelSource, Request};

use crate::{
    memory::window_in,
    support::{Window, answer, latent, manifest, published, serve, slider, window},
};

pub fn fashion() -> ModelSource {
    crate::support::shipped("fashion-mnist-plain")
}

/// As [`serve`], where every model says what it was trained on; all that was asked.
pub fn serve_all(window: &mut Window) -> Vec<Job> {
    serve_as(window, manifest_of)
}

/// As [`serve_all`], where the test says what a model is.
pub fn serve_as(window: &mut Window, manifest_of: impl Fn(&ModelSource) -> Manifest) -> Vec<Job> {
    let mut all = Vec::new();
    for _ in 0..8 {
        window.run();
        let jobs = window.state_mut().take_jobs();
        if jobs.is_empty() {
            return all;
        }
        for job in jobs {
            all.push(job.clone());
            let reply = answer(&job.request, &manifest_of(&job.model));
            window.state_mut().receive(published(job, Ok(reply)));
        }
    }
    panic!("the app never stops asking");
}

pub fn manifest_of(model: &ModelSource) -> Manifest {
    let mut manifest = manifest(None);
    if *model == fashion() {
        manifest.dataset = KnownDataset::FashionMnist.info();
    }
    manifest
}

pub fn click(window: &mut Window, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    serve_all(window);
}

/// Chooses an entry of a list that opens; all that was asked then.
pub fn choose(window: &mut Window, list: &str, entry: &str) -> Vec<Job> {
    window.get_by_label(list).click();
    window.run();
    // A domain in the top bar may be called the same.
    let entries = window.query_all_by_label(entry);
    entries.last().expect("it is in the list").click();
    serve_all(window)
}

pub fn shows(window: &Window, text: &str) -> bool {
    window.query_all_by_label(text).next().is_some()
}

#[test]
fn a_kept_latent_stays_on_the_right_while_the_left_moves() {
    let mut window = window(Space::Compare, None);
    click(&mut window, "Keep this latent");
    assert!(shows(&window, "This latent: Anchor of class 3"));
    assert!(shows(&window, "The other: Anchor of class 3"));
    assert!(shows(&window, " 0.00 sigma"));
    assert!(shows(
        &window,
        "The predictions agree: both are 3. They share 100 % of the probability."
    ));
    // The key of a class starts from its anchor, here as everywhere.
    window.key_press(Key::Num8);
    serve_all(&mut window);
    assert!(shows(&window, "This latent: Anchor of class 8"));
    assert!(shows(&window, "The other: Anchor of class 3"));
    // Five units in one of six dimensions, each with a spread of 2: 2.5 / sqrt(6).
    assert!(shows(&window, " 1.02 sigma"));
    for label in ["left image", "difference", "right image"] {
        window.get_by_label(label);
    }
    window.get_by_label("effect colours, from darker to brighter");
    let words =
        window.get_by_label_contains("The predictions differ: 8 on the left, 3 on the right.");
    assert!(words.rect().is_positive());
    window.get_by_label("z0 differs by -2.50 sigma").click();
    serve_all(&mut window);
    let controls = window.state().controls();
    assert_eq!(controls.space, Space::Explore);
    assert_eq!(controls.scene().expect("it is open").selected, 0);
}

#[test]
fn anchors_and_bookmarks_can_stand_on_the_right() {
    let mut window = window(Space::Compare, None);
    assert!(
        shows(&window, "The other: Anchor of class 8"),
        "there is something to see from the start"
    );
    choose(&mut window, "other latent", "Anchor of class 5");
    assert!(shows(&window, "The other: Anchor of class 5"));
    window.key_press(Key::B);
    window.key_press(Key::Num1);
    serve_all(&mut window);
    window.get_by_label("other latent").click();
    window.run();
    let kept = window.query_all_by_role_and_label(Role::Button, "3");
    kept.last()
        .expect("the bookmark of the anchor of 3")
        .click();
    serve_all(&mut window);
    assert!(shows(&window, "The other: 3"));
    assert!(shows(&window, "This latent: Anchor of class 1"));
}

#[test]
fn swapping_changes_the_sides_and_undo_changes_them_back() {
    let mut window = window(Space::Compare, None);
    let before = latent(&window);
    click(&mut window, "Swap");
    assert!(shows(&window, "This latent: Anchor of class 8"));
    assert!(shows(&window, "The other: Anchor of class 3"));
    assert_eq!(latent(&window)[0], 8.0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve_all(&mut window);
    assert_eq!(latent(&window), before);
    assert!(shows(&window, "The other: Anchor of class 8"));
    click(&mut window, "Go to the other");
    assert_eq!(window.state().controls().space, Space::Explore);
    assert_eq!(latent(&window)[0], 8.0);
    let other = &window.state().controls().scene().expect("it is open").other;
    assert_eq!(other.as_ref().expect("it was swapped").latent, before);
}

#[test]
fn the_kept_latent_is_there_in_the_next_window() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    first.get_by_label(&slider(3)).set_value_accesskit(1.25);
    first.key_press_modifiers(Modifiers::COMMAND, Key::K);
    first.run();
    first
        .get_by_label("search commands")
        .type_text("Keep this latent");
    first.run();
    first.key_press(Key::Enter);
    serve(&mut first, &manifest(None));
    assert!(shows(
        &first,
        "This latent is kept on the right of Compare."
    ));
    let kept = latent(&first);
    drop(first);
    let mut second = window_in(folder.path());
    second.key_press(Key::F6);
    serve_all(&mut second);
    assert!(shows(&second, "The other: Anchor of class 3, edited"));
    let scene = second.state().controls().scene().expect("it is open");
    assert_eq!(scene.other.as_ref().expect("it was kept").latent, kept);
}

#[test]
fn evidence_is_asked_for_as_explain_has_it_and_painted_if_the_heatmap_is_on() {
    let mut window = window(Space::Explain, None);
    window.get_by_label("7 × 7").click();
    window.run();
    window.key_press(Key::F6);
    let asked = serve_all(&mut window);
    for channel in [Channel::CompareLeft, Channel::CompareRight] {
        let job = asked.iter().find(|job| job.channel == channel);
        let Request::Frame(request) = &job.expect("both are asked").request else {
            panic!("a frame was asked for")
        };
        assert_eq!(request.layer, datasets::Layer(2));
    }
    assert!(shows(
        &window,
        "Strongest evidence: odds × 12.2 (2.50 logits)"
    ));
    let before = window.state().controls().view.overlay;
    window.get_by_label("Heatmap").click();
    let asked = serve_all(&mut window);
    assert_ne!(window.state().controls().view.overlay, before);
    assert_eq!(asked, Vec::new(), "it only changes how it is painted");
}

#[test]
fn nothing_is_asked_for_compare_while_another_space_is_in_front() {
    let mut window = window(Space::Compare, None);
    window.key_press(Key::F1);
    serve_all(&mut window);
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    let asked = serve_all(&mut window);
    assert!(asked.iter().any(|job| job.channel == Channel::Frame));
    for job in asked {
        assert!(!job.channel.is_of_compare(), "{:?}", job.channel);
    }
}
