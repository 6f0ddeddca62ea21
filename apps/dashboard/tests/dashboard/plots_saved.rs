//! Plots are saved as pictures of several sizes, and as shapes.

use std::path::Path;

use dashboard::state::controls::{CompareWith, Space};
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use quick_xml::{Reader, events::Event};

use crate::{
    compare::serve_as,
    evaluate::report,
    families::{clothes, compared},
    support::{Window, until_told, window},
};

/// Saves a card as an entry of its menu says.
fn save(window: &mut Window, card: &str, entry: &str, path: &Path) {
    window.get_by_label(&format!("save {card}")).click();
    window.run();
    window.get_by_label(entry).click();
    window.run();
    window.get_by_label("path").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    let text = path.display().to_string();
    window.get_by_label("path").type_text(&text);
    window.run();
    let buttons = window.query_all_by_role_and_label(Role::Button, "Save");
    buttons.last().expect("the question has one").click();
    until_told(window, "Saved");
}

fn picture(entry: &str) -> image::RgbImage {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("sweep.png");
    let mut window = window(Space::Evaluate, Some(report()));
    save(&mut window, "Noise sweep", entry, &path);
    image::open(&path).expect("the file is there").into_rgb8()
}

/// The texts of an SVG, and how many of its elements have this name. Panics if it is not well-formed.
fn read(svg: &str, name: &str) -> (Vec<String>, usize) {
    let mut reader = Reader::from_str(svg);
    let (mut texts, mut count) = (Vec::new(), 0);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return (texts, count),
            Event::Text(text) => {
                let text = text.xml_content(quick_xml::XmlVersion::Explicit1_0);
                texts.push(text.expect("a text").trim().to_owned());
            }
            Event::Start(element) | Event::Empty(element) => {
                count += usize::from(element.name().as_ref() == name.as_bytes());
            }
            _ => {}
        }
    }
}

#[test]
fn a_picture_of_a_card_is_as_large_as_was_asked_for_and_as_sharp() {
    let small = picture("Picture as PNG…");
    let large = picture("Picture as PNG, 4 times as large…");
    let [width, height] = [large.width(), large.height()];
    assert_eq!(
        (width.div_ceil(4), height.div_ceil(4)),
        (small.width(), small.height())
    );
    // Enlarged pixels would come in squares of four by four; letters that were drawn so large do not.
    let squares = (0..height / 4).flat_map(|y| (0..width / 4).map(move |x| (4 * x, 4 * y)));
    let differs = |(x, y): (u32, u32)| {
        let corner = large.get_pixel(x, y);
        (0..16).any(|at| large.get_pixel(x + at % 4, y + at / 4) != corner)
    };
    let mixed = squares.filter(|place| differs(*place)).count();
    assert!(mixed > 200, "{mixed}");
}

#[test]
fn a_drawing_of_a_card_keeps_its_texts_and_its_lines() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("sweep.svg");
    let mut window = window(Space::Evaluate, Some(report()));
    save(&mut window, "Noise sweep", "Picture as SVG…", &path);
    let svg = std::fs::read_to_string(&path).expect("the file is there");
    let (texts, lines) = read(&svg, "polyline");
    for text in ["Noise sweep", "agreement", "variance ratio", "noise"] {
        assert!(texts.iter().any(|found| found == text), "{text}: {texts:?}");
    }
    // Two curves and, in each half, the handle; marks and axes besides.
    assert!(lines >= 4, "{lines}");
    assert!(!svg.contains("NaN"), "{svg}");
}

#[test]
fn every_card_can_be_drawn() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for card in ["Heatmap faithfulness", "Information per dimension"] {
        let mut window = window(Space::Evaluate, Some(report()));
        let path = folder.path().join(format!("{card}.svg"));
        save(&mut window, card, "Picture as SVG…", &path);
        let svg = std::fs::read_to_string(&path).expect("the file is there");
        let (texts, _) = read(&svg, "svg");
        assert!(texts.iter().any(|text| text == card), "{texts:?}");
    }
}

#[test]
fn the_plot_of_compare_is_saved_with_the_names_of_its_points() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("quality.svg");
    let mut window = compared(CompareWith::Families, [1440.0, 900.0], 1.0);
    serve_as(&mut window, clothes);
    save(
        &mut window,
        "Quality against time",
        "Picture as SVG…",
        &path,
    );
    let svg = std::fs::read_to_string(&path).expect("the file is there");
    let (texts, _) = read(&svg, "circle");
    for text in [
        "Quality against time",
        "VAE with class centres",
        "real images",
    ] {
        assert!(texts.iter().any(|found| found == text), "{text}: {texts:?}");
    }
}
