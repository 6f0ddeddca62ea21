//! Every space, dark and light, as `docs/images` shows it. Whoever changes the window renews these pictures with
//! `scripts/screenshots`, looks at them and commits them: so the documentation is never out of date.

use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::drop::drop_file;
use crate::photograph_person::in_documentation;
use crate::window::{PATIENCE, Screen, open_image, settled};

/// Levels of 255 by which a channel may differ, and the share of pixels that may differ by more: another version of the
/// software renderer places the edges of letters otherwise. A changed word is a hundred times as much.
const LEVELS: u8 = 24;
const SHARE: f64 = 0.001;
/// The last row that is compared; the status bar below it tells times.
const ABOVE_STATUS: u32 = 868;

/// The models that are photographed, and how the names of their pictures begin.
const MODELS: [(&str, &str); 2] = [("mnist-plain", ""), ("avatars", "avatars-")];

const SPACES: [&str; 6] = [
    "explore", "anchors", "explain", "map", "compare", "evaluate",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images")
}

/// Share of the pixels that differ.
fn difference(expected: &RgbImage, shown: &RgbImage) -> f64 {
    let (width, height) = (expected.width(), expected.height().min(ABOVE_STATUS));
    let differs = |x: u32, y: u32| {
        let (a, b) = (expected.get_pixel(x, y), shown.get_pixel(x, y));
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > LEVELS)
    };
    let count = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .filter(|&(x, y)| differs(x, y))
        .count();
    count as f64 / f64::from(width * height)
}

fn assert_shows(screen: &Screen, name: &str) {
    let expected = open_image(&folder().join(format!("{name}.png")));
    let start = Instant::now();
    loop {
        let shown = screen.photograph();
        let share = difference(&expected, &shown);
        if share <= SHARE {
            return;
        }
        if start.elapsed() > PATIENCE {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
            shown.save(&path).expect("a writable folder");
            panic!(
                "{:.2} % of the window differs from docs/images/{name}.png: look at {}; if it is right, run scripts/screenshots",
                100.0 * share,
                path.display()
            );
        }
        sleep(Duration::from_millis(300));
    }
}

#[test]
fn every_space_looks_as_the_documentation_shows_it() {
    let Some(mut screen) = Screen::start(98, &["--fresh", "--device", "cpu"]) else {
        return;
    };
    screen.xdotool(&["mousemove", "2", "2"]);
    for (model, prefix) in MODELS {
        for space in SPACES {
            for theme in ["dark", "light"] {
                let looks = ["--model", model, "--space", space, "--theme", theme];
                screen.open(&[&["--fresh", "--device", "cpu"], &looks[..]].concat());
                assert_shows(&screen, &format!("{prefix}{space}-{theme}"));
            }
        }
    }
}

#[test]
fn the_import_card_looks_as_the_documentation_shows_it() {
    let Some(mut screen) = Screen::start(95, &["--fresh", "--device", "cpu"]) else {
        return;
    };
    screen.xdotool(&["mousemove", "2", "2"]);
    for theme in ["dark", "light"] {
        screen.open(&["--fresh", "--device", "cpu", "--theme", theme]);
        settled(&screen);
        drop_file(screen.display(), screen.window(), &in_documentation());
        assert_shows(&screen, &format!("import-{theme}"));
    }
}
