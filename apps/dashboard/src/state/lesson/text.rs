//! A lesson out of its text, or what is wrong with it: in which line, and what to do about it.

use ron::{Options, error::Error, extensions::Extensions};

use super::Lesson;

/// How the first line of a lesson begins; the version follows.
const FIRST_LINE: &str = "// Latent Lens lesson, version ";
/// The newest version that is read.
const VERSION: u32 = 1;

/// Why a text is no lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonError {
    /// The line that it was noticed in, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub text: String,
}

/// Reads a lesson.
///
/// # Errors
/// [`LessonError`] if it is none, or one of a newer version.
pub fn parse(text: &str) -> Result<Lesson, LessonError> {
    // Some editors put an invisible mark in front.
    let text = text.trim_start_matches('\u{feff}');
    check_version(text).map_err(|text| LessonError { line: 1, text })?;
    let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    options.from_str(text).map_err(|error| LessonError {
        line: error.span.end.line,
        text: in_words(&error.code),
    })
}

fn check_version(text: &str) -> Result<(), String> {
    let line = text.lines().next();
    let rest = line.unwrap_or_default().strip_prefix(FIRST_LINE);
    let version = rest.and_then(|rest| rest.trim().parse::<u32>().ok());
    match version {
        None => Err(format!(
            "the first line does not say what this is: begin the file with {FIRST_LINE}{VERSION}"
        )),
        Some(version) if version > VERSION => Err(format!(
            "it is of version {version}, and this program knows version {VERSION}: use a newer program"
        )),
        Some(_) => Ok(()),
    }
}

/// What is wrong, with advice.
fn in_words(error: &Error) -> String {
    match error {
        // These say themselves what to do.
        Error::Message(text) => text.clone(),
        Error::NoSuchEnumVariant {
            expected, found, ..
        }
        | Error::NoSuchStructField {
            expected, found, ..
        } => {
            let known = expected.join(", ");
            format!("“{found}” is not known here: write one of {known}")
        }
        Error::MissingStructField { field, .. } => {
            format!("“{field}” is missing: add it")
        }
        Error::DuplicateStructField { field, .. } => {
            format!("“{field}” is there twice: take one away")
        }
        Error::Eof => {
            "the text ends too early: look for a bracket or a quote that is not closed".to_owned()
        }
        other => {
            let what = other.to_string();
            let what = what.strip_suffix('.').unwrap_or(&what);
            format!(
                "{what}: look at this line and the one before for a missing comma, quote or bracket"
            )
        }
    }
}
