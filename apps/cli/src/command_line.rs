//! The command line as text: as it can be given again, and what several commands take.

/// The command as it was given, so that it can be given again.
pub fn as_given() -> String {
    text(std::env::args().skip(1))
}

/// The command as it was given, but for one switch.
pub fn without(switch: &str) -> String {
    text(std::env::args().skip(1).filter(|given| given != switch))
}

fn text(arguments: impl Iterator<Item = String>) -> String {
    let arguments = arguments.map(|argument| quoted(&argument));
    std::iter::once("latent-lens".to_owned())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

/// An argument as a shell takes it.
pub fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
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
    use super::{noise, quoted};

    #[test]
    fn arguments_survive_a_shell() {
        assert_eq!(quoted("--data=a/b.c"), "--data=a/b.c");
        assert_eq!(quoted("my data"), "'my data'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn noise_is_a_number_from_0_to_10() {
        assert_eq!([noise("0"), noise("10")], [Ok(0.0), Ok(10.0)]);
        for text in ["-0.1", "10.1", "nan", "inf", "much"] {
            noise(text).expect_err(text);
        }
    }
}
