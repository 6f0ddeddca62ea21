//! The order of names as people count: 2 before 10.

use std::{cmp::Ordering, path::Path};

/// Orders paths by their names as people do, and those that read alike by their bytes.
pub(super) fn by_name(a: &Path, b: &Path) -> Ordering {
    natural(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
}

/// Orders texts as people do: numbers in them by their value, so that 2 comes before 10.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (one, other) = (a.chars().next(), b.chars().next());
        let (Some(one), Some(other)) = (one, other) else {
            return one.cmp(&other);
        };
        if one.is_ascii_digit() && other.is_ascii_digit() {
            let (first, second) = (digits(a), digits(b));
            let (x, y) = (
                first.trim_start_matches('0'),
                second.trim_start_matches('0'),
            );
            let order = x
                .len()
                .cmp(&y.len())
                .then_with(|| x.cmp(y))
                .then_with(|| first.len().cmp(&second.len()));
            if order != Ordering::Equal {
                return order;
            }
            a = &a[first.len()..];
            b = &b[second.len()..];
            continue;
        }
        if one != other {
            return one.cmp(&other);
        }
        a = &a[one.len_utf8()..];
        b = &b[other.len_utf8()..];
    }
}

fn digits(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    &text[..end.unwrap_or(text.len())]
}
