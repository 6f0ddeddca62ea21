//! What the colours mean.

use eframe::egui::{
    Color32, Label, Mesh, Rect, Response, RichText, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2,
};
use explain::ColorMap;

use crate::theme::{self, Palette};

const HEIGHT: f32 = 10.0;
const STEPS: usize = 48;

/// The colours of a heatmap from no evidence to the most.
pub fn color_bar(ui: &mut Ui, map: ColorMap, width: f32) -> Response {
    let color = |t: f32| {
        let [r, g, b] = map.rgb(t);
        Color32::from_rgb(r, g, b)
    };
    bar(
        ui,
        width,
        &format!("{map} colours, from no evidence to the most"),
        ("none", "most"),
        color,
    )
}

/// The colours of a picture of changes: darker, no change, brighter.
pub fn difference_bar(ui: &mut Ui, width: f32, is_colour: bool) -> Response {
    let palette: &Palette = theme::palette(ui);
    let color = |t: f32| {
        let change = 2.0 * t - 1.0;
        if is_colour {
            palette.change([change; 3])
        } else {
            palette.diverging(change)
        }
    };
    let response = bar(
        ui,
        width,
        "effect colours, from darker to brighter",
        ("darker", "brighter"),
        color,
    );
    if is_colour {
        response.on_hover_text("Grey stays as it is. Elsewhere you see the colour that is added.")
    } else {
        response
    }
}

/// The colours of something that is measured, from the least to the most, with what stands at the ends.
pub fn graded_bar(ui: &mut Ui, width: f32, what: &str, ends: [&str; 2]) -> Response {
    let palette: &Palette = theme::palette(ui);
    let [low, high] = ends;
    let label = format!("{what} colours, from {low} to {high}");
    bar(ui, width, &label, (low, high), |share| {
        palette.graded(share)
    })
}

fn bar(
    ui: &mut Ui,
    width: f32,
    label: &str,
    (low, high): (&str, &str),
    color: impl Fn(f32) -> Color32,
) -> Response {
    ui.horizontal(|ui| {
        end(ui, low);
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, label));
        ui.painter().add(Shape::mesh(gradient(rect, color)));
        end(ui, high);
        response
    })
    .inner
}

fn end(ui: &mut Ui, text: &str) {
    let color = theme::palette(ui).text_weak;
    ui.add(Label::new(RichText::new(text).small().color(color)).extend());
}

fn gradient(rect: Rect, color: impl Fn(f32) -> Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let t = step as f32 / STEPS as f32;
        let x = rect.left() + t * rect.width();
        mesh.colored_vertex(pos2(x, rect.top()), color(t));
        mesh.colored_vertex(pos2(x, rect.bottom()), color(t));
        if step > 0 {
            let last = 2 * step as u32;
            mesh.add_triangle(last - 2, last - 1, last);
            mesh.add_triangle(last - 1, last, last + 1);
        }
    }
    mesh
}
