//! A person drops a folder of two thousand pictures on the real window, trains a quick look, explores the newest weights while it goes on,
//! stops, looks back, goes on, keeps the model, and finds it the next day.

use std::fs;
use std::path::{Path, PathBuf};

use image::{GrayImage, Luma, RgbImage};

use crate::drop::drop_file;
use crate::window::{FIRST_HANDLE, Screen, changed};

/// Pictures of each of four classes.
const OF_A_CLASS: u32 = 500;
/// Where a stopped run has the button that goes on, and the first picture of its film strip.
const GO_ON: (u32, u32) = (40, 163);
const FIRST_OF_STRIP: (u32, u32) = (27, 725);

/// Bars and frames of many sizes, drawn for this.
fn drawn(folder: &Path) -> PathBuf {
    let folder = folder.join("shapes");
    for class in ["upright", "flat", "frame", "cross"] {
        fs::create_dir_all(folder.join(class)).expect("a folder");
        for number in 0..OF_A_CLASS {
            let (place, width) = (6 + number % 16, 2 + number / 16 % 4);
            let picture = GrayImage::from_fn(28, 28, |x, y| {
                let upright = x.abs_diff(place) < width;
                let flat = y.abs_diff(place) < width;
                let from_middle = x.abs_diff(14).max(y.abs_diff(14));
                let inked = match class {
                    "upright" => upright,
                    "flat" => flat,
                    "frame" => from_middle.abs_diff(place / 2 + 2) < width,
                    _ => upright || flat,
                };
                Luma([if inked { 255 } else { (number % 7) as u8 }])
            });
            let name = format!("{class}/{number:03}.png");
            picture.save(folder.join(name)).expect("it can be written");
        }
    }
    folder
}

/// Finds a command by its name and gives it.
fn command(screen: &Screen, name: &str) {
    screen.press("ctrl+k");
    screen.xdotool(&["sleep", "0.5", "type", "--delay", "30", name]);
    screen.xdotool(&["sleep", "0.5", "key", "Return", "sleep", "0.5"]);
}

fn click(screen: &Screen, (x, y): (u32, u32)) {
    let place = [x.to_string(), y.to_string()];
    screen.xdotool(&[
        "mousemove",
        &place[0],
        &place[1],
        "sleep",
        "0.2",
        "click",
        "1",
    ]);
}

/// The window once nothing moves in its middle.
fn still(screen: &Screen) -> RgbImage {
    let mut before = screen.photograph();
    screen.until("the window is still", |screen| {
        screen.xdotool(&["sleep", "0.5"]);
        let now = screen.photograph();
        let is_shown = now.pixels().any(|pixel| pixel.0 != [0; 3]);
        let same = is_shown && changed(&before, &now) == 0;
        before = now;
        same
    });
    before
}

/// The snapshots that a run has left so far.
fn snapshots(run: &Path) -> usize {
    let entries = fs::read_dir(run).into_iter().flatten().flatten();
    let is_snapshot = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with('0') && path.extension().is_some_and(|ending| ending == "png")
    };
    entries
        .map(|entry| entry.path())
        .filter(is_snapshot)
        .count()
}

#[test]
fn a_person_makes_a_model_of_two_thousand_pictures() {
    let arguments = ["--device", "cpu", "--space", "train", "--theme", "dark"];
    let Some(mut screen) = Screen::start(93, &arguments) else {
        return;
    };
    still(&screen);
    let kept = screen.home().join(".local/share/latent-lens");
    let session = || fs::read_to_string(kept.join("session.ron")).unwrap_or_default();
    let model = kept.join("models/my-shapes-vae");
    let run = model.join("run/vae");

    let folder = drawn(screen.home());
    drop_file(screen.display(), screen.window(), &folder);
    screen.until("a run begins", |screen| {
        // Until the folder was looked at, nothing does.
        command(screen, "Start training");
        snapshots(&run) >= 1
    });
    screen.until("there are pictures", |_| snapshots(&run) >= 3);

    command(&screen, "Explore the newest weights while training");
    screen.until("they are in front", |_| session().contains("run/vae/live"));
    let before = settled_latent(&session());
    let (x, y) = FIRST_HANDLE;
    let places = [x, x + 15, x + 30].map(|x| x.to_string());
    screen.xdotool(&["mousemove", &places[0], &y.to_string(), "mousedown", "1"]);
    for place in &places {
        screen.xdotool(&["mousemove", place, &y.to_string(), "sleep", "0.3"]);
    }
    screen.xdotool(&["mouseup", "1"]);
    screen.until("the slider has moved", |_| {
        settled_latent(&session()) != before
    });

    screen.press("F8");
    command(&screen, "Stop training");
    let checkpoint = model.join("checkpoint-vae/latest.ron");
    let record = || fs::read_to_string(run.join("run.ron")).unwrap_or_default();
    screen.until("it has stopped", |_| record().contains("state:Stopped"));
    assert!(checkpoint.is_file() && !model.join("manifest.ron").exists());
    screen.xdotool(&["mousemove", "2", "2"]);
    let newest = still(&screen);
    click(&screen, FIRST_OF_STRIP);
    screen.xdotool(&["mousemove", "2", "2"]);
    let first = still(&screen);
    assert!(
        changed(&newest, &first) > 1_000,
        "grey at first, shapes now"
    );

    click(&screen, GO_ON);
    screen.until("it goes on", |_| record().contains("state:Running"));
    command(&screen, "Keep what was learned so far");
    screen.until("the model is there", |_| {
        model.join("manifest.ron").is_file()
    });
    screen.until("it is in front", |_| session().contains("my-shapes-vae\""));
    screen.press("ctrl+q");
    let mut ended = false;
    for _ in 0..200 {
        ended = !screen.runs();
        if ended {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(ended && screen.said().is_empty(), "{}", screen.said());

    screen.open(&["--device", "cpu"]);
    still(&screen);
    assert!(session().contains("my-shapes-vae\""), "{}", session());
    assert!(screen.said().is_empty(), "{}", screen.said());
}

/// The latents of all scenes in a session, as text.
fn settled_latent(session: &str) -> Vec<String> {
    let latents = session.match_indices("latent: [");
    latents
        .filter_map(|(at, _)| session[at..].split(']').next())
        .map(str::to_owned)
        .collect()
}
