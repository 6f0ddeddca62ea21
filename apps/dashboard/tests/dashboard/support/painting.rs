//! A window painted by the processor, pixel by pixel.

use dashboard::{
    app::App,
    render::software::{Picture, Textures},
    state::{
        controls::{Controls, Space},
        device::ChosenDevice,
    },
    theme,
};
use datasets::Seed;
use eframe::egui::{
    Color32, Context, Event, FullOutput, Pos2, RawInput, Rect, Theme, ViewportId, ViewportInfo,
    accesskit, pos2, vec2,
};
use studio::Manifest;

use super::{
    models::model,
    worker::{answer, published},
};

/// A window of its own, without a harness: what it paints is kept.
pub struct Painted {
    ctx: Context,
    /// What a screen reader is told of it.
    parts: Vec<accesskit::Node>,
    size: [usize; 2],
    pixels: Vec<u32>,
}

/// A window that a person uses, and that can be painted at any moment.
pub struct PaintedWindow {
    ctx: Context,
    app: App,
    textures: Textures,
    last: FullOutput,
    size: [f32; 2],
    pixels_per_point: f32,
    passes: usize,
}

/// Opens a window of this size in points, with so many pixels a point, lets it have all its answers, and paints it.
pub fn painted(
    space: Space,
    theme: Theme,
    size: [f32; 2],
    pixels_per_point: f32,
    manifest: &Manifest,
) -> Painted {
    let mut window = PaintedWindow::open(space, theme, size, pixels_per_point);
    window.settle(manifest);
    window.paint()
}

impl PaintedWindow {
    /// A window without any answers.
    pub fn open(space: Space, theme: Theme, size: [f32; 2], pixels_per_point: f32) -> Self {
        let ctx = Context::default();
        ctx.enable_accesskit();
        theme::install(&ctx);
        ctx.set_theme(theme);
        let controls = Controls::new(model(), space, Seed(7));
        Self {
            ctx,
            app: App::new(controls, ChosenDevice::cpu("as the test says")),
            textures: Textures::default(),
            last: FullOutput::default(),
            size,
            pixels_per_point,
            passes: 0,
        }
    }

    /// One pass, in which a person does this.
    pub fn pass(&mut self, events: Vec<Event>) {
        let input = RawInput {
            events,
            ..input(self.size, self.pixels_per_point, self.passes)
        };
        let Self { ctx, app, .. } = self;
        self.last = ctx.run_ui(input, |ui| app.ui(ui));
        self.textures.update(&self.last.textures_delta);
        self.passes += 1;
    }

    /// So many passes that everything that is asked for is answered.
    pub fn settle(&mut self, manifest: &Manifest) {
        for _ in 0..12 {
            self.pass(Vec::new());
            for job in self.app.take_jobs() {
                let reply = answer(&job.request, manifest);
                self.app.receive(published(job, Ok(reply)));
            }
        }
    }

    /// What it shows now.
    pub fn paint(&self) -> Painted {
        let last = &self.last;
        let scale = last.pixels_per_point;
        let told = last.platform_output.accesskit_update.clone();
        let nodes = told.into_iter().flat_map(|update| update.nodes);
        let pixels = self
            .size
            .map(|points| (points * self.pixels_per_point).round() as usize);
        let layers = self.ctx.tessellate(last.shapes.clone(), scale);
        let mut picture = Picture::default();
        picture.paint(pixels, &layers, &self.textures, scale);
        let mut painted = vec![0; pixels[0] * pixels[1]];
        picture.copy(true, &mut painted);
        Painted {
            ctx: self.ctx.clone(),
            parts: nodes.map(|(_, node)| node).collect(),
            size: pixels,
            pixels: painted,
        }
    }
}

fn input(size: [f32; 2], pixels_per_point: f32, pass: usize) -> RawInput {
    let mut input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size.into())),
        time: Some(pass as f64 * 0.25),
        ..RawInput::default()
    };
    let viewport = ViewportInfo {
        native_pixels_per_point: Some(pixels_per_point),
        inner_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(size[0], size[1]))),
        ..ViewportInfo::default()
    };
    input.viewports.insert(ViewportId::ROOT, viewport);
    input
}

impl Painted {
    /// Where the part with this label is, in points.
    pub fn place(&self, label: &str) -> Rect {
        let part = self.parts.iter().find(|part| part.label() == Some(label));
        let bounds = part.and_then(accesskit::Node::bounds);
        let bounds = bounds.unwrap_or_else(|| panic!("nothing is called {label}"));
        let [left, top, right, bottom] =
            [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|at| at as f32);
        Rect::from_min_max(pos2(left, top), pos2(right, bottom))
    }

    /// The colours in a part of the window, in points.
    pub fn colors(&self, part: Rect) -> Vec<Color32> {
        let scale = self.ctx.pixels_per_point();
        let [width, height] = self.size;
        let range = |from: f32, to: f32, end: usize| {
            let from = (from * scale).round().max(0.0) as usize;
            from..((to * scale).round().max(0.0) as usize).min(end)
        };
        let columns = range(part.left(), part.right(), width);
        let rows = range(part.top(), part.bottom(), height);
        rows.flat_map(|row| columns.clone().map(move |column| row * width + column))
            .map(|at| {
                let [_, r, g, b] = self.pixels[at].to_be_bytes();
                Color32::from_rgb(r, g, b)
            })
            .collect()
    }

    /// All of it.
    pub fn all(&self) -> Vec<Color32> {
        self.colors(Rect::EVERYTHING)
    }
}
