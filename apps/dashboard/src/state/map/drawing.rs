//! A map as a drawing (SVG): marks, a legend and a title, for print and for programs that draw.

use std::fmt::Write as _;

use datasets::ClassId;
use eframe::egui::{Color32, Rect, Theme, Vec2, pos2};

use super::{Camera, MapExport, Projection, Viewport, class_medians};
use crate::{
    state::{
        classes::class_id,
        sheet::{Contents, Sheet},
    },
    theme::{Palette, PointMark},
};

/// Side of the map, and width of the legend beside it.
const SIDE: f32 = 720.0;
const LEGEND: f32 = 240.0;
const TITLE: f32 = 56.0;
/// Radius of a mark.
const RADIUS: f32 = 4.0;
/// Between two lines of the legend.
const LINE: f32 = 22.0;
/// Classes of which the legend has a line.
const MOST_CLASSES: usize = 30;
/// Steps of the bar of colours.
const STEPS: usize = 32;

/// The map in the colours of the light theme, as papers are. All of it, without the classes that are hidden.
#[must_use]
pub fn drawing(map: &MapExport<'_>) -> Sheet {
    let mut svg = Svg {
        text: String::new(),
        palette: Palette::of(Theme::Light),
    };
    svg.open(map);
    svg.points(map);
    if map.settings.labels && map.model.info().has_classes() {
        svg.labels(map);
    }
    svg.cursor(map);
    svg.legend(map);
    svg.line(format_args!("</svg>"));
    Sheet {
        name: "map".to_owned(),
        contents: Contents::Drawing(svg.text),
    }
}

struct Svg {
    text: String,
    palette: &'static Palette,
}

/// From places of the map to those of the drawing.
fn camera(map: &MapExport<'_>) -> Camera {
    let rect = Rect::from_min_size(pos2(0.0, TITLE), Vec2::splat(SIDE));
    Viewport::default().camera(rect, map.places)
}

impl Svg {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(line);
        self.text.push('\n');
    }

    fn words(&mut self, [x, y]: [f32; 2], size: f32, anchor: &str, text: &str) {
        let (ink, text) = (hex(self.palette.text), escaped(text));
        self.line(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" text-anchor="{anchor}" fill="{ink}">{text}</text>"#
        ));
    }

    fn open(&mut self, map: &MapExport<'_>) {
        let (width, height) = (SIDE + LEGEND, SIDE + TITLE);
        let title = format!("Map of {} ({})", map.title, map.projection());
        let said = escaped(&title);
        self.line(format_args!(r#"<?xml version="1.0" encoding="UTF-8"?>"#));
        self.line(format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" role="img">"#
        ));
        self.line(format_args!("<title>{said}</title>"));
        self.line(format_args!("<desc>{}</desc>", escaped(&description(map))));
        let ground = hex(self.palette.background);
        self.line(format_args!(
            r#"<rect width="{width}" height="{height}" fill="{ground}"/>"#
        ));
        self.words([16.0, 26.0], 18.0, "start", &title);
        self.words([16.0, 46.0], 12.0, "start", &description(map));
    }

    fn points(&mut self, map: &MapExport<'_>) {
        let camera = camera(map);
        let scale = map.figures.scale(map.settings.coloring, map.cloud.len());
        for (index, place) in map.places.iter().enumerate() {
            let class = map.cloud.classes[index];
            if map.hidden.contains(&class) {
                continue;
            }
            let value = map.figures.value(map.settings.coloring, index);
            let color = match scale.zip(value) {
                Some((scale, value)) => self.palette.graded(scale.share(value)),
                None => self.palette.class(class),
            };
            let at = camera.to_screen(*place);
            let rings = map.groups.iter().filter(|kept| {
                let members = &kept.group.members;
                members.binary_search(&index).is_ok()
            });
            for (place, kept) in rings.enumerate() {
                let ring = hex(self.palette.group(kept.color));
                let radius = RADIUS + 2.5 + 2.0 * place as f32;
                self.line(format_args!(
                    r#"<circle cx="{:.1}" cy="{:.1}" r="{radius}" fill="none" stroke="{ring}" stroke-width="1.2"/>"#,
                    at.x, at.y
                ));
            }
            let title = title_of(map, index);
            self.mark([at.x, at.y], PointMark::of(class), color, &title);
        }
    }

    /// A mark with what shows under a pointer.
    fn mark(&mut self, [x, y]: [f32; 2], mark: PointMark, color: Color32, title: &str) {
        let corners = mark.outline().iter();
        let corners =
            corners.map(|[dx, dy]| format!("{:.2} {:.2}", x + RADIUS * dx, y + RADIUS * dy));
        let way = corners.collect::<Vec<_>>().join("L");
        let (fill, title) = (hex(color), escaped(title));
        self.line(format_args!(
            r#"<path d="M{way}Z" fill="{fill}"><title>{title}</title></path>"#
        ));
    }

    fn labels(&mut self, map: &MapExport<'_>) {
        let camera = camera(map);
        let shown = |class: ClassId| !map.hidden.contains(&class);
        let ground = hex(self.palette.background);
        for (class, place) in class_medians(map.places, &map.cloud.classes, shown) {
            let at = camera.to_screen(place);
            let name = escaped(&map.model.info().class_name(class));
            let ink = hex(self.palette.text_strong);
            self.line(format_args!(
                r#"<text x="{:.1}" y="{:.1}" font-size="15" font-weight="bold" text-anchor="middle" fill="{ink}" stroke="{ground}" stroke-width="4" paint-order="stroke">{name}</text>"#,
                at.x,
                at.y + 5.0
            ));
        }
    }

    /// A ring where the latent in front lies.
    fn cursor(&mut self, map: &MapExport<'_>) {
        let at = camera(map).to_screen(map.cursor);
        let ink = hex(self.palette.text_strong);
        self.line(format_args!(
            r#"<circle cx="{:.1}" cy="{:.1}" r="9" fill="none" stroke="{ink}" stroke-width="2.5"><title>The latent in front</title></circle>"#,
            at.x, at.y
        ));
    }

    fn legend(&mut self, map: &MapExport<'_>) {
        let left = SIDE + 16.0;
        let mut y = TITLE + 16.0;
        let coloring = map.settings.coloring;
        if let Some(scale) = map.figures.scale(coloring, map.cloud.len()) {
            self.words([left, y], 13.0, "start", coloring.title());
            let width = (LEGEND - 32.0) / STEPS as f32;
            for step in 0..STEPS {
                let color = hex(self.palette.graded(step as f32 / (STEPS - 1) as f32));
                let x = left + step as f32 * width;
                self.line(format_args!(
                    r#"<rect x="{x:.2}" y="{:.1}" width="{:.2}" height="12" fill="{color}"/>"#,
                    y + 8.0,
                    width + 0.3
                ));
            }
            let [low, high] = scale.ends();
            self.words([left, y + 36.0], 12.0, "start", &low);
            self.words([left + LEGEND - 32.0, y + 36.0], 12.0, "end", &high);
            y += 36.0 + 2.0 * LINE;
        }
        for kept in &map.groups {
            let ring = hex(self.palette.group(kept.color));
            self.line(format_args!(
                r#"<circle cx="{:.1}" cy="{:.1}" r="6" fill="none" stroke="{ring}" stroke-width="2"/>"#,
                left + 6.0,
                y - 4.0
            ));
            let text = format!("{} ({})", kept.name, kept.group.members.len());
            self.words([left + 20.0, y], 13.0, "start", &text);
            y += LINE;
        }
        self.classes(map, [left, y]);
    }

    fn classes(&mut self, map: &MapExport<'_>, [left, mut y]: [f32; 2]) {
        let info = map.model.info();
        let shown = (0..info.classes()).filter_map(class_id);
        let shown: Vec<ClassId> = shown.filter(|class| !map.hidden.contains(class)).collect();
        for class in shown.iter().take(MOST_CLASSES) {
            let color = if map.settings.coloring.is_measured() {
                self.palette.text_weak
            } else {
                self.palette.class(*class)
            };
            let name = info.class_name(*class);
            self.mark([left + 6.0, y - 4.0], PointMark::of(*class), color, &name);
            self.words([left + 20.0, y], 13.0, "start", &name);
            y += LINE;
        }
        let more = shown.len().saturating_sub(MOST_CLASSES);
        if more > 0 {
            self.words(
                [left, y],
                12.0,
                "start",
                &format!("and {more} more classes"),
            );
        }
    }
}

/// What the drawing shows, in a sentence.
fn description(map: &MapExport<'_>) -> String {
    let what = if map.sampled {
        "test images, each at the mean of its posterior"
    } else {
        "latents drawn from where images lie"
    };
    let axes = match map.settings.projection {
        Projection::Principal => {
            let [right, up] = map.shares.map(|share| 100.0 * share);
            format!("to the right {right:.1} %, up {up:.1} % of the variance")
        }
        Projection::Tsne => "distances between clusters mean nothing".to_owned(),
    };
    format!("{} {what}; {axes}", map.cloud.len())
}

fn hex(color: Color32) -> String {
    let [r, g, b, _] = color.to_array();
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A text as XML has it. What no XML may hold is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => safe.push(other),
        }
    }
    safe
}

/// What a point is, in words.
fn title_of(map: &MapExport<'_>, index: usize) -> String {
    let (info, name) = (map.model.info(), map.name(index));
    if info.has_classes() {
        let class = info.class_name(map.cloud.classes[index]);
        format!("{name}: {class}")
    } else {
        name
    }
}
