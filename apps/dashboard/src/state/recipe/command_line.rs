//! What the window shows of a picture that the command line drew: its latent, and what goes with it. The rest of the scene is as
//! at first, because nothing more is said there.

use datasets::{ClassId, Layer, Seed};
use latent_space::Path;
use recipe::Picture;
use studio::{FrameRequest, Sampler};

use super::{OfTheWindow, PictureKind};
use crate::state::{
    controls::{Space, View},
    pad::PadControls,
    scene::{AnchorControls, MorphControls, Scene, Start},
};

/// The largest noise of a grid in the window.
const MOST_NOISE: f32 = 2.0;

/// What the window shows of a picture that the command line drew; `None` of one without a latent.
pub(super) fn of_the_command_line(
    picture: &Picture,
    sampler: Option<recipe::Sampler>,
) -> Option<OfTheWindow> {
    let latent = picture.latent()?.to_vec();
    let (shows, space, start) = match picture {
        Picture::Latent(latent) => (PictureKind::Image, Space::Explore, &latent.start),
        Picture::Traversal(traversal) => (PictureKind::Traversal, Space::Explore, &traversal.start),
        Picture::Cam(cam) if cam.alone => (PictureKind::Overlay, Space::Explain, &cam.start),
        Picture::Cam(cam) => (PictureKind::Beside, Space::Explain, &cam.start),
        Picture::Anchors(_) => (PictureKind::Grid, Space::Anchors, &None),
        Picture::Window | Picture::Pad | Picture::Morph | Picture::Walk | Picture::Show => {
            return None;
        }
    };
    let mut view = View::default();
    let mut scene = scene_at(latent, start.as_ref());
    if let Some(recipe::Sampler {
        steps,
        guidance,
        seed,
    }) = sampler
    {
        scene.sampler = Sampler {
            steps,
            guidance,
            seed,
        };
    }
    match picture {
        Picture::Anchors(anchors) => {
            let class = *anchors.classes.first()?;
            // A model that is given no class drops it.
            scene.draw_as(Some(class));
            scene.start = Start::Anchor(class);
            scene.anchors = AnchorControls {
                class,
                noise: anchors.noise.min(MOST_NOISE),
                count: anchors.count,
                seed: anchors.seed,
            };
        }
        Picture::Latent(latent) => scene.draw_as(latent.condition),
        Picture::Traversal(traversal) => {
            scene.draw_as(traversal.condition);
            scene.selected = *traversal.dims.first()?;
        }
        Picture::Cam(cam) => {
            scene.draw_as(cam.condition);
            scene.aim_at(cam.class);
            scene.layer = Layer(cam.layer.saturating_sub(1));
            scene.method = cam.method;
            scene.contrast = cam.contrast;
            view = View {
                opacity: cam.opacity,
                color_map: cam.color_map,
                ..view
            };
        }
        Picture::Window | Picture::Pad | Picture::Morph | Picture::Walk | Picture::Show => {}
    }
    Some(OfTheWindow {
        shows,
        space,
        scene,
        view,
        timeline: None,
        stops: Vec::new(),
    })
}

/// A scene at a latent that came from outside, with all else as at first.
fn scene_at(latent: Vec<f32>, start: Option<&recipe::Start>) -> Scene {
    let first = FrameRequest::new(Vec::new());
    let (start, anchors) = match start {
        Some(recipe::Start::Anchor { anchor }) => (Start::Anchor(*anchor), None),
        Some(recipe::Start::Prior { prior_seed }) => (Start::Prior(*prior_seed), None),
        Some(recipe::Start::Sample {
            anchor,
            noise,
            seed,
        }) => {
            let (class, index) = (*anchor, 0);
            (Start::Sample { class, index }, Some((class, *noise, *seed)))
        }
        Some(recipe::Start::Sigmas { .. }) | None => (Start::Center, None),
    };
    let class = start.class().unwrap_or(ClassId(0));
    // Nothing is known of where the middle is, so a latent that was given is told as one that was moved from there.
    let origin = match start {
        Start::Center => vec![0.0; latent.len()],
        _ => latent.clone(),
    };
    let (grid, noise, seed) = anchors.unwrap_or((class, 1.0, Seed::default()));
    Scene {
        locked: vec![false; latent.len()],
        latent,
        condition: None,
        sampler: first.sampler,
        selected: 0,
        seed: Seed::default(),
        target: class,
        target_is_chosen: false,
        layer: first.layer,
        method: first.method,
        contrast: first.contrast,
        start,
        origin,
        sample: 0,
        anchors: AnchorControls {
            class: grid,
            noise: noise.min(MOST_NOISE),
            count: 36,
            seed,
        },
        morph: MorphControls {
            from: class,
            to: ClassId(0),
            path: Path::Spherical,
            step: 0,
        },
        other: None,
        pad: PadControls::default(),
    }
}
