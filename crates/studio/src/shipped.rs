//! The models that are part of the program. `build.rs` lists them; nothing else knows their names.

use std::fmt;

use serde::de::{EnumAccess, VariantAccess as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

// `NAMES`, `DOMAINS`, `KINDS`, and the files of each of them by name in `FILES`.
include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// A model that is part of the program.
///
/// It is written as the variants of an enum are, because earlier versions had one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShippedModel(usize);

impl ShippedModel {
    /// All of them, in the order in which to offer them.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..NAMES.len()).map(Self)
    }

    /// The one of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|model| model.name() == name)
    }

    /// What it is called in commands.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[self.0]
    }

    /// What its images show, as it is called on the screen.
    #[must_use]
    pub fn domain(self) -> &'static str {
        DOMAINS[self.0]
    }

    /// What kind of model it is, as it is called on the screen.
    #[must_use]
    pub fn kind(self) -> &'static str {
        KINDS[self.0]
    }

    /// What it is called on the screen: by its domain alone if it is the one that opens with it.
    #[must_use]
    pub fn title(self) -> String {
        let (domain, kind) = (self.domain(), self.kind());
        let opens = Self::all().find(|model| model.domain() == domain);
        if opens == Some(self) {
            domain.to_owned()
        } else {
            format!("{domain}, {kind}")
        }
    }

    /// The bytes of one of its files.
    pub(crate) fn file(self, name: &str) -> Option<&'static [u8]> {
        let mut files = FILES[self.0].iter();
        files
            .find(|(file, _)| *file == name)
            .map(|(_, bytes)| *bytes)
    }
}

impl fmt::Debug for ShippedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for ShippedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for ShippedModel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit_variant("ShippedModel", self.0 as u32, self.name())
    }
}

impl<'de> Deserialize<'de> for ShippedModel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("ShippedModel", NAMES, ModelVisitor)
    }
}

struct ModelVisitor;

impl<'de> Visitor<'de> for ModelVisitor {
    type Value = ShippedModel;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", NAMES.join(", "))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<ShippedModel, A::Error> {
        let (Identifier(name), variant) = data.variant()?;
        variant.unit_variant()?;
        ShippedModel::find(&name).ok_or_else(|| serde::de::Error::unknown_variant(&name, NAMES))
    }
}

/// The name of a variant.
struct Identifier(String);

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Identifier;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, text: &str) -> Result<Identifier, E> {
                Ok(Identifier(text.to_owned()))
            }
        }
        deserializer.deserialize_identifier(Text)
    }
}
