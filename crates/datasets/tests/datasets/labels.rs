//! Labels from a table.

use std::{fs, path::Path};

use datasets::{
    DataFormat, DataSource, DatasetError, FolderDataset, FolderOptions, LabelSource, TableLabels,
    load_folder,
};
use image::{GrayImage, Luma};
use tempfile::TempDir;

/// Writes a picture of 8x8 pixels that is this level all over.
pub fn level(path: &Path, level: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    GrayImage::from_pixel(8, 8, Luma([level]))
        .save(path)
        .unwrap();
}

/// Four pictures: levels 16, 20, 30 and 40, the last two in a folder.
fn pictures() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, grey) in [
        ("a.png", 16),
        ("b.png", 20),
        ("more/c.png", 30),
        ("more/d.png", 40),
    ] {
        level(&dir.path().join("pictures").join(name), grey);
    }
    dir
}

/// Loads pictures with the labels of a table, as bytes.
fn load_with(
    dir: &TempDir,
    table: &[u8],
    columns: &[&str],
    skip_unmatched: bool,
) -> Result<FolderDataset, DatasetError> {
    let file = dir.path().join("labels.csv");
    fs::write(&file, table).unwrap();
    let options = FolderOptions {
        source: DataSource {
            labels: LabelSource::Table(TableLabels {
                file,
                columns: columns.iter().map(|&name| name.to_owned()).collect(),
                file_column: None,
            }),
            skip_unmatched,
            ..DataSource::all(DataFormat::Pictures)
        },
        ..FolderOptions::default()
    };
    load_folder(&dir.path().join("pictures"), &options)
}

/// The classes of the pictures of levels 16, 20, 30 and 40, by their names.
fn classes(loaded: &FolderDataset) -> Vec<(u8, String)> {
    let images = &loaded.images;
    let class = |index: usize| {
        let label = images.label(index).unwrap();
        (
            images.values(index)[0],
            loaded.class_names[label.index()].clone(),
        )
    };
    let mut classes: Vec<_> = (0..images.len()).map(class).collect();
    classes.sort();
    classes
}

fn of(classes: [(u8, &str); 4]) -> Vec<(u8, String)> {
    classes
        .map(|(level, name)| (level, name.to_owned()))
        .to_vec()
}

fn labelled(table: &[u8], columns: &[&str]) -> Vec<(u8, String)> {
    classes(&load_with(&pictures(), table, columns, false).unwrap())
}

/// The error of a table that must be refused: it names the file, and each of `expected`.
fn refused(table: &[u8], columns: &[&str], expected: &[&str]) {
    let error = load_with(&pictures(), table, columns, false)
        .unwrap_err()
        .to_string();
    assert!(error.contains("labels.csv"), "{error}");
    for part in expected {
        assert!(error.contains(part), "no `{part}`: {error}");
    }
}

const KINDS: &str = "file,kind\na.png,10\nb.png,9\nmore/c.png,9\nmore/d.png,10\n";

#[test]
fn a_column_makes_a_class_of_each_value_in_natural_order() {
    let loaded = load_with(&pictures(), KINDS.as_bytes(), &["kind"], false).unwrap();
    assert_eq!(loaded.class_names, ["9", "10"]);
    assert_eq!(
        classes(&loaded),
        of([(16, "10"), (20, "9"), (30, "9"), (40, "10")])
    );
    // Whatever folder they lie in, and by class first.
    assert_eq!(loaded.images.labels(), [0, 0, 1, 1]);
}

#[test]
fn tables_are_read_as_programs_write_them() {
    let expected = of([(16, "10"), (20, "9"), (30, "9"), (40, "10")]);
    let windows = KINDS.replace('\n', "\r\n");
    let old_mac = KINDS.replace('\n', "\r");
    let semicolons = KINDS.replace(',', ";");
    let tabs = KINDS.replace(',', "\t");
    let marked = format!("\u{feff}{KINDS}");
    let quoted = "\"file\",\"kind\"\n\"a.png\",\"10\"\n\"b.png\",9\n\"more/c.png\",\"9\"\n\"more/d.png\",\"10\"";
    let spaced = KINDS.replace(',', " , ").replace("more/", ".\\more\\");
    for table in [
        &windows,
        &old_mac,
        &semicolons,
        &tabs,
        &marked,
        quoted,
        &spaced,
    ] {
        assert_eq!(labelled(table.as_bytes(), &["kind"]), expected, "{table:?}");
    }
    // A field in quotation marks may hold anything: delimiters, quotation marks, line ends.
    let fields = "note,image_id,kind\n\"one, two\",a,\"x \"\"y\"\"\"\n\"a\nb\",b,z\n,c,z\n,d,z\n";
    let expected = of([(16, "x \"y\""), (20, "z"), (30, "z"), (40, "z")]);
    // `image_id` names the picture, here without its ending and its folder.
    assert_eq!(labelled(fields.as_bytes(), &["kind"]), expected);
}

#[test]
fn attributes_are_combined() {
    let expected = of([
        (16, "smiling, hat"),
        (20, "not smiling, not hat"),
        (30, "smiling, not hat"),
        (40, "smiling, hat"),
    ]);
    let zero = "file,smiling,hat\na.png,1,1\nb.png,0,0\nc.png,1,0\nd.png,1,1\n";
    let minus = zero.replace(",0", ",-1");
    let decimals = zero.replace(",0", ",0.0").replace(",1", ",1.0");
    for table in [zero, &minus, &decimals] {
        assert_eq!(
            labelled(table.as_bytes(), &["smiling", "hat"]),
            expected,
            "{table}"
        );
    }
    let loaded = load_with(&pictures(), zero.as_bytes(), &["hat", "smiling"], false).unwrap();
    // Only what occurs, the first attribute counting most.
    let names = ["not hat, not smiling", "not hat, smiling", "hat, smiling"];
    assert_eq!(loaded.class_names, names);
    // One column of -1 and 1 is an attribute, and one of 0 and 1 numbers classes.
    let expected = of([(16, "hat"), (20, "not hat"), (30, "not hat"), (40, "hat")]);
    assert_eq!(labelled(minus.as_bytes(), &["hat"]), expected);
    let expected = of([(16, "1"), (20, "0"), (30, "0"), (40, "1")]);
    assert_eq!(labelled(zero.as_bytes(), &["hat"]), expected);
}

#[test]
fn a_field_may_hold_several_attributes() {
    let table = "file,style,attributes\n\
                 a.png,x,base=default;glasses=none;mouth=m1\n\
                 b.png,x,base=default;glasses=round;mouth=m2\n\
                 c.png,y,glasses=none\n\
                 d.png,y,mouth=m1;glasses=round\n";
    let expected = of([(16, "none"), (20, "round"), (30, "none"), (40, "round")]);
    assert_eq!(labelled(table.as_bytes(), &["glasses"]), expected);
    refused(
        table.as_bytes(),
        &["hat"],
        &["line 1", "'hat'", "'style'", "'glasses'"],
    );
    // Where it lacks the attribute, the picture has no label.
    refused(
        table.as_bytes(),
        &["mouth"],
        &["1 pictures have no label", "more/c.png"],
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let missing = KINDS.as_bytes();
    refused(
        missing,
        &["colour"],
        &["line 1", "no column 'colour'", "choose from 'file', 'kind'"],
    );
    let twice = KINDS.replace("b.png,9", "a.png,9");
    refused(
        twice.as_bytes(),
        &["kind"],
        &["line 3", "'a.png'", "second time, after line 2", "take one"],
    );
    let neither = "file,hat,ears\na.png,1,1\nb.png,0,0\nc.png,maybe,1\nd.png,0,1\n";
    refused(
        neither.as_bytes(),
        &["hat", "ears"],
        &["line 4", "'maybe'", "'hat'", "neither 0 and 1 nor"],
    );
    let both = neither.replace("maybe", "-1");
    refused(
        both.as_bytes(),
        &["hat", "ears"],
        &["line 4", "-1 stands", "0 in line 3"],
    );
    let short = KINDS.replace("b.png,9", "b.png");
    refused(
        short.as_bytes(),
        &["kind"],
        &["line 3", "1 fields", "headings are 2"],
    );
    let open = KINDS.replace("b.png,9", "b.png,\"9");
    refused(
        open.as_bytes(),
        &["kind"],
        &["line 3", "quotation mark is opened"],
    );
    let same = KINDS.replace("file,kind", "kind,kind");
    refused(
        same.as_bytes(),
        &["kind"],
        &["line 1", "two columns are called 'kind'"],
    );
    refused(b"file,kind\n", &["kind"], &["no row"]);
    refused(b"", &["kind"], &["no row"]);
    refused(
        b"file,kind\na.png,\xe9t\xe9\n",
        &["kind"],
        &["line 2", "UTF-8"],
    );
    refused(b"\xff\xfef\0i\0l\0e\0", &["kind"], &["UTF-16", "UTF-8"]);
    let long = KINDS.replace(",9", &format!(",{}", "9".repeat(201)));
    refused(
        long.as_bytes(),
        &["kind"],
        &["line 3", "'9999", "more than 200 characters"],
    );
    let huge = KINDS.replace(",9", &format!(",{}", "9".repeat(1 << 20)));
    let error = load_with(&pictures(), huge.as_bytes(), &["kind"], false).unwrap_err();
    assert!(
        error.to_string().len() < 1_000,
        "a name of a megabyte is not said in full"
    );
    let broken = KINDS.replace(",9", ",\"9\n9\"");
    refused(broken.as_bytes(), &["kind"], &["line 3", "line break"]);
}

#[test]
fn rows_and_pictures_without_counterpart_are_named_and_left_out_if_wanted() {
    let table = "file,kind\na.png,x\nghost.png,x\nmore/c.png,y\nmore/d.png,\n";
    refused(
        table.as_bytes(),
        &["kind"],
        &[
            "1 rows have no picture (line 3: 'ghost.png')",
            "2 pictures have no label (b.png, more/d.png)",
        ],
    );
    let loaded = load_with(&pictures(), table.as_bytes(), &["kind"], true).unwrap();
    assert_eq!(loaded.class_names, ["x", "y"]);
    assert_eq!(loaded.images.len(), 2);
    assert!(
        loaded.notes[0].contains("1 rows") && loaded.notes[0].contains("2 pictures"),
        "{:?}",
        loaded.notes
    );
    // A class of which no picture is left is none.
    let table = "file,kind\na.png,x\nghost.png,lost\nc.png,z\n";
    let loaded = load_with(&pictures(), table.as_bytes(), &["kind"], true).unwrap();
    assert_eq!(loaded.class_names, ["x", "z"]);
    assert_eq!(loaded.images.labels(), [0, 1]);
    // Nothing at all is left of a table of other pictures.
    let error = load_with(&pictures(), b"file,kind\nghost.png,x\n", &["kind"], true).unwrap_err();
    assert!(matches!(error, DatasetError::Unmatched { .. }), "{error}");
}

#[test]
fn a_name_that_several_pictures_have_needs_its_folder() {
    let dir = pictures();
    level(&dir.path().join("pictures/more/a.png"), 50);
    // The whole path is no doubt, the name alone is: `a.png` lies in the folder itself.
    let table = "file,kind\na.png,x\nmore/a.png,y\nb.png,x\nc.png,y\nd.png,y\n";
    let loaded = load_with(&dir, table.as_bytes(), &["kind"], false).unwrap();
    assert!(classes(&loaded).contains(&(50, "y".to_owned())));
    level(&dir.path().join("pictures/other/c.png"), 60);
    let error = load_with(&dir, table.as_bytes(), &["kind"], false)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 5") && error.contains("several pictures"),
        "{error}"
    );
}

#[test]
fn parts_are_those_of_the_folders() {
    let dir = tempfile::tempdir().unwrap();
    for (name, grey) in [
        ("train/a.png", 10),
        ("train/b.png", 20),
        ("test/a.png", 30),
        ("test/b.png", 40),
    ] {
        level(&dir.path().join("pictures").join(name), grey);
    }
    let table = "path,kind\ntrain/a.png,x\ntrain/b.png,y\ntest/a.png,x\ntest/b.png,y\n";
    let loaded = load_with(&dir, table.as_bytes(), &["kind"], false).unwrap();
    assert_eq!(loaded.images.labels(), [0, 1]);
    let test = loaded.test.unwrap();
    assert_eq!(
        (test.labels(), test.values(1)[0]),
        ([0_u16, 1].as_slice(), 40)
    );
}

#[test]
fn too_many_columns_and_none_are_refused() {
    let columns = ["a"; 10];
    refused(KINDS.as_bytes(), &columns, &["10 columns", "1 to 9"]);
    refused(KINDS.as_bytes(), &[], &["0 columns", "1 to 9"]);
}
