//! Running eframe so that a lost graphics device does not end the program.
//!
//! egui's renderer panics where it finds its device gone, and a panic that unwinds through the event loop leaves it unable
//! to run again. So panics are caught here, between the event loop and eframe, and the event loop comes to its end as
//! usual, ready for the next window.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use eframe::egui::ViewportBuilder;
use eframe::{AppCreator, EframeWinitApplication, NativeOptions, UserEvent};
use winit::{
    application::ApplicationHandler,
    event::{DeviceEvent, DeviceId, StartCause, WindowEvent},
    event_loop::{ActiveEventLoop, EventLoop},
    platform::run_on_demand::EventLoopExtRunOnDemand as _,
    window::WindowId,
};

use super::{
    display::{self, Environment},
    software::{Create, SoftwareWindow},
};

/// What a panic leaves behind.
pub type Panic = Box<dyn Any + Send>;

/// The event loop of the program, of which there can be only one.
pub struct AppLoop(EventLoop<UserEvent>);

impl AppLoop {
    /// Connects with the display.
    ///
    /// # Errors
    /// If there is none; the message says where it was looked for.
    pub fn new() -> anyhow::Result<Self> {
        let environment = Environment::of_process();
        let mut builder = EventLoop::with_user_event();
        #[cfg(target_os = "linux")]
        if environment.is_x11_alone(display::answers) {
            winit::platform::x11::EventLoopBuilderExtX11::with_x11(&mut builder);
        }
        let event_loop = builder.build();
        event_loop
            .map(Self)
            .map_err(|error| anyhow::anyhow!(environment.no_display(&error.to_string())))
    }

    /// Opens a window and returns when it is closed: with `Some` if a panic closed it.
    ///
    /// # Errors
    /// If the display fails.
    pub fn run(
        &mut self,
        options: NativeOptions,
        create: AppCreator<'_>,
    ) -> Result<Option<Panic>, winit::error::EventLoopError> {
        let app = eframe::create_native("Latent Lens", options, create, &self.0);
        let mut guarded = Guarded {
            app: Some(app),
            panic: None,
        };
        self.0.run_app_on_demand(&mut guarded)?;
        guarded.drop_app();
        Ok(guarded.panic)
    }

    /// Opens a window that the processor paints, and returns when it is closed.
    ///
    /// # Errors
    /// If it cannot be opened or painted.
    pub fn run_software(
        &mut self,
        builder: ViewportBuilder,
        create: Create<'_>,
    ) -> anyhow::Result<()> {
        let mut window = SoftwareWindow::new(builder, self.0.create_proxy(), create);
        self.0.run_app_on_demand(&mut window)?;
        window.failure.map_or(Ok(()), Err)
    }
}

/// eframe, and the panic that ended it.
struct Guarded<'a> {
    app: Option<EframeWinitApplication<'a>>,
    panic: Option<Panic>,
}

impl<'a> Guarded<'a> {
    fn call(
        &mut self,
        event_loop: &ActiveEventLoop,
        f: impl FnOnce(&mut EframeWinitApplication<'a>),
    ) {
        let Some(app) = &mut self.app else { return };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| f(app))) {
            self.panic = Some(panic);
            // Its windows close with it.
            self.drop_app();
            event_loop.exit();
        }
    }

    /// What panicked once may do so again when it is dropped; the first panic is the one that counts.
    fn drop_app(&mut self) {
        let app = self.app.take();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(app))) {
            self.panic.get_or_insert(panic);
        }
    }
}

impl ApplicationHandler<UserEvent> for Guarded<'_> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.call(event_loop, |app| app.resumed(event_loop));
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, window: WindowId, event: WindowEvent) {
        self.call(event_loop, |app| {
            app.window_event(event_loop, window, event);
        });
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, cause: StartCause) {
        self.call(event_loop, |app| app.new_events(event_loop, cause));
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: UserEvent) {
        self.call(event_loop, |app| app.user_event(event_loop, event));
    }

    fn device_event(&mut self, event_loop: &ActiveEventLoop, device: DeviceId, event: DeviceEvent) {
        self.call(event_loop, |app| {
            app.device_event(event_loop, device, event);
        });
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.call(event_loop, |app| app.about_to_wait(event_loop));
    }

    fn suspended(&mut self, event_loop: &ActiveEventLoop) {
        self.call(event_loop, |app| app.suspended(event_loop));
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.call(event_loop, |app| app.exiting(event_loop));
    }

    fn memory_warning(&mut self, event_loop: &ActiveEventLoop) {
        self.call(event_loop, |app| app.memory_warning(event_loop));
    }
}
