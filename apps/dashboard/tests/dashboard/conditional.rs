//! Explore with a conditional model: the latent stays, and the class changes.

use dashboard::state::{
    channel::{Channel, Job},
    controls::Space,
    scene::{InputImage, Start},
};
use datasets::ClassId;
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use studio::{Conditions, GalleryRequest, Manifest, Request};

use crate::support::{
    Window, asked, conditional, conditional_of, given, latent, manifest, scene, serve, window_of,
};

fn gallery(jobs: &[Job], channel: Channel) -> GalleryRequest {
    let job = jobs.iter().rfind(|job| job.channel == channel);
    match &job.expect("it was asked").request {
        Request::Gallery(request) => request.clone(),
        other => panic!("{other:?} is no gallery"),
    }
}

fn with_classes(classes: usize) -> (Window, Manifest) {
    let manifest = conditional_of(classes);
    let mut window = window_of(Space::Explore, &manifest);
    window.get_by_label("Classes").click();
    serve(&mut window, &manifest);
    (window, manifest)
}

#[test]
fn a_class_is_chosen_and_the_latent_stays() {
    let manifest = conditional();
    let mut window = window_of(Space::Explore, &manifest);
    window
        .get_by_label("You choose the class; the sliders hold the rest, such as how it is drawn.");
    window
        .get_by_label("z1, 3.00 nats")
        .set_value_accesskit(1.0);
    serve(&mut window, &manifest);
    let before = scene(&window);
    assert_eq!(before.condition, Some(ClassId(2)), "the last of three");
    window.get_by_label("class circle").click();
    let jobs = asked(&mut window);
    for channel in [Channel::Frame, Channel::Strip, Channel::Effects] {
        let job = jobs.iter().find(|job| job.channel == channel);
        let given = given(job.expect("it was asked"));
        assert!(
            given.iter().all(|class| *class == Some(ClassId(0))),
            "{channel:?}"
        );
    }
    let after = scene(&window);
    assert_eq!(after.latent, before.latent);
    assert_eq!(after.start, before.start);
    window.get_by_label("Middle of all images, edited, drawn as circle");

    window.get_by_label("no class").click();
    let jobs = asked(&mut window);
    assert!(
        jobs.iter()
            .all(|job| given(job).iter().all(Option::is_none))
    );
    assert_eq!(scene(&window).latent, before.latent);
    window.get_by_label("Middle of all images, edited, drawn without a class");
}

#[test]
fn a_digit_draws_the_latent_as_that_class() {
    let manifest = conditional();
    for space in [Space::Explore, Space::Explain, Space::Map, Space::Compare] {
        let mut window = window_of(space, &manifest);
        let before = latent(&window);
        window.key_press(Key::Num1);
        serve(&mut window, &manifest);
        assert_eq!(scene(&window).condition, Some(ClassId(1)), "{space:?}");
        assert_eq!(latent(&window), before);
        window.key_press(Key::Num3);
        serve(&mut window, &manifest);
        assert_eq!(
            scene(&window).condition,
            Some(ClassId(1)),
            "there is no such class"
        );
    }
    let mut window = window_of(Space::Explore, &manifest);
    window.key_press(Key::F11);
    serve(&mut window, &manifest);
    window.key_press(Key::Num0);
    serve(&mut window, &manifest);
    assert_eq!(
        scene(&window).condition,
        Some(ClassId(0)),
        "while presenting"
    );
}

#[test]
fn the_latent_is_seen_as_each_class_and_a_click_chooses() {
    let (mut window, manifest) = with_classes(3);
    window
        .get_by_label("z1, 3.00 nats")
        .set_value_accesskit(1.0);
    let jobs = asked(&mut window);
    let request = gallery(&jobs, Channel::Classes);
    assert_eq!(request.latents, vec![latent(&window); 3]);
    let all = [0, 1, 2].map(|class| Some(ClassId(class)));
    assert_eq!(request.conditions, Conditions::Each(all.to_vec()));
    let walks = |job: &Job| job.channel == Channel::Strip;
    assert!(!jobs.iter().any(walks), "the walk is out of sight");
    for job in jobs {
        let reply = crate::support::answer(&job.request, &manifest);
        let answer = crate::support::published(job, Ok(reply));
        window.state_mut().receive(answer);
    }
    serve(&mut window, &manifest);
    let before = latent(&window);
    window.get_by_label("this latent as circle").click();
    serve(&mut window, &manifest);
    assert_eq!(scene(&window).condition, Some(ClassId(0)));
    assert_eq!(latent(&window), before);
    window.get_by_label("Walk along z1").click();
    let jobs = asked(&mut window);
    gallery(&jobs, Channel::Strip);
}

#[test]
fn many_classes_are_seen_a_page_at_a_time() {
    for classes in [2, 10, 37, 1_000] {
        let (mut window, manifest) = with_classes(classes);
        let tiles = |window: &Window| window.query_all_by_label_contains("this latent as").count();
        let page = tiles(&window);
        assert!(
            page <= classes && page >= classes.min(9),
            "{page} of {classes}"
        );
        let next = window.query_by_label("next classes");
        assert_eq!(next.is_some(), page < classes, "{classes}");
        let Some(next) = next else { continue };
        // The page of the class in front, which is the fourth: so the first one.
        let title = format!("1–{page} of {classes}");
        window.get_by_label(&title);
        next.click();
        serve(&mut window, &manifest);
        let end = (2 * page).min(classes);
        window.get_by_label(&format!("{}–{end} of {classes}", page + 1));
        assert_eq!(tiles(&window), end - page);
        window.get_by_label("previous classes").click();
        serve(&mut window, &manifest);
        window.get_by_label(&title);
    }
}

#[test]
fn the_middle_and_images_of_the_sample_are_started_from() {
    let manifest = conditional();
    let mut window = window_of(Space::Explore, &manifest);
    // The second image is of the first class: two images a class.
    window.get_by_label("next test image").click();
    let jobs = asked(&mut window);
    let job = jobs.into_iter().find(|job| job.channel == Channel::Encode);
    let job = job.expect("it is encoded");
    assert_eq!(given(&job), [Some(ClassId(0))], "as its label says");
    let reply = crate::support::answer(&job.request, &manifest);
    window
        .state_mut()
        .receive(crate::support::published(job, Ok(reply)));
    serve(&mut window, &manifest);
    assert_eq!(scene(&window).condition, Some(ClassId(0)));
    window.get_by_label("Test image 2, encoded as circle, drawn as circle");
    window.get_by_label("class x").click();
    serve(&mut window, &manifest);
    window.get_by_label("Test image 2, encoded as circle, drawn as x");
    window.get_by_label("Middle of all images").click();
    serve(&mut window, &manifest);
    assert_eq!(latent(&window), [0.0; crate::support::DIMS]);
    assert_eq!(
        scene(&window).condition,
        Some(ClassId(2)),
        "the class stays"
    );
}

#[test]
fn an_image_without_a_label_is_encoded_as_the_class_in_front() {
    let manifest = conditional();
    let mut window = window_of(Space::Explore, &manifest);
    window.get_by_label("class circle").click();
    serve(&mut window, &manifest);
    let side = [40, 40];
    let picture = eframe::egui::ColorImage::filled(side, eframe::egui::Color32::RED);
    window.event(eframe::egui::Event::PasteImage(picture.into()));
    let mut encoded = false;
    for _ in 0..500 {
        for job in asked(&mut window) {
            if job.channel == Channel::Encode {
                assert_eq!(given(&job), [Some(ClassId(0))]);
                encoded = true;
            }
            let reply = crate::support::answer(&job.request, &manifest);
            window
                .state_mut()
                .receive(crate::support::published(job, Ok(reply)));
        }
        if encoded {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let Start::Image(InputImage {
        label, encoded_as, ..
    }) = scene(&window).start
    else {
        panic!("it starts from the image")
    };
    assert_eq!((label, encoded_as), (None, Some(ClassId(0))));
}

#[test]
fn other_models_show_no_class_row_and_give_no_class() {
    let manifest = manifest(None);
    for space in Space::ALL {
        let mut window = window_of(space, &manifest);
        window.key_press(Key::Num8);
        for job in asked(&mut window) {
            assert!(
                given(&job).iter().all(Option::is_none),
                "{space:?}: {job:?}"
            );
        }
        assert!(window.query_by_label("Drawn as").is_none(), "{space:?}");
        for label in ["no class", "Walk along z1"] {
            // The title of the walk is no button here.
            let buttons = eframe::egui::accesskit::Role::Button;
            let found = window.query_by_role_and_label(buttons, label);
            assert!(found.is_none(), "{space:?} shows {label}");
        }
        assert_eq!(scene(&window).condition, None);
    }
}
