//! Paths in files of text.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Paths {
    #[serde(with = "files::path_text")]
    one: PathBuf,
    #[serde(with = "files::path_text::list")]
    many: Vec<PathBuf>,
}

#[test]
fn a_path_is_written_as_it_is() {
    let paths = Paths {
        one: "/a/b c".into(),
        many: vec!["d\u{e9}".into()],
    };
    let text = ron::to_string(&paths).expect("text");
    assert_eq!(
        text,
        r#"(one:"/a/b c",many:["d\u{e9}"])"#.replace("\\u{e9}", "\u{e9}")
    );
    assert_eq!(ron::from_str::<Paths>(&text).expect("paths"), paths);
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_unicode_comes_back() {
    use std::os::unix::ffi::OsStringExt as _;
    let path = |bytes: &[u8]| PathBuf::from(std::ffi::OsString::from_vec(bytes.to_vec()));
    let paths = Paths {
        one: path(b"/data/donn\xe9es"),
        many: vec![path(b"\xff"), path(b"plain")],
    };
    let text = ron::to_string(&paths).expect("text");
    assert_eq!(ron::from_str::<Paths>(&text).expect("paths"), paths);
}
