//! A window for machines without a graphics card: winit brings the input, egui the shapes, and the processor paints them.
//!
//! Why it exists: eframe draws through a graphics driver. Where there is no card, the driver's software adapter shades
//! every pixel with a program that was written for one, which took 130 ms a pass on two cores, or there is no driver at
//! all. Most of a window is filled with one colour or copied, and most of it is as it was a pass before ([`Picture`]).

mod color;
mod picture;
mod texture;
mod triangle;

use std::{
    mem::take,
    num::NonZeroU32,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use eframe::UserEvent;
use eframe::egui::{
    self, Color32, ColorImage, Context, RawInput, Ui, Vec2, ViewportBuilder, ViewportCommand,
    ViewportEvent, ViewportId, ViewportInfo, vec2,
};
use egui_winit::ActionRequested;
use egui_winit::accesskit_winit;
use winit::{
    application::ApplicationHandler,
    event::{StartCause, WindowEvent},
    event_loop::{ActiveEventLoop, ControlFlow, EventLoopProxy},
    window::{Window, WindowId},
};

pub use picture::{Area, Picture};
pub use texture::Textures;

/// The largest texture that egui may ask for: any side would do.
const MAX_TEXTURE_SIDE: usize = 8192;

/// How long a window only hands over what changed.
const WHOLE_AFTER: Duration = Duration::from_secs(2);

/// What a window shows.
pub trait Content {
    /// Called before each pass, with what came in since the last one.
    fn before_pass(&mut self, ctx: &Context, input: &mut RawInput);
    /// One pass. `seconds` is the time that the last one took, with painting.
    fn pass(&mut self, ui: &mut Ui, seconds: Option<f32>);
}

/// Makes the content once there is a context for it.
pub type Create<'a> = Box<dyn FnOnce(&Context) -> anyhow::Result<Box<dyn Content + 'a>> + 'a>;

/// A window that comes into being when the event loop runs.
pub struct SoftwareWindow<'a> {
    builder: ViewportBuilder,
    create: Option<Create<'a>>,
    proxy: EventLoopProxy<UserEvent>,
    open: Option<Open<'a>>,
    repaint_at: Option<Instant>,
    /// Why it did not open, or was closed.
    pub failure: Option<anyhow::Error>,
}

struct Open<'a> {
    ctx: Context,
    input: egui_winit::State,
    surface: softbuffer::Surface<Rc<Window>, Rc<Window>>,
    window: Rc<Window>,
    textures: Textures,
    picture: Picture,
    /// When all of the picture was handed over last, and whether the window asked for the coming pass itself.
    whole_at: Option<Instant>,
    asked: bool,
    info: ViewportInfo,
    actions: Vec<ActionRequested>,
    content: Box<dyn Content + 'a>,
    pass_seconds: Option<f32>,
    shown: bool,
}

impl<'a> SoftwareWindow<'a> {
    /// A window as `builder` says, woken through `proxy`.
    #[must_use]
    pub fn new(
        builder: ViewportBuilder,
        proxy: EventLoopProxy<UserEvent>,
        create: Create<'a>,
    ) -> Self {
        Self {
            builder,
            create: Some(create),
            proxy,
            open: None,
            repaint_at: None,
            failure: None,
        }
    }

    fn open(&mut self, event_loop: &ActiveEventLoop) -> anyhow::Result<()> {
        let Some(create) = self.create.take() else {
            return Ok(());
        };
        let ctx = Context::default();
        // egui lays out anew where it had to guess, as under eframe.
        ctx.options_mut(|options| options.max_passes = 2.try_into().unwrap_or(options.max_passes));
        let mut builder = self.builder.clone().with_visible(false);
        builder.inner_size = builder
            .inner_size
            .map(|size| at_most_screen(size, event_loop));
        let window = Rc::new(egui_winit::create_window(&ctx, event_loop, &builder)?);
        egui_winit::apply_viewport_builder_to_window(&ctx, &window, &builder);
        let mut input = egui_winit::State::new(
            ctx.clone(),
            ViewportId::ROOT,
            event_loop,
            Some(window.scale_factor() as f32),
            event_loop.system_theme(),
            Some(MAX_TEXTURE_SIDE),
        );
        input.init_accesskit(event_loop, &window, self.proxy.clone());
        let display = softbuffer::Context::new(Rc::clone(&window)).map_err(|e| anyhow!("{e}"))?;
        let surface = softbuffer::Surface::new(&display, Rc::clone(&window));
        let proxy = self.proxy.clone();
        ctx.set_request_repaint_callback(move |asked| {
            // Without an event loop there is nothing to paint on any more.
            let _ = proxy.send_event(UserEvent::RequestRepaint {
                viewport_id: asked.viewport_id,
                when: Instant::now() + asked.delay,
                cumulative_pass_nr: asked.current_cumulative_pass_nr,
            });
        });
        let mut info = ViewportInfo::default();
        egui_winit::update_viewport_info(&mut info, &ctx, &window, true);
        let content = create(&ctx)?;
        self.open = Some(Open {
            ctx,
            input,
            surface: surface.map_err(|e| anyhow!("{e}"))?,
            window,
            textures: Textures::default(),
            picture: Picture::default(),
            whole_at: None,
            asked: false,
            info,
            actions: Vec::new(),
            content,
            pass_seconds: None,
            shown: false,
        });
        Ok(())
    }

    fn paint(&mut self, event_loop: &ActiveEventLoop) {
        let Some(open) = &mut self.open else { return };
        match open.pass(event_loop) {
            Ok(false) => {}
            Ok(true) => self.close(event_loop),
            Err(error) => {
                self.failure = Some(error);
                self.close(event_loop);
            }
        }
    }

    fn close(&mut self, event_loop: &ActiveEventLoop) {
        self.open = None;
        event_loop.exit();
    }

    fn repaint_if_due(&mut self, event_loop: &ActiveEventLoop) {
        match (self.repaint_at, &mut self.open) {
            (Some(at), Some(open)) if at <= Instant::now() => {
                self.repaint_at = None;
                event_loop.set_control_flow(ControlFlow::Wait);
                open.redraw();
            }
            (Some(at), Some(_)) => event_loop.set_control_flow(ControlFlow::WaitUntil(at)),
            _ => event_loop.set_control_flow(ControlFlow::Wait),
        }
    }
}

impl ApplicationHandler<UserEvent> for SoftwareWindow<'_> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if let Err(error) = self.open(event_loop) {
            self.failure = Some(error);
            self.close(event_loop);
        }
        self.paint(event_loop);
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, _cause: StartCause) {
        self.repaint_if_due(event_loop);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: UserEvent) {
        let Some(open) = &mut self.open else { return };
        match event {
            UserEvent::RequestRepaint {
                when,
                cumulative_pass_nr: asked_in,
                ..
            } => {
                // What an older pass asked for was painted since.
                let pass = open.ctx.cumulative_pass_nr();
                if pass == asked_in || pass == asked_in + 1 {
                    self.repaint_at = Some(self.repaint_at.map_or(when, |at| at.min(when)));
                    self.repaint_if_due(event_loop);
                }
            }
            UserEvent::AccessKitActionRequest(event) => open.assist(event.window_event),
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let Some(open) = &mut self.open else { return };
        match event {
            WindowEvent::RedrawRequested => {
                self.paint(event_loop);
                return;
            }
            WindowEvent::CloseRequested => {
                open.info.events.push(ViewportEvent::Close);
                open.redraw();
            }
            WindowEvent::Occluded(occluded) => open.info.occluded = Some(occluded),
            WindowEvent::Resized(_) => open.window.request_redraw(),
            _ => {}
        }
        if open.input.on_window_event(&open.window, &event).repaint {
            open.redraw();
        }
    }
}

impl Open<'_> {
    fn redraw(&mut self) {
        self.asked = true;
        self.window.request_redraw();
    }

    /// One pass of the interface, painted; true if the window is to close.
    fn pass(&mut self, event_loop: &ActiveEventLoop) -> anyhow::Result<bool> {
        let begin = Instant::now();
        egui_winit::update_viewport_info(&mut self.info, &self.ctx, &self.window, false);
        let mut input = self.input.take_egui_input(&self.window);
        input.viewports = [(ViewportId::ROOT, self.info.clone())]
            .into_iter()
            .collect();
        self.content.before_pass(&self.ctx, &mut input);
        let closing = input.viewport().close_requested();
        let (content, seconds) = (&mut self.content, self.pass_seconds);
        let mut output = self.ctx.run_ui(input, |ui| content.pass(ui, seconds));
        self.info.events.clear();
        let window = &self.window;
        self.input.handle_platform_output_with_event_loop(
            window,
            event_loop,
            output.platform_output,
        );
        self.textures.update(&output.textures_delta);
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        self.show(&primitives, output.pixels_per_point)?;
        self.textures.forget_unused();
        let asked = output.viewport_output.remove(&ViewportId::ROOT);
        let commands = asked.map(|asked| asked.commands).unwrap_or_default();
        let stay = commands.contains(&ViewportCommand::CancelClose);
        self.obey(commands);
        self.pass_seconds = Some(begin.elapsed().as_secs_f32());
        Ok(closing && !stay)
    }

    fn show(
        &mut self,
        primitives: &[egui::ClippedPrimitive],
        pixels_per_point: f32,
    ) -> anyhow::Result<()> {
        let size = self.window.inner_size();
        let sides = (NonZeroU32::new(size.width), NonZeroU32::new(size.height));
        // A minimised window has no sides on some systems.
        let (Some(width), Some(height)) = sides else {
            return Ok(());
        };
        let failed = |error| anyhow!("the window cannot be painted: {error}");
        self.surface.resize(width, height).map_err(failed)?;
        let size = [size.width as usize, size.height as usize];
        self.picture
            .paint(size, primitives, &self.textures, pixels_per_point);
        let mut pixels = self.surface.buffer_mut().map_err(failed)?;
        let asked = take(&mut self.asked);
        let whole = !asked || pixels.age() != 1 || is_long_ago(self.whole_at);
        if whole {
            self.whole_at = Some(Instant::now());
        }
        let areas = self.picture.copy(whole, &mut pixels);
        complete(take_screenshots(&mut self.actions), &pixels, size);
        let damage: Vec<softbuffer::Rect> = areas.iter().filter_map(damaged).collect();
        if !damage.is_empty() {
            self.window.pre_present_notify();
            pixels.present_with_damage(&damage).map_err(failed)?;
        }
        if !self.shown {
            // Not before there is something to see.
            self.shown = true;
            self.window.set_visible(true);
            self.redraw();
        }
        Ok(())
    }

    /// Does what the content asked of the window.
    fn obey(&mut self, commands: Vec<ViewportCommand>) {
        let (info, actions) = (&mut self.info, &mut self.actions);
        egui_winit::process_viewport_commands(&self.ctx, info, commands, &self.window, actions);
        for action in &self.actions {
            let event = match action {
                ActionRequested::Cut => egui::Event::Cut,
                ActionRequested::Copy => egui::Event::Copy,
                ActionRequested::Paste => match self.input.clipboard_text() {
                    Some(text) => egui::Event::Paste(text.replace("\r\n", "\n")),
                    None => continue,
                },
                _ => continue,
            };
            self.input.egui_input_mut().events.push(event);
        }
        let later = |action: &ActionRequested| matches!(action, ActionRequested::Screenshot(_));
        self.actions.retain(later);
        if !self.actions.is_empty() || self.info.close_requested() {
            self.redraw();
        }
    }

    /// What a screen reader asks for.
    fn assist(&mut self, event: accesskit_winit::WindowEvent) {
        match event {
            accesskit_winit::WindowEvent::InitialTreeRequested => self.ctx.enable_accesskit(),
            accesskit_winit::WindowEvent::ActionRequested(request) => {
                self.input.on_accesskit_action_request(request);
            }
            accesskit_winit::WindowEvent::AccessibilityDeactivated => self.ctx.disable_accesskit(),
        }
        self.redraw();
    }
}

fn take_screenshots(actions: &mut Vec<ActionRequested>) -> Vec<egui::ScreenshotCallback> {
    let callbacks = actions.drain(..).filter_map(|action| match action {
        ActionRequested::Screenshot(callback) => Some(callback),
        _ => None,
    });
    callbacks.collect()
}

fn complete(screenshots: Vec<egui::ScreenshotCallback>, pixels: &[u32], size: [usize; 2]) {
    if screenshots.is_empty() {
        return;
    }
    let colors = pixels.iter().map(|pixel| {
        let [_, r, g, b] = pixel.to_be_bytes();
        Color32::from_rgb(r, g, b)
    });
    let image = Arc::new(ColorImage::new(size, colors.collect()));
    for screenshot in screenshots {
        screenshot.complete(Arc::clone(&image));
    }
}

fn damaged(area: &Area) -> Option<softbuffer::Rect> {
    let side = |side: usize| NonZeroU32::new(side as u32);
    Some(softbuffer::Rect {
        x: area.columns.start as u32,
        y: area.rows.start as u32,
        width: side(area.columns.len())?,
        height: side(area.rows.len())?,
    })
}

/// A window that was covered has lost its picture, and its next pass may be taken for one that it asked for itself.
fn is_long_ago(whole_at: Option<Instant>) -> bool {
    whole_at.is_none_or(|at| at.elapsed() > WHOLE_AFTER)
}

/// A size in points, or that of the largest screen if it is larger.
fn at_most_screen(size: Vec2, event_loop: &ActiveEventLoop) -> Vec2 {
    let screens = event_loop.available_monitors().map(|screen| {
        let points = screen.size().to_logical::<f32>(screen.scale_factor());
        vec2(points.width, points.height)
    });
    screens
        .reduce(Vec2::max)
        .map_or(size, |largest| size.min(largest))
}
