//! Explore: sliders, the walk, test images.

use dashboard::state::{
    controls::{RANGE_SIGMAS, Space},
    scene::Start,
};
use datasets::KnownDataset;
use eframe::egui::{Key, Modifiers, accesskit::Live, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use latent_space::Realism;
use studio::Request;

use dashboard::state::channel::Channel;

use crate::support::{
    DIMS, Window, answer, closed_window, last_job, latent, manifest, model, published, serve,
    slider, window,
};

#[test]
fn sliders_are_ordered_by_kl_and_quiet_ones_are_folded() {
    let window = window(Space::Explore, None);
    let top = |dim: usize| window.get_by_label(&slider(dim)).rect().top();
    let tops: Vec<f32> = [1, 3, 4, 2, 0].into_iter().map(top).collect();
    assert!(tops.is_sorted(), "{tops:?}");
    window.get_by_label("1 quiet dimensions");
    assert!(window.query_by_label(&slider(5)).is_none());
}

#[test]
fn dragging_a_slider_changes_the_request_and_undo_takes_the_whole_drag_back() {
    let mut window = window(Space::Explore, None);
    let before = latent(&window);
    let rect = window.get_by_label(&slider(1)).rect();
    window.drag_at(rect.center());
    for part in [0.6, 0.7, 0.8] {
        window.hover_at(rect.lerp_inside(vec2(part, 0.5)));
        window.step();
    }
    let during = last_job(&mut window, Channel::Frame);
    let Request::Frame(request) = &during.request else {
        panic!("a frame was asked for")
    };
    assert!(request.latent[1] > before[1], "while the drag goes on");
    let reply = answer(&during.request, &manifest(None));
    window.state_mut().receive(published(during, Ok(reply)));
    window.drop_at(rect.lerp_inside(vec2(0.8, 0.5)));
    serve(&mut window, &manifest(None));
    let after = latent(&window);
    assert!(after[1] > before[1] && after[1] <= 2.0 * RANGE_SIGMAS);
    for dim in (0..DIMS).filter(|&dim| dim != 1) {
        assert_eq!(after[dim], before[dim]);
    }
    let shown = window
        .state()
        .session()
        .answers(&model())
        .frame
        .clone()
        .expect("there is a frame");
    assert_eq!(
        shown.scene.latent, after,
        "the frame on the screen is the one of the last position"
    );

    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), before);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), after);
}

/// A screen reader says the class whenever it is another one, and names each slider with its value.
#[test]
fn a_prediction_is_announced() {
    let mut window = window(Space::Explore, None);
    let said = |window: &Window, class: &str| {
        let mut labels = window.query_all_by_label(class);
        labels.any(|label| label.accesskit_node().live() == Live::Polite)
    };
    assert!(said(&window, "3"));
    window.key_press(Key::Num8);
    serve(&mut window, &manifest(None));
    assert!(said(&window, "8") && !said(&window, "3"));
    let label = slider(3);
    let slider = window.get_by_label(&label);
    let node = slider.accesskit_node();
    assert!(node.numeric_value().is_some());
    assert_eq!(node.min_numeric_value(), Some(f64::from(-RANGE_SIGMAS)));
}

#[test]
fn a_slider_takes_typed_values_arrow_keys_and_a_screen_reader() {
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[3] - 2.5).abs() < 1e-6, "1.25 sigma of 2");
    window.get_by_label(&slider(3)).focus();
    window.run();
    window.key_press(Key::ArrowRight);
    serve(&mut window, &manifest(None));
    assert!(
        (latent(&window)[3] - 2.7).abs() < 1e-6,
        "a tenth of a sigma further"
    );
    window.key_press(Key::Delete);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[3], 0.0);
}

#[test]
fn locked_dimensions_stay_when_the_others_are_drawn_anew() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("lock z2").click();
    window.run();
    let before = latent(&window);
    window.get_by_label("Randomise").click();
    serve(&mut window, &manifest(None));
    let after = latent(&window);
    assert_eq!(after[2], before[2]);
    assert!(
        (0..DIMS)
            .filter(|&dim| dim != 2)
            .all(|dim| after[dim] != before[dim])
    );
    let scene = window.state().controls().scene().expect("it is open");
    assert_eq!(scene.start, Start::Prior(datasets::Seed(7)));
    assert_eq!(
        scene.seed,
        datasets::Seed(8),
        "the next draw is another one"
    );
}

#[test]
fn gauges_say_how_usual_the_latent_is_where_the_model_knows() {
    let mut window = window(Space::Explore, None);
    assert!(
        window.query_by_label("How unusual").is_none(),
        "this model does not say what is usual"
    );
    let mut knowing = manifest(None);
    let usual = Realism::of((0..=100).map(|p| p as f32).collect(), vec![0.5; 101]);
    let vae = knowing.generator.as_mut().expect("it has one");
    vae.latent.realism = Some(usual);
    window = closed_window(Space::Explore);
    serve(&mut window, &knowing);
    // The anchor of class 3, at 3 in the first coordinate and 0 in the second.
    window.get_by_label("Rarity: usual, 30 %");
    window.get_by_label("Round trip: comes back, 50 %");
    window.get_by_label(&slider(0)).set_value_accesskit(3.0);
    window.run();
    window.get_by_label(&slider(1)).set_value_accesskit(2.5);
    serve(&mut window, &knowing);
    // 3 sigma of 2 is 6, 2.5 sigma is 5.
    window.get_by_label("Rarity: usual, 60 %");
    window.get_by_label("Round trip: comes back, 55 %");
    window.key_press(Key::Num9);
    serve(&mut window, &knowing);
    window.get_by_label("Rarity: usual, 90 %");
}

#[test]
fn clicking_a_picture_of_the_walk_goes_there() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("z1 at +3.0 sigma").click();
    serve(&mut window, &manifest(None));
    assert!((latent(&window)[1] - 6.0).abs() < 1e-5, "3 sigma of 2");
}

#[test]
fn a_test_image_is_encoded_and_the_sliders_go_there() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("next test image").click();
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window), vec![1.5; DIMS], "the encoder's mean");
    let scene = window.state().controls().scene().expect("it is open");
    let Start::Image(image) = &scene.start else {
        panic!("{:?}", scene.start)
    };
    let sample = datasets::sample(KnownDataset::Mnist);
    assert_eq!(image.label, sample.label(1));
    assert_eq!(image.image, sample.image(1));
    window.get_by_label("input image");
}
