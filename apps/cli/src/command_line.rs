//! The command line as text: as it can be given again, and what several commands take.

use std::ffi::OsString;

pub use runs::quoted;

/// The command as it was given, so that it can be given again.
pub fn as_given() -> String {
    text(given())
}

/// Whether an argument was given as it stands.
pub fn has(argument: &str) -> bool {
    given().any(|given| given == argument)
}

/// The arguments, which need not be Unicode: paths are not.
fn given() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1)
}

/// The command as it was given, but for one switch.
pub fn without(switch: &str) -> String {
    text(given().filter(|given| given != switch))
}

fn text(arguments: impl Iterator<Item = OsString>) -> String {
    let arguments = arguments.map(quoted);
    std::iter::once("latent-lens".to_owned())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A noise scale: a number from 0 to 10.
///
/// # Errors
///
/// If `text` is none.
pub fn noise(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=10.0).contains(&value) => Ok(value),
        _ => Err("it must be a number from 0 to 10".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::noise;

    #[test]
    fn noise_is_a_number_from_0_to_10() {
        assert_eq!([noise("0"), noise("10")], [Ok(0.0), Ok(10.0)]);
        for text in ["-0.1", "10.1", "nan", "inf", "much"] {
            noise(text).expect_err(text);
        }
    }
}
