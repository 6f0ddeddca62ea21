//! The choice of models: folders that hold none, tabs that are closed, and what is seen while another model opens.

use dashboard::{
    app::{App, recall::recall},
    state::{
        channel::Channel,
        controls::{Controls, Space},
        device::ChosenDevice,
        memory::{Given, Memory, SESSION},
        sources,
    },
    theme,
};
use datasets::Seed;
use eframe::egui::{Ui, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable as _};
use studio::{Manifest, ModelSource, Request};

use crate::{
    memory::notices,
    support::{
        Window, answer, last_job, manifest, model, odd, published, serve, some_error, window,
    },
};

const FOLDER: &str = "/models/of/the/test";

fn folder() -> ModelSource {
    ModelSource::Folder(FOLDER.into())
}

/// Opens a folder as a person does.
fn open_folder(window: &mut Window) {
    window.get_by_label("Open model…").click();
    window.run();
    window.get_by_label("path").type_text(FOLDER);
    window.run();
    window.get_by_role_and_label(Role::Button, "Open").click();
    window.run();
}

/// The worker cannot open the model in front.
fn fail(window: &mut Window) {
    let job = last_job(window, Channel::Open);
    assert_eq!(job.model, folder());
    let error = published(job, Err(some_error()));
    window.state_mut().receive(error);
    window.run();
}

fn has_no_tab(window: &Window) -> bool {
    let session = window.state().session();
    let domains = sources::domains(session, &window.state().controls().model);
    domains
        .iter()
        .all(|domain| !domain.models.contains(&folder()))
}

#[test]
fn a_wrong_folder_is_no_tab_and_the_model_before_stays() {
    let mut window = window(Space::Explore, None);
    open_folder(&mut window);
    fail(&mut window);
    assert_eq!(window.state().controls().model, model());
    assert!(has_no_tab(&window));
    window.get_by_label("decoded image");
    let said = notices(&window);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains(FOLDER), "{said:?}");
    assert!(said[0].contains("/no/such/model"), "the reason: {said:?}");
    // The folder may hold a model by now.
    open_folder(&mut window);
    let job = last_job(&mut window, Channel::Open);
    let reply = answer(&job.request, &odd(3));
    window.state_mut().receive(published(job, Ok(reply)));
    serve(&mut window, &odd(3));
    assert_eq!(window.state().controls().model, folder());
    assert_eq!(notices(&window), Vec::<String>::new());
}

#[test]
fn the_next_start_opens_what_works() {
    let kept = tempfile::tempdir().expect("a folder for the test");
    let mut memory = Memory::first_day();
    memory.controls.model = folder();
    memory.controls.space = Space::Explain;
    let text = SESSION.text(&memory).expect("RON");
    std::fs::write(SESSION.path(kept.path()), text).expect("it can be written");
    let controls = Controls::new(model(), Space::Explore, Seed(7));
    let mut app = App::new(controls, ChosenDevice::cpu("as the test says"));
    app.recall(recall(Some(kept.path()), &Given::default()));
    let mut window = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_context_setup(theme::install)
        .build_ui_state(|ui: &mut Ui, app: &mut App| app.ui(ui), app);
    window.run();
    fail(&mut window);
    serve(&mut window, &manifest(None));
    let controls = window.state().controls();
    assert_eq!(
        (&controls.model, controls.space),
        (&sources::first(), Space::Explain)
    );
    assert!(notices(&window)[0].contains(FOLDER));
    drop(window);
    let next = recall(Some(kept.path()), &Given::default()).memory;
    assert_eq!(next.controls.model, sources::first());
}

/// A window on a model from a folder, behind which that of the program is open.
fn with_folder(manifest: &Manifest) -> Window {
    let mut window = window(Space::Explore, None);
    open_folder(&mut window);
    serve(&mut window, manifest);
    assert_eq!(window.state().controls().model, folder());
    window
}

#[test]
fn a_tab_is_closed_and_its_model_with_it() {
    let mut window = with_folder(&odd(3));
    assert!(!has_no_tab(&window));
    window.get_by_label("close test").click();
    window.run();
    assert!(has_no_tab(&window));
    let controls = window.state().controls();
    assert_eq!(controls.model, sources::first());
    assert!(controls.scenes.contains_key(&folder()), "what was set");
    let jobs = window.state_mut().take_jobs();
    let closed =
        |request: &Request| matches!(request, Request::Close(models) if *models == [folder()]);
    assert!(jobs.iter().any(|job| closed(&job.request)), "{jobs:?}");
    // Nothing of the program can be closed.
    assert!(window.query_by_label_contains("close ").is_none());
}

/// What the judge of digits says of an image, e^5 against 9 others: exp(5) / (exp(5) + 9) = 94.3 %.
fn verdicts(window: &Window) -> usize {
    window.query_all_by_label_contains("94.3 %").count()
}

#[test]
fn no_verdict_of_the_model_before_is_seen_beside_another() {
    for space in Space::ALL {
        let mut window = window(space, None);
        let judged = !matches!(space, Space::Evaluate | Space::Train);
        assert_eq!(verdicts(&window) > 0, judged, "{space:?}");
        open_folder(&mut window);
        assert_eq!(verdicts(&window), 0, "{space:?} while it opens");
        let job = last_job(&mut window, Channel::Open);
        let reply = answer(&job.request, &odd(3));
        window.state_mut().receive(published(job, Ok(reply)));
        // It is open, and has drawn nothing yet.
        window.run();
        assert_eq!(window.state().controls().model, folder());
        assert_eq!(verdicts(&window), 0, "{space:?} before its first answer");
    }
}

/// Both sides of Compare were given an image of the model before.
#[test]
fn the_other_side_of_compare_waits_for_the_image_of_the_model_in_front() {
    let mut window = window(Space::Compare, None);
    window.get_by_label("Another model").click();
    serve(&mut window, &manifest(None));
    let right = |window: &Window| {
        let session = window.state().session();
        session.compared(Channel::CompareRight).is_some()
    };
    assert!(right(&window));
    open_folder(&mut window);
    assert!(!right(&window));
}
