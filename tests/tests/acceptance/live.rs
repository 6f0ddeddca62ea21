//! The window and the models on one graphics device. In CI that is Mesa's software renderer, which `--device gpu` takes.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::window::{Area, FIRST_HANDLE, PATIENCE, PICTURE, Screen, settled};

/// Levels of 255 by which a channel may differ: on the graphics device the colours come from a table of 256 instead of the map
/// itself, and are rounded once more.
const ROUNDING: u8 = 3;

/// Where the three pictures of Explain are, with what stands above and below them.
const PICTURES: Area = (20..1420, 200..700);

/// A tenth of the pixels in [`PICTURE`]: another image, not a few rounded pixels.
const ANOTHER_IMAGE: usize = 25_000;

/// A window whose models are on the graphics device, or `None` without the tools or an adapter.
fn on_the_gpu(number: u32, arguments: &[&str]) -> Option<Screen> {
    let all = [&["--theme", "dark", "--device", "gpu"], arguments].concat();
    let mut screen = Screen::start(number, &all)?;
    let mut ended = false;
    screen.until(
        "the models are on the graphics device, or the window says why not",
        |s| {
            let said = s.said();
            ended = said.contains("no graphics adapter");
            assert!(!said.contains("GPU is not used"), "{said}");
            ended || said.contains("GPU (")
        },
    );
    if ended {
        eprintln!("skipped: there is no graphics adapter here, not even a software one");
        return None;
    }
    assert!(screen.runs());
    Some(screen)
}

/// The anchor of class 1 in Explore and in Explain, as the processor paints it.
fn photographs_of_the_cpu() -> [RgbImage; 2] {
    let screen =
        Screen::start(92, &["--theme", "dark", "--device", "cpu"]).expect("the tools are there");
    let first = settled(&screen);
    screen.until("the picture is another one", |s| {
        s.press("1");
        far_apart(&first, &s.photograph(), &PICTURE) > ANOTHER_IMAGE
    });
    let explore = settled(&screen);
    screen.until("the space is another one", |s| {
        s.press("F3");
        far_apart(&explore, &s.photograph(), &PICTURE) > ANOTHER_IMAGE
    });
    [explore, settled(&screen)]
}

/// Waits until the screen shows `expected`. A software adapter may need seconds for a frame, so a picture that stays the same
/// for a while says nothing. If it never comes, both pictures are left in Cargo's folder for tests.
fn assert_shows(screen: &Screen, what: &str, expected: &RgbImage, area: &Area) {
    let start = Instant::now();
    let mut last = screen.photograph();
    while far_apart(expected, &last, area) > 0 {
        if start.elapsed() > PATIENCE {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
            for (name, picture) in [("expected", expected), ("shown", &last)] {
                let path = folder.join(format!("{what}-{name}.png"));
                picture.save(path).expect("a writable folder");
            }
            panic!(
                "{what}: {} pixels differ; see {}",
                far_apart(expected, &last, area),
                folder.display()
            );
        }
        sleep(Duration::from_millis(200));
        last = screen.photograph();
    }
}

#[test]
fn the_shared_device_paints_what_the_processor_paints() {
    let Some(gpu) = on_the_gpu(91, &[]) else {
        return;
    };
    let [explore, explain] = photographs_of_the_cpu();
    // Whatever it showed before, these frames are asked for now that the models are on the graphics device.
    gpu.press("1");
    assert_shows(&gpu, "explore", &explore, &PICTURE);
    gpu.press("F3");
    assert_shows(&gpu, "explain", &explain, &PICTURES);
    assert!(!gpu.said().contains("not used"), "{}", gpu.said());
}

/// A model of pictures in colour that are not square, which has seen a few of them once.
fn model_of_flags(folder: &Path) -> String {
    let data = folder.join("flags");
    for (class, name) in ["left", "middle", "right"].into_iter().enumerate() {
        std::fs::create_dir_all(data.join(name)).expect("a writable folder");
        for number in 0..12_u32 {
            let color = |x: u32, y: u32| {
                let bright = (x / 11) as usize == class;
                let base = if bright { 220 } else { 20 };
                image::Rgb([base, (7 * y + number) as u8, (5 * x) as u8])
            };
            let picture = RgbImage::from_fn(32, 20, color);
            let path = data.join(name).join(format!("{number}.png"));
            picture.save(path).expect("a writable folder");
        }
    }
    let out = folder.join("model");
    for network in ["vae", "classifier"] {
        let output = std::process::Command::new(crate::gpu::command_line())
            .args(["train", network, "--dataset", "folder", "--epochs", "1"])
            .args(["--device", "cpu", "--width", "8", "--data"])
            .arg(&data)
            .arg("--out")
            .arg(&out)
            .output()
            .expect("the program runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    out.display().to_string()
}

#[test]
fn the_shared_device_paints_colours_and_shapes_as_the_processor_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = model_of_flags(folder.path());
    // Explain has the image as it is, and twice with evidence over it.
    let arguments = ["--model", &model, "--space", "explain"];
    let Some(gpu) = on_the_gpu(95, &arguments) else {
        return;
    };
    let on_cpu = [&["--theme", "dark", "--device", "cpu"], &arguments[..]].concat();
    let cpu = Screen::start(96, &on_cpu).expect("the tools are there");
    assert_shows(&gpu, "flags", &settled(&cpu), &PICTURES);
}

#[test]
fn a_device_that_is_destroyed_in_the_middle_of_a_drag_leaves_the_window_and_the_session() {
    let Some(mut screen) = on_the_gpu(93, &["--lose-device-after", "4"]) else {
        return;
    };
    let before = settled(&screen);
    let (x, y) = FIRST_HANDLE;
    let move_to = |s: &Screen, x: u32| {
        s.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    };
    move_to(&screen, x);
    screen.xdotool(&["mousedown", "1"]);
    let mut step = 0;
    screen.until("the device is destroyed", |s| {
        step += 1;
        // To and fro, so that there is always another image to ask for.
        move_to(s, x + 20 + (step % 8) * 4);
        s.said().contains("the graphics device was lost")
    });
    screen.xdotool(&["mouseup", "1"]);
    assert!(screen.runs());
    let dragged = settled(&screen);
    assert!(
        far_apart(&before, &dragged, &PICTURE) > ANOTHER_IMAGE,
        "the latent is where the drag left it"
    );
    // The window may have closed in the middle of the drag, so that it is two steps back.
    screen.until("undo brings the first image back", |s| {
        s.press("ctrl+z");
        far_apart(&before, &settled(s), &PICTURE) == 0
    });
    screen.until("the window still answers", |s| {
        s.press("1");
        far_apart(&before, &s.photograph(), &PICTURE) > ANOTHER_IMAGE
    });
    assert!(screen.runs());
}

/// Pixels of an area that differ by more than rounding.
fn far_apart(a: &RgbImage, b: &RgbImage, (columns, rows): &Area) -> usize {
    columns
        .clone()
        .flat_map(|x| rows.clone().map(move |y| (x, y)))
        .filter(|&(x, y)| {
            let (a, b) = (a.get_pixel(x, y), b.get_pixel(x, y));
            a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > ROUNDING)
        })
        .count()
}
