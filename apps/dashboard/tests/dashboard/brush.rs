//! Drawing on the picture as a person does it: the latent follows, and a stroke is one step of undo.

use dashboard::state::{
    brush::{PAINTS, color_at},
    channel::{Channel, Job},
    controls::Space,
    scene::Start,
};
use datasets::Image;
use eframe::egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use studio::{Manifest, Request};

use crate::{
    devices::answer_live,
    support::{
        DIMS, Window, answer, diffusion, digits, gan, last_job, latent, manifest, odd, published,
        scene, serve, slider, window, window_of,
    },
};

fn take_brush(window: &mut Window, manifest: &Manifest) {
    window.key_press_modifiers(Modifiers::SHIFT, Key::D);
    serve(window, manifest);
}

/// Puts the brush down at a place of the picture and draws to the right, without lifting it.
fn stroke_at(window: &mut Window, y: f32) -> Pos2 {
    let picture = window.get_by_label("picture to draw on").rect();
    let at = |x: f32| picture.lerp_inside(vec2(x, y));
    window.hover_at(at(0.3));
    window.step();
    window.drag_at(at(0.3));
    window.step();
    for x in [0.4, 0.5, 0.6] {
        window.hover_at(at(x));
        window.step();
    }
    at(0.6)
}

/// Draws on to this place and lifts the brush there.
fn lift_at(window: &mut Window, end: Pos2) {
    window.hover_at(end);
    window.step();
    window.drop_at(end);
    window.step();
}

/// A whole stroke, and its answers.
fn draw_at(window: &mut Window, y: f32, manifest: &Manifest) {
    let end = stroke_at(window, y);
    window.drop_at(end);
    window.step();
    serve(window, manifest);
}

fn image_of(job: &Job) -> Image {
    let Request::Encode(request) = &job.request else {
        panic!("an image is encoded")
    };
    request.image.clone()
}

/// The row of pixels at a share of the height, in the middle of the picture.
fn pixel(image: &Image, y: f32) -> f32 {
    let row = (y * 28.0) as usize;
    image.values()[row * 28 + 13]
}

#[test]
fn the_latent_follows_while_a_person_draws_on_the_picture() {
    let mut window = window(Space::Explore, None);
    take_brush(&mut window, &manifest(None));
    window.get_by_label_contains("While you draw you see your stroke");
    let end = stroke_at(&mut window, 0.25);
    let asked = last_job(&mut window, Channel::Encode);
    let image = image_of(&asked);
    // The picture of the test is of one grey, 0: its latent is 3 in the first coordinate.
    assert_eq!((pixel(&image, 0.25), pixel(&image, 0.6)), (1.0, 0.0));
    let reply = answer(&asked.request, &manifest(None));
    window.state_mut().receive(published(asked, Ok(reply)));
    window.step();
    assert_eq!(latent(&window), vec![1.5; DIMS], "before the brush is up");
    window.drop_at(end);
    serve(&mut window, &manifest(None));
    let Start::Image(start) = scene(&window).start else {
        panic!("it starts from what was drawn")
    };
    assert_eq!((start.image, start.drawn_on), (image, true));
    // Where it started from, and under the image.
    let names = window.query_all_by_label("Drawn on the picture");
    assert_eq!(names.count(), 2);
}

#[test]
fn a_stroke_is_one_step_of_undo() {
    let mut window = window(Space::Explore, None);
    let before = scene(&window);
    take_brush(&mut window, &manifest(None));
    // Each stroke is answered in the middle and at its end.
    let mut scenes = vec![before];
    for y in [0.25, 0.75] {
        let end = stroke_at(&mut window, y);
        serve(&mut window, &manifest(None));
        lift_at(&mut window, end + vec2(30.0, 0.0));
        serve(&mut window, &manifest(None));
        scenes.push(scene(&window));
    }
    assert_ne!(scenes[1], scenes[2]);
    for expected in scenes.iter().rev().skip(1) {
        let undo = window.get_by_label("Undo");
        assert!(!undo.accesskit_node().is_disabled());
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        serve(&mut window, &manifest(None));
        assert_eq!(scene(&window), *expected);
    }
    // A person sees a stroke go, so nobody has to say it.
    assert_eq!(window.state().notices().shown().count(), 0);
}

#[test]
fn strokes_lie_on_the_picture_that_is_seen() {
    let mut window = window(Space::Explore, None);
    take_brush(&mut window, &manifest(None));
    draw_at(&mut window, 0.25, &manifest(None));
    // The decoded picture is seen: six times 1.5 is 9, which the test draws in the grey 0.
    stroke_at(&mut window, 0.75);
    let image = image_of(&last_job(&mut window, Channel::Encode));
    assert_eq!((pixel(&image, 0.25), pixel(&image, 0.75)), (0.0, 1.0));
    let picture = window.get_by_label("picture to draw on").rect();
    lift_at(&mut window, picture.lerp_inside(vec2(0.65, 0.75)));
    serve(&mut window, &manifest(None));
    window.get_by_label("As drawn").click();
    window.run();
    stroke_at(&mut window, 0.5);
    let image = image_of(&last_job(&mut window, Channel::Encode));
    assert_eq!((pixel(&image, 0.5), pixel(&image, 0.75)), (1.0, 1.0));
}

#[test]
fn escape_puts_the_brush_away_and_there_is_one_tool_at_a_time() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("Draw on the picture").click();
    serve(&mut window, &manifest(None));
    window.get_by_label("picture to draw on");
    window.key_press(Key::D);
    serve(&mut window, &manifest(None));
    window.get_by_label("drawing sheet");
    assert!(window.query_by_label("picture to draw on").is_none());
    take_brush(&mut window, &manifest(None));
    assert!(window.query_by_label("drawing sheet").is_none());
    window.get_by_label("picture to draw on");
    window.key_press(Key::Escape);
    serve(&mut window, &manifest(None));
    assert!(window.query_by_label("picture to draw on").is_none());
    window.get_by_label("decoded image");
    // From another space it comes with Explore, and the button in its row puts it away.
    window.get_by_label("Map").click();
    serve(&mut window, &manifest(None));
    take_brush(&mut window, &manifest(None));
    window.get_by_label("Put the brush away").click();
    serve(&mut window, &manifest(None));
    window.get_by_label("decoded image");
}

#[test]
fn a_colour_is_chosen_or_taken_from_the_picture() {
    let colourful = odd(3);
    let mut window = window_of(Space::Explore, &colourful);
    take_brush(&mut window, &colourful);
    let (_, red) = PAINTS[3];
    window.get_by_label("colour red").click();
    serve(&mut window, &colourful);
    stroke_at(&mut window, 0.5);
    let image = image_of(&last_job(&mut window, Channel::Encode));
    assert_eq!(color_at(&image, [0.45, 0.5]), Some(red));
    let picture = window.get_by_label("picture to draw on").rect();
    let middle = picture.lerp_inside(vec2(0.45, 0.5));
    lift_at(&mut window, picture.lerp_inside(vec2(0.65, 0.5)));
    serve(&mut window, &colourful);
    // The test's pictures are of one grey, which is no colour of the row.
    window.get_by_label(&slider(1)).set_value_accesskit(0.1);
    serve(&mut window, &colourful);
    window
        .get_by_label("Take a colour from the picture")
        .click();
    window.run();
    assert!(window.query_by_label("colour from the picture").is_none());
    window.hover_at(middle);
    window.step();
    window.drag_at(middle);
    window.step();
    window.drop_at(middle);
    window.step();
    serve(&mut window, &colourful);
    window.get_by_label("colour from the picture");
    assert!(
        window.state_mut().take_jobs().is_empty(),
        "nothing is drawn"
    );
    let grey = {
        let answers = window
            .state()
            .session()
            .answers(&window.state().controls().model);
        let frame = answers.frame.as_ref().expect("there is one");
        frame.value.image().expect("it is on the host").to_rgb()[0]
    };
    // On black the colour that was taken is seen.
    window.get_by_label("colour black").click();
    serve(&mut window, &colourful);
    assert_ne!(grey, [0, 0, 0]);
}

#[test]
fn a_gan_searches_once_the_brush_is_up() {
    let mut window = window_of(Space::Explore, &gan());
    take_brush(&mut window, &gan());
    window.get_by_label_contains("the model searches some seconds");
    // The first latent is drawn in black.
    window.get_by_label("colour red").click();
    serve(&mut window, &gan());
    let end = stroke_at(&mut window, 0.5);
    let asked = |window: &mut Window| {
        let jobs = window.state_mut().take_jobs();
        jobs.iter()
            .filter(|job| job.channel == Channel::Encode)
            .count()
    };
    assert_eq!(asked(&mut window), 0);
    window.drop_at(end);
    window.step();
    window.step();
    assert_eq!(asked(&mut window), 1);
}

#[test]
fn a_diffusion_says_why_nothing_can_be_drawn() {
    let mut window = window_of(Space::Explore, &diffusion());
    take_brush(&mut window, &diffusion());
    let reasons = window.query_all_by_label_contains("A diffusion has no encoder");
    // At the start panel and in the row of the brush.
    assert_eq!(reasons.count(), 2);
    let before = latent(&window);
    draw_at(&mut window, 0.5, &diffusion());
    assert_eq!(latent(&window), before);
    // The sheet says it as well, and nothing is asked that has no answer.
    window.key_press(Key::D);
    serve(&mut window, &diffusion());
    window.get_by_label_contains("A diffusion has no encoder");
    let sheet = window.get_by_label("drawing sheet").rect();
    window.drag_at(sheet.center());
    window.step();
    window.drop_at(sheet.center());
    window.step();
    let jobs = window.state_mut().take_jobs();
    assert!(jobs.iter().all(|job| job.channel != Channel::Encode));
}

/// Of a picture on the graphics device the pixels have to be fetched first, and no stroke waits for that in vain.
#[test]
fn a_picture_on_the_device_can_be_drawn_on() {
    let mut window = window(Space::Explore, None);
    answer_live(&mut window);
    serve_but_frames(&mut window);
    window.key_press_modifiers(Modifiers::SHIFT, Key::D);
    window.step();
    window.step();
    stroke_at(&mut window, 0.25);
    for _ in 0..500 {
        window.step();
        let jobs = window.state_mut().take_jobs();
        if let Some(job) = jobs.iter().rfind(|job| job.channel == Channel::Encode) {
            assert_eq!(image_of(job).shape(), digits());
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("what was drawn is never encoded");
}

/// Answers all but frames, of which the one on the device stays in front.
fn serve_but_frames(window: &mut Window) {
    for job in window.state_mut().take_jobs() {
        if job.channel != Channel::Frame {
            let reply = answer(&job.request, &manifest(None));
            window.state_mut().receive(published(job, Ok(reply)));
        }
    }
}
