//! A folder of small pictures, and runs on it that take a moment.

use std::path::{Path, PathBuf};
use std::time::Duration;

use burn::tensor::Device;
use datasets::DataFormat;
use image::{GrayImage, Luma};
use runs::{
    Choice, Computing, ImageSource, Network, OwnImages, Preset, Run, RunControl, RunError,
    RunEvent, RunSettings, RunView, Start,
};
use tempfile::TempDir;
use training::Outcome;

/// Pictures of each of two classes.
pub const OF_A_CLASS: u32 = 30;

/// A folder with bars, upright ones and flat ones, each a little different.
pub fn pictures() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (class, upright) in [("flat", false), ("upright", true)] {
        let folder = dir.path().join("bars").join(class);
        std::fs::create_dir_all(&folder).expect("a folder");
        for number in 0..OF_A_CLASS {
            let bar = 3 + number % 7;
            let level = 140 + (number * 7 % 110) as u8;
            let picture = GrayImage::from_fn(16, 16, |x, y| {
                let across = if upright { x } else { y };
                Luma([if across.abs_diff(bar) < 2 {
                    level
                } else {
                    (number % 5) as u8
                }])
            });
            let path = folder.join(format!("{number:02}.png"));
            picture.save(path).expect("it can be written");
        }
    }
    dir
}

/// The folder of the pictures in there.
pub fn bars(dir: &TempDir) -> PathBuf {
    dir.path().join("bars")
}

/// A small network for a few steps.
pub fn choice(dir: &TempDir, network: Network, out: &Path) -> Choice {
    let images = OwnImages::all(bars(dir), DataFormat::Pictures);
    let mut choice = Choice::new(
        ImageSource::Own(images),
        network,
        Preset::QuickLook,
        out.to_owned(),
    );
    choice.changed.epochs = Some(3);
    choice.changed.batch_size = Some(10);
    choice.changed.width = choice.has_width().then_some(2);
    choice.changed.latent_dim = choice.has_latent_dim().then_some(4);
    choice
}

/// A run with all that was seen of it, which asks the control for something after so many steps.
pub fn go(
    settings: &RunSettings,
    start: Start,
    control: &RunControl,
    mut after: impl FnMut(usize, &RunControl),
) -> (Result<Outcome, RunError>, Vec<RunView>) {
    let computing = Computing {
        device: Device::flex(),
        device_name: "Flex".to_owned(),
    };
    let run = Run {
        settings,
        start,
        cache: None,
        computing: &|| Ok(computing.clone()),
        control,
        look_every: Duration::ZERO,
    };
    let (mut views, mut steps) = (Vec::new(), 0);
    let outcome = run.go(&mut |event| match event {
        RunEvent::Training(training::Event::Step(_)) => {
            steps += 1;
            after(steps, control);
        }
        RunEvent::Seen(view) => views.push(view.clone()),
        _ => {}
    });
    (outcome, views)
}

/// A run to its end.
pub fn finish(settings: &RunSettings) -> RunView {
    let (outcome, views) = go(settings, Start::New, &RunControl::new(), |_, _| ());
    assert_eq!(outcome.expect("it trains"), Outcome::Finished);
    views.into_iter().next_back().expect("something was seen")
}
