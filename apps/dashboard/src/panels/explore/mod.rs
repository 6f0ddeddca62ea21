//! Explore: move the latent and see the image, the verdict and the evidence.

mod brush;
mod class_row;
mod directions;
mod draw;
mod nearest;
mod pad;
mod pen;
mod sliders;
mod stage;
mod start;
mod strip;
mod toolbar;

use datasets::Image;
use eframe::egui::{CentralPanel, Rect, ScrollArea, Ui};

use super::{Context, common, dock};
use crate::{
    state::{controls::Space, dock::Docked},
    theme,
    widgets::canvas::{Atlas, Canvas, Changes},
};

/// What Explore keeps between passes: textures and the pointer's last row.
#[derive(Default)]
pub struct ExplorePanel {
    canvas: Canvas,
    strip: Atlas,
    classes: Atlas,
    path: Atlas,
    effects: Atlas,
    /// The change that the strongest colour of the effect maps stands for, of a pixel in 0..1.
    effects_scale: f32,
    input: Canvas,
    sample: Canvas,
    nearest: nearest::NearestView,
    hovered: Option<usize>,
    first_slider: Option<Rect>,
    /// Height of what stands beside the image, at the last pass.
    beside_height: f32,
    sheet: draw::DrawingSheet,
    brush: brush::BrushTool,
    directions: directions::Directions,
}

impl ExplorePanel {
    /// Shows the sliders.
    pub fn sliders_beside(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        self.update_effects(ui, context);
        dock::show(ui, context, Docked::Sliders, |ui, context| {
            self.sliders(ui, context);
        });
    }

    /// Shows the space beside its sliders.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        dock::show(ui, context, Docked::Verdict, |ui, context| {
            let room = ui.available_height();
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                common::verdict::ui(ui, context);
                ui.add_space(theme::GAP);
                class_row::ui(ui, context);
                common::flow::ui(ui, context);
                if theme::is_narrow(ui) {
                    // The picture has no room beside it.
                    self.beside(ui, context);
                    ui.add_space(theme::GAP);
                }
                self.nearest.ui(ui, context);
                if self.sheet.open {
                    self.sheet.ui(ui, context, room);
                } else {
                    self.start(ui, context);
                }
            });
        });
        let frame = theme::panel_frame(ui, 16, 12).fill(theme::palette(ui).background);
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| self.stage(ui, context));
    }

    /// Where the first slider was at the last pass, if it was shown.
    #[must_use]
    pub fn first_slider(&self) -> Option<Rect> {
        self.first_slider
    }

    /// Takes the sheet to draw on out, or puts it away if it is in front. There is one tool to draw with at a time.
    pub fn toggle_drawing(&mut self, front: Space) {
        self.sheet.open = !(self.sheet.open && front == Space::Explore);
        if self.sheet.open {
            self.brush.set_out(false);
        }
    }

    /// Takes the brush for the picture out, or puts it away if it is in front.
    pub fn toggle_brush(&mut self, front: Space) {
        let is_out = !(self.brush.is_out && front == Space::Explore);
        self.brush.set_out(is_out);
        self.sheet.open &= !is_out;
    }

    /// Whether the brush for the picture is out.
    #[must_use]
    pub fn has_brush(&self) -> bool {
        self.brush.is_out
    }

    /// Whether a stroke on the picture is drawn, or was drawn and not answered yet.
    #[must_use]
    pub fn has_stroke(&self) -> bool {
        self.brush.has_stroke()
    }

    /// Whether a stroke on the picture began since the last call.
    pub fn take_stroke_beginning(&mut self) -> bool {
        self.brush.take_beginning()
    }

    /// Takes the picture of an answer that was copied from the graphics device for the brush; none came if that failed.
    pub fn take_picture(&mut self, revision: u64, image: Option<Image>) {
        self.brush.take_picture(revision, image);
    }

    /// Takes the last stroke of a drawing back; false if there is none.
    pub fn undo_stroke(&mut self) -> bool {
        self.sheet.undo()
    }

    /// Draws a stroke again that was taken back; false if there is none.
    pub fn redo_stroke(&mut self) -> bool {
        self.sheet.redo()
    }

    /// Forgets the textures of a window that is gone. A drawing stays.
    pub fn reopen(&mut self) {
        let (mut sheet, mut brush) = (
            std::mem::take(&mut self.sheet),
            std::mem::take(&mut self.brush),
        );
        sheet.forget_picture();
        brush.forget_picture();
        *self = Self {
            sheet,
            brush,
            ..Self::default()
        };
    }

    fn update_effects(&mut self, ui: &Ui, context: &Context<'_>) {
        let open = context.session.open(&context.controls.model);
        let (Some(open), Some(effects)) = (open, &context.answers().effects) else {
            return;
        };
        let dark = ui.visuals().dark_mode;
        // The largest of some hundred thousand values is not looked for at every pass.
        if self.effects.shows_changes(effects.revision, dark) {
            return;
        }
        let maps = &effects.value.maps;
        // One scale for all maps, so that a dimension that changes little looks as if it does.
        let largest = if open.shape().is_colour() {
            outstanding(maps)
        } else {
            let values = maps.iter().flatten();
            values.fold(f32::EPSILON, |largest, value| largest.max(value.abs()))
        };
        self.effects_scale = largest;
        let changes = Changes {
            revision: effects.revision,
            shape: open.shape(),
            largest,
            theme: (dark, theme::palette(ui)),
        };
        let maps = maps.iter().map(Vec::as_slice);
        self.effects.show_changes(ui.ctx(), changes, maps);
    }
}

/// The change that only a few in a thousand values exceed. A black line that moves over white is a far larger change than any
/// other, and on its scale colours would hardly show.
fn outstanding(maps: &[Vec<f32>]) -> f32 {
    /// Every so many values are looked at: there are hundreds of thousands.
    const STEP: usize = 7;
    const SHARE: f32 = 0.995;
    let values = maps.iter().flatten().step_by(STEP);
    let mut sizes: Vec<f32> = values.map(|value| value.abs()).collect();
    let Some(last) = sizes.len().checked_sub(1) else {
        return f32::EPSILON;
    };
    let place = (last as f32 * SHARE) as usize;
    let (_, size, _) = sizes.select_nth_unstable_by(place, f32::total_cmp);
    size.max(f32::EPSILON)
}
