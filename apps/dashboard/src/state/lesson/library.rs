//! The lessons that there are: those of the program, and the person's own.

use std::sync::Arc;

use super::{Lesson, parse};

/// The name of a lesson of the program, and its text.
macro_rules! shipped_file {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../../../assets/lessons/", $name, ".ron")),
        )
    };
}

/// The lessons of the program, in the order in which to do them, by the names of their files.
const SHIPPED: [(&str, &str); 5] = [
    shipped_file!("four-to-nine"),
    shipped_file!("one-dimension"),
    shipped_file!("fool-the-classifier"),
    shipped_file!("why-blurry"),
    shipped_file!("trusted"),
];

/// A lesson with remarks that say how to write one.
pub const EXAMPLE: &str = include_str!("../../../../../assets/lessons/example/my-first-lesson.ron");

/// A lesson in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// What the notebook knows it by: the name of its file, and for the person's own one where it is.
    pub key: String,
    /// What it is.
    pub lesson: Arc<Lesson>,
}

/// What the key of a person's own lesson begins with.
const OWN: &str = "own/";

impl Listed {
    /// The key of a person's own lesson, by the name of its file.
    #[must_use]
    pub fn own_key(file: &str) -> String {
        format!("{OWN}{file}")
    }

    /// The file of a person's own lesson; `None` if it is one of the program.
    #[must_use]
    pub fn own_file(&self) -> Option<&str> {
        self.key.strip_prefix(OWN)
    }
}

/// A file that is no lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Its name.
    pub file: String,
    /// The line and what is wrong there, or why it could not be read, and what to do.
    pub reason: String,
}

/// All lessons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// Those of the program, then the person's own by the names of their files.
    pub lessons: Vec<Listed>,
    /// Files in the person's folder that are no lessons.
    pub damaged: Vec<Damaged>,
}

impl Library {
    /// The lesson of this key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Listed> {
        self.lessons.iter().find(|listed| listed.key == key)
    }

    /// Adds what a file holds: a lesson, or what is wrong with it.
    pub fn add(&mut self, key: String, file: String, text: &str) {
        match parse(text) {
            Ok(lesson) => self.lessons.push(Listed {
                key,
                lesson: Arc::new(lesson),
            }),
            Err(error) => self.damaged.push(Damaged {
                file,
                reason: format!("line {}: {}", error.line, error.text),
            }),
        }
    }
}

/// The lessons of the program.
#[must_use]
pub fn shipped() -> Library {
    let mut library = Library::default();
    for (name, text) in SHIPPED {
        library.add(name.to_owned(), format!("{name}.ron"), text);
    }
    library
}
