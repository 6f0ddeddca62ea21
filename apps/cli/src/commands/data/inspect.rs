//! `latent-lens data inspect`: what is in a folder of data, before anything is trained on it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use datasets::{
    DataFormat,
    inspect::{Inspection, inspect},
};
use image::{Rgb, RgbImage, imageops};
use serde_json::{Value, json};

use crate::{
    output::{print, print_json},
    picture,
    table::{Align, Table},
};

/// At most so many groups, files or classes are listed in text; the JSON object has all.
const LISTED: usize = 10;

/// Images of a class side by side on the sheet.
const COLUMNS: usize = 10;

/// Pixels between the images of the sheet.
const GAP: u32 = 4;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder: pictures with a sub-folder a class or without classes, or arrays (IDX, .npy, .npz, CIFAR's .bin)
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// Write the first ten images of each class as a PNG file [default: write none]
    #[arg(long, value_name = "FILE.png")]
    sheet: Option<PathBuf>,
}

/// Looks at every image of a folder and prints what was found.
///
/// # Errors
///
/// If the folder cannot be read or holds no image, or the sheet cannot be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let found = inspect(&args.folder)?;
    if let Some(path) = &args.sheet {
        let sheet = sheet(&found).context("there is no image to put on the sheet")?;
        picture::save(&sheet, None, path)?;
    }
    if args.json {
        return print_json(&to_json(&found, &args.folder));
    }
    print(&to_text(&found))
}

fn format_name(format: DataFormat) -> &'static str {
    match format {
        DataFormat::Pictures => "pictures",
        DataFormat::Arrays => "arrays",
    }
}

fn to_json(found: &Inspection, folder: &Path) -> Value {
    let shape = found.shape();
    let counts = |[train, test]: [usize; 2]| json!({ "train": train, "test": test });
    let classes = found.classes.iter();
    let classes = classes.map(|(name, count)| json!({ "name": name, "images": counts(*count) }));
    let sizes = found.sizes.iter();
    let sizes = sizes.map(
        |([width, height], count)| json!({ "width": width, "height": height, "images": count }),
    );
    let broken = found.broken.iter();
    let broken = broken.map(|(file, reason)| json!({ "file": file, "reason": reason }));
    json!({
        "folder": folder.to_string_lossy(),
        "format": format_name(found.format),
        "notes": found.notes,
        "shape": shape.map(|shape| [shape.channels(), shape.height(), shape.width()]),
        "sizes": sizes.collect::<Vec<_>>(),
        "images": counts(found.images),
        "coloured": found.coloured,
        "classes": classes.collect::<Vec<_>>(),
        "duplicates": found.duplicates,
        "near_duplicates": found.near_duplicates,
        "leaks": found.leaks,
        "constant": found.constant,
        "broken": broken.collect::<Vec<_>>(),
        "passed_over": found.passed_over,
    })
}

fn to_text(found: &Inspection) -> String {
    let mut lines = vec![found.heading()];
    lines.extend(found.notes.iter().map(|note| format!("  {note}")));
    if found.passed_over > 0 {
        lines.push(format!(
            "  passed over {} files that are no pictures",
            found.passed_over
        ));
    }
    if !found.classes.is_empty() {
        lines.push(classes(found));
    }
    let problems = found.problems();
    lines.extend(problems.iter().map(|(what, places)| list(what, places)));
    lines.join("\n")
}

fn classes(found: &Inspection) -> String {
    let has_test = found.images[1] > 0;
    let mut headings = vec![("class", Align::Left), ("images", Align::Right)];
    if has_test {
        headings.push(("for testing", Align::Right));
    }
    let mut table = Table::new(headings);
    for (name, [train, test]) in &found.classes {
        let mut cells = vec![name.clone(), train.to_string()];
        if has_test {
            cells.push(test.to_string());
        }
        table.row(cells);
    }
    table.render()
}

/// A problem with the number of places, and the first of them.
fn list(what: &str, places: &[String]) -> String {
    let shown = places
        .iter()
        .take(LISTED)
        .map(|place| format!("\n  {place}"));
    let rest = places.len().saturating_sub(LISTED);
    let more = if rest > 0 {
        format!("\n  and {rest} more")
    } else {
        String::new()
    };
    format!(
        "{what}: {}{}{more}",
        places.len(),
        shown.collect::<String>()
    )
}

/// A row for each class, or rows of ten where there are none.
fn sheet(found: &Inspection) -> Option<RgbImage> {
    let (_, first) = found.thumbnails.first()?;
    let (width, height) = first.dimensions();
    let mut rows: Vec<Vec<&RgbImage>> = Vec::new();
    for (number, _) in found.classes.iter().enumerate() {
        let of_class = found
            .thumbnails
            .iter()
            .filter(|(class, _)| class.map(usize::from) == Some(number));
        rows.push(of_class.map(|(_, image)| image).collect());
    }
    if rows.is_empty() {
        let all: Vec<&RgbImage> = found.thumbnails.iter().map(|(_, image)| image).collect();
        rows = all.chunks(COLUMNS).map(<[&RgbImage]>::to_vec).collect();
    }
    rows.retain(|row| !row.is_empty());
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1) as u32;
    let side = |count: u32, side: u32| count * (side + GAP) + GAP;
    let mut sheet = RgbImage::from_pixel(
        side(columns, width),
        side(rows.len() as u32, height),
        Rgb([96; 3]),
    );
    for (y, row) in rows.iter().enumerate() {
        for (x, image) in row.iter().enumerate() {
            let left = i64::from(GAP + x as u32 * (width + GAP));
            let top = i64::from(GAP + y as u32 * (height + GAP));
            imageops::replace(&mut sheet, *image, left, top);
        }
    }
    Some(sheet)
}
