//! A window that is there: its surface, its input, and what is painted on it.

use std::{
    num::NonZeroU32,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use eframe::UserEvent;
use eframe::egui::{
    self, ClippedPrimitive, Color32, ColorImage, Context, Vec2, ViewportBuilder, ViewportCommand,
    ViewportId, ViewportInfo, vec2,
};
use egui_winit::{ActionRequested, accesskit_winit};
use rayon::{ThreadPool, ThreadPoolBuilder};
use winit::{
    event_loop::{ActiveEventLoop, EventLoopProxy},
    window::Window,
};

use super::content::{Content, Create};
use crate::render::software::{Area, Picture, Textures};

/// The largest texture that egui may ask for: any side would do.
const MAX_TEXTURE_SIDE: usize = 8192;

/// How long a window may only hand over what changed while passes follow each other, and how long after the last one.
const WHOLE_AFTER: Duration = Duration::from_secs(2);
const WHOLE_SOON: Duration = Duration::from_millis(100);

/// A window that is there.
pub(super) struct Open<'a> {
    pub ctx: Context,
    pub input: egui_winit::State,
    surface: softbuffer::Surface<Rc<Window>, Rc<Window>>,
    pub window: Rc<Window>,
    textures: Textures,
    picture: Picture,
    /// Threads of its own: those that the models share may be at work on something long.
    painters: ThreadPool,
    /// When all of the picture was handed over last, and when it has to be the next time.
    whole_at: Option<Instant>,
    whole_due: Option<Instant>,
    pub info: ViewportInfo,
    actions: Vec<ActionRequested>,
    content: Box<dyn Content + 'a>,
    pass_seconds: Option<f32>,
    shown: bool,
}

impl<'a> Open<'a> {
    /// Opens it, out of sight until its first pass.
    pub fn new(
        event_loop: &ActiveEventLoop,
        builder: ViewportBuilder,
        proxy: &EventLoopProxy<UserEvent>,
        create: Create<'a>,
    ) -> anyhow::Result<Self> {
        let ctx = Context::default();
        // egui lays out anew where it had to guess, as under eframe.
        ctx.options_mut(|options| options.max_passes = 2.try_into().unwrap_or(options.max_passes));
        let mut builder = builder.with_visible(false);
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
        input.init_accesskit(event_loop, &window, proxy.clone());
        let display = softbuffer::Context::new(Rc::clone(&window)).map_err(|e| anyhow!("{e}"))?;
        let surface = softbuffer::Surface::new(&display, Rc::clone(&window));
        let proxy = proxy.clone();
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
        Ok(Self {
            ctx,
            input,
            surface: surface.map_err(|e| anyhow!("{e}"))?,
            window,
            textures: Textures::default(),
            picture: Picture::default(),
            painters: ThreadPoolBuilder::new()
                .thread_name(|index| format!("latent-lens-paint-{index}"))
                .build()?,
            whole_at: None,
            whole_due: None,
            info,
            actions: Vec::new(),
            content,
            pass_seconds: None,
            shown: false,
        })
    }
}

impl Open<'_> {
    /// One pass of the interface, painted; true if the window is to close.
    pub fn pass(&mut self, event_loop: &ActiveEventLoop) -> anyhow::Result<bool> {
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
        primitives: &[ClippedPrimitive],
        pixels_per_point: f32,
    ) -> anyhow::Result<()> {
        let size = self.window.inner_size();
        let sides = (NonZeroU32::new(size.width), NonZeroU32::new(size.height));
        // A minimised window has no sides on some systems.
        let (Some(width), Some(height)) = sides else {
            return Ok(());
        };
        self.surface
            .resize(width, height)
            .map_err(|error| failed(&error))?;
        let size = [size.width as usize, size.height as usize];
        let (picture, textures) = (&mut self.picture, &self.textures);
        self.painters
            .install(|| picture.paint(size, primitives, textures, pixels_per_point));
        self.hand_over(is_long_ago(self.whole_at))?;
        if !self.shown {
            // Not before there is something to see.
            self.shown = true;
            self.window.set_visible(true);
            self.window.request_redraw();
        }
        Ok(())
    }

    /// Hands the picture over to the screen: all of it, or what the last pass changed. A window that was covered has lost
    /// its picture and is not told so apart from other passes, so all of it follows when there is time.
    fn hand_over(&mut self, whole: bool) -> anyhow::Result<()> {
        let mut pixels = self.surface.buffer_mut().map_err(|error| failed(&error))?;
        let whole = whole || pixels.age() != 1;
        let now = Instant::now();
        self.whole_at = if whole { Some(now) } else { self.whole_at };
        self.whole_due = (!whole).then(|| now + WHOLE_SOON);
        let areas = self.picture.copy(whole, &mut pixels);
        let screenshots = take_screenshots(&mut self.actions);
        complete(screenshots, &pixels, self.picture.size());
        let damage: Vec<softbuffer::Rect> = areas.iter().filter_map(damaged).collect();
        if !damage.is_empty() {
            self.window.pre_present_notify();
            pixels
                .present_with_damage(&damage)
                .map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// Hands all of the picture over if it is time to. Gives the time that it will be.
    pub fn settle(&mut self) -> anyhow::Result<Option<Instant>> {
        if self.whole_due.is_some_and(|due| due <= Instant::now()) {
            self.hand_over(true)?;
        }
        Ok(self.whole_due)
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
            self.window.request_redraw();
        }
    }

    /// What a screen reader asks for.
    pub fn assist(&mut self, event: accesskit_winit::WindowEvent) {
        match event {
            accesskit_winit::WindowEvent::InitialTreeRequested => self.ctx.enable_accesskit(),
            accesskit_winit::WindowEvent::ActionRequested(request) => {
                self.input.on_accesskit_action_request(request);
            }
            accesskit_winit::WindowEvent::AccessibilityDeactivated => self.ctx.disable_accesskit(),
        }
        self.window.request_redraw();
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

fn failed(error: &softbuffer::SoftBufferError) -> anyhow::Error {
    anyhow!("the window cannot be painted: {error}")
}

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
