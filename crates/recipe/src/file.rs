//! Where the text lies in a file.

use std::io::Cursor;

/// The keyword of the PNG text chunk (`iTXt`) with the recipe.
pub const KEYWORD: &str = "latent-lens recipe";

/// Largest text that is unpacked, in bytes: a show of thousands of stops is smaller.
pub const LARGEST_TEXT: usize = 4 << 20;

/// The text under a keyword in a PNG file, of which the start will do; `None` if it is no PNG file or has none, and if the text
/// unpacks to more than [`LARGEST_TEXT`].
#[must_use]
pub fn png_text(png: &[u8], keyword: &str) -> Option<String> {
    let reader = png::Decoder::new(Cursor::new(png)).read_info().ok()?;
    let mut texts = reader.info().utf8_text.iter();
    let mut chunk = texts.find(|chunk| chunk.keyword == keyword)?.clone();
    // A few bytes can be packed text of gigabytes.
    chunk.decompress_text_with_limit(LARGEST_TEXT).ok()?;
    chunk.get_text().ok()
}
