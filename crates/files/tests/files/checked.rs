//! Text under a line with its checksum.

use files::{CheckedError, checked_body, checked_text};

/// The SHA-256 of "abc" and a line break, by `sha256sum`.
const ABC: &str = "// sha256 of what follows: \
    edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb\nabc\n";

#[test]
fn a_text_comes_back_and_a_changed_one_does_not() {
    assert_eq!(checked_text("abc"), ABC);
    assert_eq!(checked_body(ABC), Ok("abc\n"));
    for position in 0..ABC.len() {
        let mut bytes = ABC.as_bytes().to_vec();
        bytes[position] ^= 1;
        let changed = String::from_utf8(bytes).expect("still text");
        checked_body(&changed).expect_err("one bit is another");
    }
    assert_eq!(checked_body("abc\n"), Err(CheckedError::NoChecksum));
    assert_eq!(checked_body(""), Err(CheckedError::NoChecksum));
}
