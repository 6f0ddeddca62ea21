//! A picture with a text in it. The tests of both programs open such ones, too.

use std::fs;
use std::path::Path;

/// A PNG file of one pixel with a text in it.
pub fn png_with(path: &Path, keyword: &str, text: &str) {
    let file = fs::File::create(path).expect("a file");
    let mut encoder = png::Encoder::new(file, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    let added = encoder.add_itxt_chunk(keyword.to_owned(), text.to_owned());
    added.expect("a keyword");
    let mut writer = encoder.write_header().expect("a file");
    writer.write_image_data(&[0]).expect("a pixel");
}
