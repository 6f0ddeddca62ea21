//! The window: eframe on one side, the app in the middle, the models on the other side.

use std::{panic::resume_unwind, path::PathBuf, sync::Arc};

use datasets::Seed;
use eframe::egui::{Pos2, ThemePreference, Ui, Vec2, ViewportBuilder, ViewportCommand, vec2};
use eframe::{egui, egui_wgpu::RenderState, wgpu};
use studio::ModelSource;

use crate::{
    app::App,
    controls::{Controls, Space},
    device::{self, Chosen, DeviceChoice, Health, Trouble},
    event_loop::{Loop, Panic},
    live_canvas,
    models::{Change, Models, Wake},
    startup::StartupReport,
    theme,
    trial::Graphics,
};

/// How often a lost graphics device is replaced before the program gives up.
const REPLACEMENTS: usize = 3;

/// What a window starts with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The model in front.
    pub model: ModelSource,
    /// Where the models are to run.
    pub device: DeviceChoice,
    /// The seed of random draws.
    pub seed: Seed,
    /// The space in front.
    pub space: Space,
    /// Dark, light, or as the system says.
    pub theme: ThemePreference,
    /// Destroys the graphics device after so many frames from it, as a driver that crashes does. For tests.
    pub lose_device_after: Option<usize>,
    /// The file with what is remembered from one window to the next, if anything is.
    pub memory: Option<PathBuf>,
    /// Reports when the window appeared, and closes it then.
    pub startup: Option<StartupReport>,
}

/// What one window, of perhaps several after each other, is to do with its graphics device.
#[derive(Clone, Copy)]
struct Plan {
    choice: DeviceChoice,
    doom: Option<usize>,
    first: bool,
}

/// What a window that takes the place of a lost one has to look like.
struct Look {
    theme: ThemePreference,
    size: Vec2,
    position: Option<Pos2>,
    startup: Option<StartupReport>,
}

struct Window<'a> {
    app: &'a mut App,
    look: &'a mut Look,
    models: Models,
    health: Health,
    /// For [`Options::lose_device_after`]: the device, and the live frames that it still has.
    doomed: Option<(wgpu::Device, usize)>,
    fate: &'a mut Fate,
}

/// What became of a window.
#[derive(Default)]
struct Fate {
    opened: bool,
    /// Why its device is gone.
    lost: Option<String>,
}

impl eframe::App for Window<'_> {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.notice_trouble();
        if self.fate.lost.is_some() {
            // Whatever is painted now goes nowhere.
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        let published = self.models.take_published();
        self.doom(published.len());
        for answer in published {
            if let Some(startup) = &mut self.look.startup {
                startup.answered(ui.ctx(), &answer);
            }
            self.app.receive(answer);
        }
        if let Some(change) = self.models.change() {
            tell(self.app, change);
        }
        self.app.ui(ui);
        for job in self.app.take_jobs() {
            self.models.submit(job);
        }
        self.look.remember(ui.ctx());
        if let Some(startup) = &mut self.look.startup {
            startup.pass(ui.ctx());
        }
    }
}

impl Window<'_> {
    fn notice_trouble(&mut self) {
        match self.health.take() {
            None => {}
            Some(Trouble::Lost(reason)) => {
                tell(self.app, self.models.fall_back(&lost_text(&reason)));
                self.fate.lost = Some(reason);
            }
            Some(Trouble::Refused(reason)) if self.models.use_gpu() => {
                tell(self.app, self.models.fall_back(&reason));
            }
            // Painting the window itself went wrong, for which there is no other place to go.
            Some(Trouble::Refused(reason)) => eprintln!("latent-lens-dashboard: {reason}"),
        }
    }

    fn doom(&mut self, answers: usize) {
        if let Some((device, left)) = &mut self.doomed
            && self.models.live()
        {
            *left = left.saturating_sub(answers);
            if *left == 0 {
                device.destroy();
                self.doomed = None;
            }
        }
    }
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

/// Opens the window and returns when it is closed. If the graphics device is lost, a new window goes on where the old one
/// was: eframe cannot give a window another device.
///
/// # Errors
/// If there is no display, or no way to draw on it; the message says what to do.
///
/// # Panics
/// If the interface panics for another reason than a lost device.
pub fn run(options: Options) -> anyhow::Result<()> {
    let mut plan = Plan {
        choice: options.device,
        doom: options.lose_device_after,
        first: true,
    };
    let mut look = Look {
        theme: options.theme,
        size: vec2(1440.0, 900.0),
        position: None,
        startup: options.startup,
    };
    let controls = Controls::new(options.model, options.space, options.seed);
    let mut app = App::new(controls, Chosen::cpu("Nothing else was tried yet."));
    if let Some(path) = options.memory {
        app = app.remembering(path);
    }
    let mut event_loop = Loop::new().map_err(|_| no_display())?;
    for _ in 0..=REPLACEMENTS {
        let health = Health::default();
        let mut fate = Fate::default();
        let panic = open(
            &mut event_loop,
            &mut app,
            &mut look,
            &mut fate,
            &health,
            plan,
        )?;
        // The renderer panics where it finds the device gone before the window does.
        if let Some(Trouble::Lost(reason)) = health.take() {
            fate.lost = Some(reason);
        }
        if let Some(reason) = fate.lost {
            app.reopen();
            tell(&mut app, went_back(&lost_text(&reason)));
        } else if let Some(panic) = panic {
            resume_unwind(panic);
        } else if fate.opened {
            return Ok(());
        } else if plan.choice == DeviceChoice::Cpu {
            return Err(no_adapter());
        } else {
            tell(&mut app, went_back("the adapter gives no device for it"));
        }
        plan = Plan {
            choice: DeviceChoice::Cpu,
            doom: None,
            first: false,
        };
    }
    anyhow::bail!(
        "the graphics device was lost {} times: look for a newer driver, or draw with a software adapter",
        REPLACEMENTS + 1
    )
}

fn went_back(reason: &str) -> Change {
    Change {
        chosen: Chosen::cpu(format!("The GPU is not used any more: {reason}.")),
        moved: true,
        failed: true,
    }
}

fn open(
    event_loop: &mut Loop,
    app: &mut App,
    look: &mut Look,
    fate: &mut Fate,
    health: &Health,
    plan: Plan,
) -> anyhow::Result<Option<Panic>> {
    let mut viewport = ViewportBuilder::default()
        .with_title("Latent Lens")
        .with_app_id("latent-lens")
        .with_inner_size(look.size)
        .with_min_inner_size(vec2(1100.0, 640.0))
        .with_drag_and_drop(true);
    viewport.position = look.position;
    let native = eframe::NativeOptions {
        viewport,
        wgpu_options: device::graphics(plan.choice),
        ..eframe::NativeOptions::default()
    };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        let ctx = creation.egui_ctx.clone();
        theme::install(&ctx);
        ctx.set_theme(look.theme);
        let wake: Wake = Arc::new(move || ctx.request_repaint());
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
        if plan.first {
            app.explain_device(Chosen::cpu(objection));
        }
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

fn no_adapter() -> anyhow::Error {
    anyhow::anyhow!(
        "no graphics adapter could be opened: install a Vulkan driver (on Debian: mesa-vulkan-drivers); \
         `latent-lens doctor` lists what is found"
    )
}
