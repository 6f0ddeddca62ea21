//! The map as a table and as a drawing.

use std::{fs, path::Path};

use dashboard::state::{controls::Space, map::Viewport};
use eframe::egui::{Color32, Rect, Theme, Vec2, pos2};
use egui_kittest::kittest::Queryable as _;
use studio::Manifest;

use crate::{
    find::open_palette,
    map::{map_window, plane},
    support::{
        Window, answer, click, gan, manifest, means, odd, published, save_as, serve, until_shown,
        window_of,
    },
};

/// Chooses an entry of the menu, answers what that asks for, and saves there.
fn save_map(window: &mut Window, entry: &str, path: &Path, manifest: &Manifest) -> String {
    window.get_by_label("save the map").click();
    serve(window, manifest);
    window.get_by_label(entry).click();
    serve(window, manifest);
    until_shown(window, "path");
    save_as(window, path);
    for _ in 0..500 {
        window.step();
        let told = window
            .state()
            .notices()
            .shown()
            .any(|notice| notice.text.starts_with("Saved"));
        if told {
            return fs::read_to_string(path).expect("it was written");
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it was never saved");
}

#[test]
fn the_points_are_saved_with_all_that_is_known_of_them() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = map_window();
    let path = folder.path().join("map.csv");
    let text = save_map(&mut window, "Points as CSV…", &path, &manifest(None));
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), 1_001);
    assert_eq!(
        lines[0],
        "number,image,x,y,class,class_name,predicted,predicted_name,confidence,squared_error,rarity_percent"
    );
    let cells: Vec<&str> = lines[251].split(',').collect();
    let [x, y] = plane().place_of(&means(1_000)[250]);
    // A quarter of the way through the test's answers; the model does not say what is usual.
    let expected = [
        "251",
        "Test image 251",
        &x.to_string(),
        &y.to_string(),
        "2",
        "2",
        "2",
        "2",
        "0.625",
        "0.025",
        "",
    ];
    assert_eq!(cells, expected);
    let weights = "ab".repeat(32);
    assert!(
        text.lines()
            .any(|line| line.starts_with('#') && line.contains(&weights))
    );
    assert!(text.contains("mean squared difference of a pixel in 0..1"));
}

#[test]
fn a_file_that_is_there_is_not_replaced_unasked() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("map.csv");
    fs::write(&path, "mine").expect("it can be written");
    let mut window = map_window();
    click(&mut window, "save the map");
    click(&mut window, "Points as CSV…");
    until_shown(&mut window, "path");
    save_as(&mut window, &path);
    until_shown(&mut window, "Replace");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "mine");
}

#[test]
fn a_drawing_has_a_mark_for_each_point_that_is_shown() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = map_window();
    click(&mut window, "points of 3");
    let path = folder.path().join("map.svg");
    let text = save_map(&mut window, "Drawing as SVG…", &path, &manifest(None));
    let names = well_formed(&text);
    // 900 points and 9 lines of the legend.
    assert_eq!(names.iter().filter(|name| *name == "path").count(), 909);
    assert!(text.contains("<title>Map of MNIST"), "{}", &text[..400]);
    assert!(text.contains("<title>Test image 251: 2</title>"));
    assert!(!text.contains("Test image 301:"), "its class is hidden");
    // The disc of test image 1: its topmost corner is a radius of 4 above its place.
    let rect = Rect::from_min_size(pos2(0.0, 56.0), Vec2::splat(720.0));
    let places: Vec<_> = means(1_000)
        .iter()
        .map(|latent| plane().place_of(latent))
        .collect();
    let at = Viewport::default()
        .camera(rect, &places)
        .to_screen(places[0]);
    let [r, g, b, _] = dashboard::theme::Palette::of(Theme::Light).classes[0].to_array();
    let start = format!("<path d=\"M{:.2} {:.2}L", at.x, at.y - 4.0);
    let line = text
        .lines()
        .find(|line| line.contains("<title>Test image 1: 0</title>"));
    let line = line.expect("it is drawn");
    assert!(
        line.starts_with(&start),
        "{line} does not start with {start}"
    );
    assert!(
        line.contains(&format!("fill=\"#{r:02x}{g:02x}{b:02x}\"")),
        "{line}"
    );
}

#[test]
fn a_drawing_of_what_was_measured_has_its_scale() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = map_window();
    click(&mut window, "colours of the map");
    click(&mut window, "Confidence");
    let path = folder.path().join("map.svg");
    let text = save_map(&mut window, "Drawing as SVG…", &path, &manifest(None));
    well_formed(&text);
    assert!(text.contains(">51 % or less</text>") && text.contains(">100 %</text>"));
    let hex = |color: Color32| {
        let [r, g, b, _] = color.to_array();
        format!("#{r:02x}{g:02x}{b:02x}")
    };
    let palette = dashboard::theme::Palette::of(Theme::Light);
    assert!(text.contains(&hex(palette.graded(0.0))) && text.contains(&hex(palette.graded(1.0))));
}

/// Names that would break XML or a table, and a model whose points are drawn.
#[test]
fn any_name_is_written_so_that_it_can_be_read_again() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut manifest = odd(3);
    manifest.dataset.class_names[0] = "<a> & \"b\", 'c'\u{1}".to_owned();
    let mut window = window_of(Space::Map, &manifest);
    let svg = save_map(
        &mut window,
        "Drawing as SVG…",
        &folder.path().join("map.svg"),
        &manifest,
    );
    well_formed(&svg);
    assert!(svg.contains("&lt;a&gt; &amp; &quot;b&quot;, 'c'"));
    let csv = save_map(
        &mut window,
        "Points as CSV…",
        &folder.path().join("map.csv"),
        &manifest,
    );
    assert!(csv.contains("\"<a> & \"\"b\"\", 'c'\u{1}\""), "{csv}");

    let mut window = window_of(Space::Map, &gan());
    let csv = save_map(
        &mut window,
        "Points as CSV…",
        &folder.path().join("gan.csv"),
        &gan(),
    );
    let second = csv
        .lines()
        .filter(|line| !line.starts_with('#'))
        .nth(1)
        .expect("a point");
    let cells: Vec<&str> = second.split(',').collect();
    assert_eq!((cells[1], cells[4]), ("Sample 1", "0"));
    assert!(
        !cells[8].is_empty() && cells[9].is_empty(),
        "judged, but not drawn again: {second}"
    );
}

#[test]
fn both_are_found_in_the_palette_from_any_space() {
    let mut window = crate::support::window(Space::Explore, None);
    open_palette(&mut window, "save the map as svg");
    window.key_press(eframe::egui::Key::Enter);
    window.run();
    for job in window.state_mut().take_jobs() {
        let reply = answer(&job.request, &manifest(None));
        window.state_mut().receive(published(job, Ok(reply)));
    }
    serve(&mut window, &manifest(None));
    until_shown(&mut window, "path");
    assert_eq!(window.state().controls().space, Space::Map);
}

/// The names of the elements, if the text is well-formed XML as far as this writer goes: every element is closed in its order, every
/// value is quoted, and no other character than those allowed stands bare.
fn well_formed(text: &str) -> Vec<String> {
    let mut rest = text
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .expect("a declaration");
    let (mut open, mut names) = (Vec::new(), Vec::new());
    while let Some(start) = rest.find('<') {
        bare(&rest[..start]);
        let end = rest.find('>').expect("a tag that ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, values) = tag.split_once(' ').unwrap_or((tag, ""));
        attributes(values);
        names.push(name.to_owned());
        if !closed {
            open.push(name.to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new(), "all are closed");
    assert_eq!(names[0], "svg");
    names
}

fn attributes(mut values: &str) {
    while !values.trim().is_empty() {
        let (name, rest) = values.split_once("=\"").expect("a name and a quote");
        let name = name.trim();
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "{name}"
        );
        let (value, rest) = rest.split_once('"').expect("a quote at the end");
        bare(value);
        values = rest;
    }
}

fn bare(text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = ["&amp;", "&lt;", "&gt;", "&quot;"]
            .iter()
            .any(|entity| text[at..].starts_with(entity));
        assert!(entity, "{text}");
    }
    let allowed = |c: char| c == '\n' || c == '\t' || c >= ' ';
    assert!(text.chars().all(allowed) && !text.contains('<'), "{text:?}");
}
