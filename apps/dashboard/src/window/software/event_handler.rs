//! What winit tells: when to open the window, to paint it, to close it.

use std::time::Instant;

use eframe::UserEvent;
use eframe::egui::{ViewportBuilder, ViewportEvent};
use winit::{
    application::ApplicationHandler,
    event::WindowEvent,
    event_loop::{ActiveEventLoop, ControlFlow, EventLoopProxy},
    window::WindowId,
};

use super::{content::Create, open::Open};

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
        let builder = self.builder.clone();
        self.open = Some(Open::new(event_loop, builder, &self.proxy, create)?);
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

    /// Does what is due, and sleeps until the next thing is.
    fn work(&mut self, event_loop: &ActiveEventLoop) {
        let Some(open) = &mut self.open else { return };
        if self.repaint_at.is_some_and(|at| at <= Instant::now()) {
            self.repaint_at = None;
            open.window.request_redraw();
        }
        match open.settle() {
            Ok(due) => {
                let next = [self.repaint_at, due].into_iter().flatten().min();
                event_loop.set_control_flow(next.map_or(ControlFlow::Wait, ControlFlow::WaitUntil));
            }
            Err(error) => {
                self.failure = Some(error);
                self.close(event_loop);
            }
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

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.work(event_loop);
    }

    fn user_event(&mut self, _event_loop: &ActiveEventLoop, event: UserEvent) {
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
                open.window.request_redraw();
            }
            WindowEvent::Occluded(occluded) => open.info.occluded = Some(occluded),
            WindowEvent::Resized(_) => open.window.request_redraw(),
            _ => {}
        }
        if open.input.on_window_event(&open.window, &event).repaint {
            open.window.request_redraw();
        }
    }
}
