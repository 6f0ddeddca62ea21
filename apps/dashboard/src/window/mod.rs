//! The window: eframe or the processor's own painting on one side, the app in the middle, the models on the other side.

mod content;
pub mod device;
pub mod display;
pub mod event_loop;
pub mod health;
pub mod models;
pub mod observer;
mod outcome;
pub mod software;
pub mod trial;

use std::{
    panic::resume_unwind,
    path::{Path, PathBuf},
    sync::Arc,
};

use datasets::KnownDataset;

use eframe::egui::ViewportBuilder;
use eframe::{egui, egui_wgpu::RenderState};
use runs::{Choice, ImageSource, Network, OwnImages, Preset, RunSettings};
use tempfile::TempDir;

use self::{
    content::Window,
    device::DeviceChoice,
    display::Environment,
    event_loop::{AppLoop, Panic},
    health::{DeviceTrouble, Health},
    models::{Models, Wake},
    observer::Observers,
    outcome::{Appearance, WindowOutcome, lost_text, tell},
    software::Content,
    trial::Graphics,
};
pub use outcome::tell_line;

use crate::{
    app::{App, recall},
    files::store,
    state::{
        device::{ChosenDevice, DeviceChange},
        memory::Given,
    },
    theme::{self, FIRST_SIZE, LEAST_CONTENT},
    widgets::canvas,
};

/// What a window starts with.
pub struct Options {
    /// What was asked for at the start.
    pub given: Given,
    /// Whether what earlier windows left is neither read nor written.
    pub fresh: bool,
    /// Where the models are to run.
    pub device: DeviceChoice,
    /// The folder into which another program trains a model that is to be watched.
    pub watch: Option<PathBuf>,
    /// A folder of images that a quick look is trained on from the start, for measurements.
    pub train: Option<PathBuf>,
    /// Whoever watches the window from outside.
    pub observers: Observers,
}

/// All that a window and the one that may take its place have in common.
struct Program {
    app: App,
    appearance: Appearance,
    observers: Observers,
    choice: DeviceChoice,
    /// Whether what is measured is measured while a run goes on.
    trains: bool,
}

/// Opens the window and returns when it is closed.
///
/// It is painted by a graphics card if there is one, or if the models are to run on whatever adapter there is, and by the
/// processor otherwise. If the graphics device is lost, another window goes on where the old one was, painted by the
/// processor: eframe cannot give a window another device.
///
/// # Errors
/// If there is no display, or no way to draw on it; the message says what to do.
///
/// # Panics
/// If the interface panics for another reason than a lost device.
pub fn run(options: Options) -> anyhow::Result<()> {
    let folder = store::folder().filter(|_| !options.fresh);
    let recalled = recall::recall(folder.as_deref(), &options.given);
    let appearance = Appearance {
        theme: recalled.memory.theme.into(),
        size: recalled.memory.size.unwrap_or(FIRST_SIZE).into(),
        position: None,
    };
    let controls = recalled.memory.controls.clone();
    let mut app = App::new(controls, ChosenDevice::cpu("Nothing else was tried yet."));
    app.recall(recalled);
    app.train_on(device::for_training(), store::folder());
    if let Some(folder) = options.watch {
        app.watch_run(folder);
    }
    let trained = options.train.map(|images| meanwhile(&images)).transpose()?;
    if let Some((_, settings)) = &trained {
        app.train_at_once(settings.clone());
    }
    let mut program = Program {
        app,
        trains: trained.is_some(),
        appearance,
        observers: options.observers,
        choice: options.device,
    };
    let mut event_loop = AppLoop::new()?;
    match device::why_no_card(program.choice) {
        None => {
            if painted_by_card(&mut event_loop, &mut program)? {
                return Ok(());
            }
        }
        Some(reason) => program.app.explain_device(ChosenDevice::cpu(reason)),
    }
    painted_by_processor(&mut event_loop, &mut program)
}

/// A quick look at images, into a folder that is removed again.
fn meanwhile(images: &Path) -> anyhow::Result<(TempDir, RunSettings)> {
    let folder = tempfile::tempdir()?;
    let known = KnownDataset::ALL.into_iter();
    let mut known = known.filter(|dataset| datasets::has_files(*dataset, images));
    let source = match known.next() {
        Some(dataset) => ImageSource::Known {
            dataset,
            folder: images.to_owned(),
        },
        None => ImageSource::Own(OwnImages::all(
            images.to_owned(),
            datasets::data_format(images)?,
        )),
    };
    let out = folder.path().join("model");
    let mut choice = Choice::new(source, Network::Vae, Preset::QuickLook, out);
    // It goes on until the window closes.
    choice.changed.epochs = Some(1_000);
    Ok((folder, choice.run()))
}

/// True if the window was closed; false if another one has to take its place, which the person was told.
fn painted_by_card(event_loop: &mut AppLoop, program: &mut Program) -> anyhow::Result<bool> {
    let health = Health::default();
    let mut outcome = WindowOutcome::default();
    let panic = open(event_loop, program, &mut outcome, &health)?;
    // The renderer panics where it finds the device gone before the window does.
    if let Some(DeviceTrouble::Lost(reason)) = health.take() {
        outcome.lost = Some(reason);
    }
    let app = &mut program.app;
    if let Some(reason) = outcome.lost {
        app.reopen();
        tell(app, DeviceChange::back_to_cpu(&lost_text(&reason), true));
    } else if let Some(panic) = panic {
        resume_unwind(panic);
    } else if outcome.opened {
        return Ok(true);
    } else if program.choice != DeviceChoice::Cpu {
        let reason = "the adapter gives no device for it";
        tell(app, DeviceChange::back_to_cpu(reason, true));
    }
    Ok(false)
}

fn painted_by_processor(event_loop: &mut AppLoop, program: &mut Program) -> anyhow::Result<()> {
    let builder = viewport(&program.appearance);
    let outcome = &mut WindowOutcome::default();
    let create: software::Create<'_> = Box::new(move |ctx| {
        let models = Models::start(None, dress(ctx, program))?;
        for observer in &mut program.observers {
            observer.opened(None);
        }
        Ok(Box::new(Window {
            app: &mut program.app,
            appearance: &mut program.appearance,
            observers: &mut program.observers,
            models,
            trains: program.trains,
            health: Health::default(),
            pass_seconds: None,
            outcome,
        }) as Box<dyn Content>)
    });
    event_loop.run_software(builder, create)
}

fn viewport(appearance: &Appearance) -> ViewportBuilder {
    let mut viewport = ViewportBuilder::default()
        .with_title("Latent Lens")
        .with_app_id("latent-lens")
        .with_inner_size(appearance.size)
        .with_min_inner_size(LEAST_CONTENT)
        .with_drag_and_drop(true);
    viewport.position = appearance.position;
    viewport
}

/// Gives a new window its style and its zoom; what is returned wakes it.
fn dress(ctx: &egui::Context, program: &Program) -> Wake {
    let appearance = &program.appearance;
    theme::install(ctx);
    ctx.set_theme(appearance.theme);
    // Before the first pass there is no window yet from which egui could work out another one.
    let zoom = program.app.zoom().factor(appearance.size);
    ctx.options_mut(|options| options.zoom_factor = zoom);
    let ctx = ctx.clone();
    Arc::new(move || ctx.request_repaint())
}

fn open(
    event_loop: &mut AppLoop,
    program: &mut Program,
    outcome: &mut WindowOutcome,
    health: &Health,
) -> anyhow::Result<Option<Panic>> {
    let native = eframe::NativeOptions {
        viewport: viewport(&program.appearance),
        wgpu_options: device::graphics(program.choice),
        ..eframe::NativeOptions::default()
    };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        let wake = dress(&creation.egui_ctx, program);
        let state = creation.wgpu_render_state.as_ref();
        let graphics = state.and_then(|state| prepare(program, state, health, &wake));
        let models = Models::start(graphics, wake)?;
        for observer in &mut program.observers {
            observer.opened(state.map(|state| &state.device));
        }
        outcome.opened = true;
        Ok(Box::new(Window {
            app: &mut program.app,
            appearance: &mut program.appearance,
            observers: &mut program.observers,
            models,
            trains: program.trains,
            health: health.clone(),
            pass_seconds: None,
            outcome,
        }) as Box<dyn eframe::App>)
    });
    event_loop
        .run(native, create)
        .map_err(|error| anyhow::anyhow!(Environment::of_process().no_display(&error.to_string())))
}

/// Watches the window's device, and gives it to the models to try if there is no objection.
fn prepare(
    program: &mut Program,
    state: &RenderState,
    health: &Health,
    wake: &Wake,
) -> Option<Graphics> {
    let wake = Arc::clone(wake);
    health.wake_with(move || wake());
    health.watch(&state.device);
    if let Some(objection) = device::objection(program.choice, &state.adapter.get_info()) {
        program.app.explain_device(ChosenDevice::cpu(objection));
        return None;
    }
    let watch = health.clone();
    canvas::install(state, move |reason| {
        watch.report(DeviceTrouble::Refused(reason));
    });
    Some(Graphics {
        state: state.clone(),
        health: health.clone(),
        choice: program.choice,
    })
}
