//! The guide at every size and zoom: it covers nothing, what it points at is in sight, and a frame is painted around it.

use dashboard::{
    state::{
        controls::Space,
        lesson::{Named, Seen, shipped},
    },
    theme::Palette,
};
use datasets::KnownDataset;
use eframe::egui::{Color32, Rect, Shape, Theme, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use latent_space::Realism;
use studio::{Detail, Manifest};

use crate::{
    evaluate::{figure, report},
    find::open_palette,
    small::{check, combinations},
    support::{Window, manifest, manifest_of, serve, window_sized},
};

/// Where something of this name is.
fn place(window: &Window, name: &Named) -> Option<Rect> {
    let called = window.query_all_by(|node| {
        let text = if node.role() == Role::Label {
            node.value()
        } else {
            node.label()
        };
        text.is_some_and(|text| name.is(node.role(), &text))
    });
    let rects = called.map(|node| node.rect());
    rects.min_by(|one, other| one.top().total_cmp(&other.top()))
}

/// The frames that are painted in the colour of a lesson's, and in no other place.
fn frames(window: &Window) -> Vec<Rect> {
    let colors: [Color32; 2] = [Theme::Dark, Theme::Light].map(|theme| Palette::of(theme).warn);
    let shapes = window.output().shapes.iter();
    let frames = shapes.filter_map(|clipped| match &clipped.shape {
        Shape::Rect(rect) if rect.stroke.width > 1.0 && colors.contains(&rect.stroke.color) => {
            Some(rect.rect)
        }
        _ => None,
    });
    frames.collect()
}

/// The part of the window that the guide has. Its lines end inside the window; a long text is scrolled.
fn guide(window: &Window, there: &str) -> Rect {
    let step = window.state().lesson().and_then(|running| running.step());
    let text = &step.expect("a step").text;
    let texts = window.query_all_by(|node| node.value().as_deref() == Some(text));
    let text = texts.map(|node| node.rect()).reduce(Rect::union);
    let parts =
        ["Leave the lesson", "Back in the lesson"].map(|label| window.get_by_label(label).rect());
    let parts = parts.into_iter().chain(text).reduce(Rect::union);
    let (parts, screen) = (parts.expect("it is there"), window.ctx.content_rect());
    let across = screen.x_range().expand(0.5);
    assert!(
        across.contains(parts.left()) && across.contains(parts.right()),
        "{there}: {parts}"
    );
    screen
        .with_min_y(parts.top())
        .with_max_y(parts.bottom().min(screen.bottom()))
}

fn begin(window: &mut Window, title: &str, manifest: &Manifest) {
    open_palette(window, &format!("lesson {title}"));
    window.key_press(eframe::egui::Key::Enter);
    serve(window, manifest);
    assert!(window.state().lesson().is_some(), "{title}");
}

/// Of this step: what it points at is seen, framed, and not covered.
fn check_step(window: &mut Window, there: &str) {
    check(window, there);
    let guide = guide(window, there);
    let screen = window.ctx.content_rect();
    assert!(guide.height() < 0.5 * screen.height(), "{there}: {guide}");
    let app = window.state();
    let seen = Seen {
        controls: app.controls(),
        session: app.session(),
        notebook: app.notebook(),
    };
    let step = app.lesson().and_then(|running| running.step().cloned());
    let points = step.expect("a step").point;
    let found = points.iter().filter_map(|point| {
        let names = point.names(seen);
        names.iter().find_map(|name| place(window, name))
    });
    let found: Vec<Rect> = found.collect();
    assert!(!found.is_empty(), "{there}: nothing of {points:?} is there");
    let frames = frames(window);
    let in_sight = found.iter().filter(|part| {
        let framed = |frame: &&Rect| frame.expand(1.0).intersects(**part);
        let frame = frames.iter().find(framed);
        frame.is_some_and(|frame| {
            assert!(
                !frame.shrink(4.0).intersects(guide),
                "{there}: the guide covers {part}"
            );
            frame.shrink(3.0).is_positive()
        })
    });
    assert!(
        in_sight.count() > 0,
        "{there}: {found:?} is not framed by {frames:?}"
    );
}

#[test]
fn the_guide_covers_nothing_that_it_points_at_in_any_window_at_any_zoom() {
    // With figures to point at.
    let mut report = report();
    let agreement = figure("anchored_agreement", 0.9, Detail::None);
    report.figures.push(agreement);
    let mut manifest = manifest(Some(report));
    let vae = manifest.generator.as_mut().expect("there is a VAE");
    vae.latent.realism = Some(Realism::of(vec![-1.0; 101], vec![0.5; 101]));
    for (size, pixels_per_point) in combinations() {
        for listed in shipped().lessons {
            let lesson = &listed.lesson;
            if !lesson.model.starts_with("mnist") {
                continue;
            }
            let mut window = window_sized(Space::Explore, size, pixels_per_point);
            begin(&mut window, &lesson.title, &manifest);
            for step in 0..lesson.steps.len() {
                // The last pass may have scrolled.
                for _ in 0..4 {
                    window.step();
                }
                let there = format!("{}, step {}, {size:?}", lesson.title, step + 1);
                check_step(&mut window, &there);
                window.key_press_modifiers(
                    eframe::egui::Modifiers::COMMAND,
                    eframe::egui::Key::Enter,
                );
                serve(&mut window, &manifest);
            }
            assert!(window.state().lesson().is_none());
            assert_eq!(frames(&window), [], "nothing is pointed at any more");
        }
    }
}

/// The picture keeps its least side beside a lesson, and the spaces have the height that they had.
#[test]
fn a_small_window_draws_everything_smaller_beside_a_lesson() {
    let manifest = manifest_of(KnownDataset::Mnist.info());
    let mut window = window_sized(Space::Explore, [420.0, 240.0], 1.5);
    serve(&mut window, &manifest);
    let before = window.ctx.content_rect();
    begin(&mut window, "Make a 4 become a 9", &manifest);
    let after = window.ctx.content_rect();
    assert!(after.height() > before.height() + 60.0, "{after}");
    let picture = window.get_by_role_and_label(Role::Image, "decoded image");
    assert!(picture.rect().width() >= 160.0, "{}", picture.rect());
    window.get_by_label("Leave the lesson").click();
    serve(&mut window, &manifest);
    assert_eq!(window.ctx.content_rect(), before);
}

/// While something lies over the window nothing is pointed at.
#[test]
fn nothing_is_pointed_at_behind_a_dialog() {
    let manifest = manifest_of(KnownDataset::Mnist.info());
    let mut window = window_sized(Space::Explore, [1280.0, 720.0], 1.0);
    begin(&mut window, "Make a 4 become a 9", &manifest);
    for _ in 0..3 {
        window.step();
    }
    assert_eq!(frames(&window).len(), 1);
    open_palette(&mut window, "undo");
    assert_eq!(frames(&window), []);
    let button = window.get_by_label("Back in the lesson");
    assert!(
        button.accesskit_node().is_disabled(),
        "there is no step before"
    );
}
