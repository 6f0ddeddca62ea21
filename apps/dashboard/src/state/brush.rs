//! Drawing on a picture: the brush, and what a stroke makes of the pixels. It knows no window.
//!
//! A stroke lies on the picture that a person sees. What comes of it is an image like any other that was put in, so undo takes it
//! back with the scene, and nothing else is kept of it.

use datasets::Image;

use super::sketch::{Pen, Sketch, SketchPoint};

/// Colours to draw with: red, green and blue, and what to call them.
pub const PAINTS: [(&str, [u8; 3]); 8] = [
    ("black", [0, 0, 0]),
    ("white", [255, 255, 255]),
    ("brown", [122, 74, 40]),
    ("red", [214, 48, 40]),
    ("orange", [242, 142, 43]),
    ("yellow", [246, 210, 60]),
    ("green", [60, 160, 75]),
    ("blue", [50, 110, 210]),
];

/// What a person draws with on a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brush {
    /// How wide it is, and whether it takes away what is there: then it paints the background.
    pub pen: Pen,
    /// Its colour on a picture in colour. On a grey one it is as unlike the background as can be.
    pub color: [u8; 3],
}

impl Default for Brush {
    fn default() -> Self {
        let [(_, color), ..] = PAINTS;
        Self {
            // About as wide as the strokes of MNIST are.
            pen: Pen {
                width: 0.08,
                erases: false,
            },
            color,
        }
    }
}

impl Brush {
    /// What it makes of a pixel that it covers: a value in 0..1 a channel.
    fn tone(self, picture: &Image) -> Vec<f32> {
        let ground = background(picture);
        if self.pen.erases {
            return ground;
        }
        if picture.shape().is_colour() {
            return self.color.map(|byte| f32::from(byte) / 255.0).to_vec();
        }
        ground
            .into_iter()
            .map(|ground| if ground < 0.5 { 1.0 } else { 0.0 })
            .collect()
    }
}

/// The median of the pixels along the edge of a picture, a value a channel.
fn background(picture: &Image) -> Vec<f32> {
    let shape = picture.shape();
    let (height, width) = (shape.height(), shape.width());
    let on_edge = |pixel: &usize| {
        let (row, column) = (pixel / width, pixel % width);
        row == 0 || row + 1 == height || column == 0 || column + 1 == width
    };
    let edge: Vec<usize> = (0..shape.pixels()).filter(on_edge).collect();
    let median = |plane: &[f32]| {
        let mut values: Vec<f32> = edge.iter().map(|&pixel| plane[pixel]).collect();
        let middle = values.len() / 2;
        let (_, median, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
        *median
    };
    let planes = picture.values().chunks_exact(shape.pixels());
    planes.map(median).collect()
}

/// The colour of the pixel at a place: as shares of the width and of the height of the picture.
#[must_use]
pub fn color_at(picture: &Image, place: [f32; 2]) -> Option<[u8; 3]> {
    let shape = picture.shape();
    let pixel = |share: f32, pixels: usize| {
        let inside = (0.0..1.0).contains(&share);
        inside.then_some((share * pixels as f32) as usize)
    };
    let column = pixel(place[0], shape.width())?;
    let row = pixel(place[1], shape.height())?;
    picture.to_rgb().get(row * shape.width() + column).copied()
}

/// A stroke on a picture.
#[derive(Clone, Debug)]
pub struct PictureStroke {
    brush: Brush,
    sketch: Sketch,
    /// What it lies on, once that is on the host.
    picture: Option<Image>,
    /// The picture with the stroke on it, and which revision of the stroke.
    drawn: Option<(u64, Image)>,
}

impl PictureStroke {
    /// Puts the brush down on a picture, or on one that will be told.
    #[must_use]
    pub fn begin(brush: Brush, place: SketchPoint, picture: Option<Image>) -> Self {
        let mut sketch = Sketch::default();
        let pen = Pen {
            erases: false,
            ..brush.pen
        };
        sketch.begin(pen, place);
        Self {
            brush,
            sketch,
            picture,
            drawn: None,
        }
    }

    /// Moves the brush that is down.
    pub fn extend(&mut self, place: SketchPoint) {
        self.sketch.extend(place);
    }

    /// Lifts the brush.
    pub fn end(&mut self) {
        self.sketch.end();
    }

    /// Whether the brush is down.
    #[must_use]
    pub fn is_going_on(&self) -> bool {
        self.sketch.pen_is_down()
    }

    /// Whether it is not known yet what it lies on.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.picture.is_none()
    }

    /// Tells what it lies on, unless that is known.
    pub fn lies_on(&mut self, picture: Image) {
        self.picture.get_or_insert(picture);
    }

    /// The picture with the stroke on it; `None` while it waits for the picture.
    pub fn drawn(&mut self) -> Option<&Image> {
        let picture = self.picture.as_ref()?;
        let revision = self.sketch.revision();
        if self.drawn.as_ref().is_none_or(|(of, _)| *of != revision) {
            let cover = self.sketch.cover(picture.shape());
            let drawn = painted(picture, &cover, &self.brush.tone(picture));
            self.drawn = Some((revision, drawn));
        }
        self.drawn.as_ref().map(|(_, drawn)| drawn)
    }

    /// Whether it changes anything on the picture.
    pub fn changes(&mut self) -> bool {
        let before = self.picture.clone();
        before.as_ref() != self.drawn()
    }
}

/// A picture in which each pixel is painted as far as it is covered.
fn painted(picture: &Image, cover: &[f32], tone: &[f32]) -> Image {
    let shape = picture.shape();
    let planes = picture.values().chunks_exact(shape.pixels()).zip(tone);
    let values = planes.flat_map(|(plane, tone)| {
        let pixels = plane.iter().zip(cover);
        // Rounding must not lead out of the range that images have.
        pixels.map(move |(value, cover)| (value * (1.0 - cover) + tone * cover).clamp(0.0, 1.0))
    });
    let values: Vec<f32> = values.collect();
    Image::new(shape, values).expect("as many values as before, in the same range")
}
