//! A sheet of images that says what it shows: a title, the place of each row and column, and a line under each image. On white, so
//! that it can be printed.

use datasets::Image;
use eframe::egui::{Color32, ColorImage};

use super::picture_file::Raster;

/// Around the sheet, between what belongs together, and between images, in pixels.
const MARGIN: usize = 14;
const SPACE: usize = 6;

/// A line of text as pixels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lettering {
    /// Width, in pixels.
    pub width: usize,
    /// Height, in pixels.
    pub height: usize,
    /// How far each pixel is covered, row by row: 0 not at all, 255 wholly.
    pub cover: Vec<u8>,
}

/// What stands under an image: a mark in a colour, and a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLabel {
    /// The colour of the mark.
    pub color: Color32,
    /// The text.
    pub text: Lettering,
}

/// Images in rows and columns, all of one shape.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledSheet {
    /// The images, row after row.
    pub images: Vec<Image>,
    /// Screen pixels a pixel.
    pub scale: usize,
    /// What stands over all of it.
    pub title: Lettering,
    /// What stands under each column.
    pub columns: Vec<Lettering>,
    /// What stands beside each row.
    pub rows: Vec<Lettering>,
    /// What stands under each image; nothing does where there is none.
    pub labels: Vec<SheetLabel>,
}

/// Where the parts of a sheet are, in pixels.
struct Places {
    /// The first image.
    left: usize,
    top: usize,
    /// Width and height of an image.
    image: [usize; 2],
    /// Height of what stands under it.
    label: usize,
    /// Of all.
    width: usize,
    height: usize,
}

impl LabelledSheet {
    /// The side of the mark beside a text of this height.
    #[must_use]
    pub fn mark(text_height: usize) -> usize {
        text_height * 2 / 3
    }

    /// What the mark and the space around it take of the width under an image.
    #[must_use]
    pub fn beside_text(text_height: usize) -> usize {
        Self::mark(text_height) + SPACE
    }

    /// The sheet as a picture.
    #[must_use]
    pub fn raster(&self) -> Raster {
        let places = self.places();
        let size = [places.width, places.height];
        let mut paper = Paper(ColorImage::filled(size, Color32::WHITE));
        paper.text([MARGIN, MARGIN], &self.title);
        let [across, down] = places.steps();
        for (column, text) in self.columns.iter().enumerate() {
            let x = places.left + column * across + places.image[0] / 2;
            let y = places.top + self.rows.len() * down;
            paper.text([x.saturating_sub(text.width / 2), y], text);
        }
        for (row, text) in self.rows.iter().enumerate() {
            let y = places.top + row * down + places.image[1] / 2;
            let corner = [
                places.left.saturating_sub(SPACE + text.width),
                y.saturating_sub(text.height / 2),
            ];
            paper.text(corner, text);
        }
        let columns = self.columns.len().max(1);
        for (index, image) in self.images.iter().enumerate() {
            let x = places.left + index % columns * across;
            let y = places.top + index / columns * down;
            paper.picture([x, y], &Raster::image(image, self.scale));
            if let Some(label) = self.labels.get(index) {
                paper.label([x, y + places.image[1] + 2], label);
            }
        }
        Raster::of_colors(&paper.0)
    }

    fn places(&self) -> Places {
        let shape = self.images.first().map(Image::shape);
        let image = shape.map_or([0, 0], |shape| {
            [shape.width() * self.scale, shape.height() * self.scale]
        });
        let widest = self.rows.iter().map(|text| text.width).max().unwrap_or(0);
        let label = self.labels.iter().map(|label| label.text.height + 2).max();
        let under = self.columns.iter().map(|text| text.height).max();
        let mut places = Places {
            left: MARGIN + widest + SPACE,
            top: MARGIN + self.title.height + SPACE,
            image,
            label: label.unwrap_or(0),
            width: 0,
            height: 0,
        };
        let [across, down] = places.steps();
        let right = places.left + self.columns.len() * across;
        places.width = right.max(MARGIN + self.title.width) + MARGIN;
        places.height = places.top + self.rows.len() * down + under.unwrap_or(0) + MARGIN;
        places
    }
}

impl Places {
    /// From one image to the next, across and down.
    fn steps(&self) -> [usize; 2] {
        [self.image[0] + SPACE, self.image[1] + self.label + SPACE]
    }
}

/// A white picture that is written on in black.
struct Paper(ColorImage);

impl Paper {
    /// A pixel; one beyond the edge does not exist.
    fn pixel(&mut self, [x, y]: [usize; 2]) -> Option<&mut Color32> {
        let [width, height] = self.0.size;
        let inside = x < width && y < height;
        inside.then(|| &mut self.0[(x, y)])
    }

    fn picture(&mut self, [left, top]: [usize; 2], picture: &Raster) {
        for (index, color) in picture.rgb().chunks_exact(3).enumerate() {
            let place = [left + index % picture.width, top + index / picture.width];
            if let Some(pixel) = self.pixel(place) {
                *pixel = Color32::from_rgb(color[0], color[1], color[2]);
            }
        }
    }

    fn text(&mut self, [left, top]: [usize; 2], text: &Lettering) {
        for (index, cover) in text.cover.iter().enumerate() {
            let place = [left + index % text.width, top + index / text.width];
            if let Some(pixel) = self.pixel(place) {
                *pixel = pixel.lerp_to_gamma(Color32::BLACK, f32::from(*cover) / 255.0);
            }
        }
    }

    fn label(&mut self, [left, top]: [usize; 2], label: &SheetLabel) {
        let height = label.text.height;
        let side = LabelledSheet::mark(height);
        let down = (height - side) / 2;
        for place in 0..side * side {
            let place = [left + place % side, top + down + place / side];
            if let Some(pixel) = self.pixel(place) {
                *pixel = label.color;
            }
        }
        self.text(
            [left + LabelledSheet::beside_text(height), top],
            &label.text,
        );
    }
}
