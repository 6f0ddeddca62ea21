//! Where the text lies in a file.

use std::io::Cursor;

/// The keyword of the PNG text chunk (`iTXt`) with the recipe.
pub const KEYWORD: &str = "latent-lens recipe";

/// The text under a keyword in a PNG file, of which the start will do; `None` if it is no PNG file or has none.
#[must_use]
pub fn png_text(png: &[u8], keyword: &str) -> Option<String> {
    let reader = png::Decoder::new(Cursor::new(png)).read_info().ok()?;
    let mut texts = reader.info().utf8_text.iter();
    let chunk = texts.find(|chunk| chunk.keyword == keyword)?;
    chunk.get_text().ok()
}
