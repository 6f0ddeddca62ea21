//! The window: eframe or the processor's own painting on one side, the app in the middle, the models on the other side.

mod content;

use std::{panic::resume_unwind, sync::Arc};

use eframe::egui::{Pos2, ThemePreference, Vec2, ViewportBuilder, vec2};
use eframe::{egui, egui_wgpu::RenderState};

use self::content::Window;
use crate::{
    app::App,
    device::{self, Chosen, DeviceChoice, Health, Trouble},
    drag_report::DragReport,
    event_loop::{Loop, Panic},
    live_canvas,
    memory::{self, Given},
    models::{Change, Models, Wake},
    software::{self, Content},
    startup::StartupReport,
    store, theme,
    trial::Graphics,
};

/// Width and height of the window the first time, in points.
pub const FIRST_SIZE: (f32, f32) = (1440.0, 900.0);

/// What a window starts with.
#[derive(Clone, Debug)]
pub struct Options {
    /// What was asked for at the start.
    pub given: Given,
    /// Whether what earlier windows left is neither read nor written.
    pub fresh: bool,
    /// Where the models are to run.
    pub device: DeviceChoice,
    /// Destroys the graphics device after so many frames from it, as a driver that crashes does. For tests.
    pub lose_device_after: Option<usize>,
    /// Reports when the window appeared, and closes it then.
    pub startup: Option<StartupReport>,
    /// Drags a slider, reports how soon its positions were drawn, and closes the window then.
    pub drag: Option<DragReport>,
}

/// What a window is to do with its graphics device.
#[derive(Clone, Copy)]
struct Plan {
    choice: DeviceChoice,
    doom: Option<usize>,
}

/// What a window that takes the place of a lost one has to look like.
struct Look {
    theme: ThemePreference,
    size: Vec2,
    position: Option<Pos2>,
    startup: Option<StartupReport>,
    drag: Option<DragReport>,
}

/// What became of a window.
#[derive(Default)]
struct Fate {
    opened: bool,
    /// Why its device is gone.
    lost: Option<String>,
}

impl Look {
    fn remember(&mut self, ctx: &egui::Context) {
        self.theme = ctx.options(|options| options.theme_preference);
        ctx.input(|input| {
            let viewport = input.viewport();
            self.size = viewport.inner_rect.map_or(self.size, |rect| rect.size());
            self.position = viewport.outer_rect.map(|rect| rect.min).or(self.position);
        });
    }
}

fn lost_text(reason: &str) -> String {
    format!("the graphics device was lost ({reason})")
}

/// Tells the person on the screen, and whoever started the program on standard error.
fn tell(app: &mut App, change: Change) {
    eprintln!(
        "latent-lens-dashboard: {}: {}",
        change.chosen.name, change.chosen.reason
    );
    app.change_device(change);
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
    let recalled = memory::recall(folder.as_deref(), &options.given);
    let mut look = Look {
        theme: recalled.memory.theme.into(),
        size: recalled.memory.size.unwrap_or(FIRST_SIZE).into(),
        position: None,
        startup: options.startup,
        drag: options.drag,
    };
    let controls = recalled.memory.controls.clone();
    let mut app = App::new(controls, Chosen::cpu("Nothing else was tried yet."));
    app.recall(recalled);
    let mut event_loop = Loop::new().map_err(|_| no_display())?;
    match device::why_no_card(options.device) {
        None => {
            let plan = Plan {
                choice: options.device,
                doom: options.lose_device_after,
            };
            if painted_by_card(&mut event_loop, &mut app, &mut look, plan)? {
                return Ok(());
            }
        }
        Some(reason) => app.explain_device(Chosen::cpu(reason)),
    }
    painted_by_processor(&mut event_loop, &mut app, &mut look)
}

/// True if the window was closed; false if another one has to take its place, which the person was told.
fn painted_by_card(
    event_loop: &mut Loop,
    app: &mut App,
    look: &mut Look,
    plan: Plan,
) -> anyhow::Result<bool> {
    let health = Health::default();
    let mut fate = Fate::default();
    let panic = open(event_loop, app, look, &mut fate, &health, plan)?;
    // The renderer panics where it finds the device gone before the window does.
    if let Some(Trouble::Lost(reason)) = health.take() {
        fate.lost = Some(reason);
    }
    if let Some(reason) = fate.lost {
        app.reopen();
        tell(app, went_back(&lost_text(&reason)));
    } else if let Some(panic) = panic {
        resume_unwind(panic);
    } else if fate.opened {
        return Ok(true);
    } else if plan.choice != DeviceChoice::Cpu {
        tell(app, went_back("the adapter gives no device for it"));
    }
    Ok(false)
}

fn painted_by_processor(
    event_loop: &mut Loop,
    app: &mut App,
    look: &mut Look,
) -> anyhow::Result<()> {
    let builder = viewport(look);
    let fate = &mut Fate::default();
    let create: software::Create<'_> = Box::new(move |ctx| {
        let models = Models::start(None, dress(ctx, look))?;
        Ok(Box::new(Window {
            app,
            look,
            models,
            health: Health::default(),
            doomed: None,
            pass_seconds: None,
            fate,
        }) as Box<dyn Content>)
    });
    event_loop.run_software(builder, create)
}

fn went_back(reason: &str) -> Change {
    Change {
        chosen: Chosen::cpu(format!("The GPU is not used any more: {reason}.")),
        moved: true,
        failed: true,
    }
}

fn viewport(look: &Look) -> ViewportBuilder {
    let mut viewport = ViewportBuilder::default()
        .with_title("Latent Lens")
        .with_app_id("latent-lens")
        .with_inner_size(look.size)
        .with_min_inner_size(vec2(1100.0, 640.0))
        .with_drag_and_drop(true);
    viewport.position = look.position;
    viewport
}

/// Gives a new window its style; what is returned wakes it.
fn dress(ctx: &egui::Context, look: &Look) -> Wake {
    theme::install(ctx);
    ctx.set_theme(look.theme);
    let ctx = ctx.clone();
    Arc::new(move || ctx.request_repaint())
}

fn open(
    event_loop: &mut Loop,
    app: &mut App,
    look: &mut Look,
    fate: &mut Fate,
    health: &Health,
    plan: Plan,
) -> anyhow::Result<Option<Panic>> {
    let native = eframe::NativeOptions {
        viewport: viewport(look),
        wgpu_options: device::graphics(plan.choice),
        ..eframe::NativeOptions::default()
    };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        let wake = dress(&creation.egui_ctx, look);
        let state = creation.wgpu_render_state.as_ref();
        let graphics = state.and_then(|state| prepare(app, state, health, plan, &wake));
        let models = Models::start(graphics, wake)?;
        let doomed = state.map(|state| state.device.clone()).zip(plan.doom);
        let health = health.clone();
        fate.opened = true;
        Ok(Box::new(Window {
            app,
            look,
            models,
            health,
            doomed,
            pass_seconds: None,
            fate,
        }) as Box<dyn eframe::App>)
    });
    event_loop.run(native, create).map_err(|_| no_display())
}

/// Watches the window's device, and gives it to the models to try if there is no objection.
fn prepare(
    app: &mut App,
    state: &RenderState,
    health: &Health,
    plan: Plan,
    wake: &Wake,
) -> Option<Graphics> {
    let wake = Arc::clone(wake);
    health.wake_with(move || wake());
    health.watch(&state.device);
    if let Some(objection) = device::objection(plan.choice, &state.adapter.get_info()) {
        app.explain_device(Chosen::cpu(objection));
        return None;
    }
    live_canvas::install(state, health.clone());
    Some(Graphics {
        state: state.clone(),
        health: health.clone(),
        choice: plan.choice,
    })
}

fn no_display() -> anyhow::Error {
    anyhow::anyhow!(
        "there is no display to open a window on: start it in a desktop session or under a virtual display (on \
         Debian: xvfb-run), or use the command line tool, latent-lens, which needs none"
    )
}
