//! What is sound in a file that is damaged somewhere: a part that cannot be read is left out, and the others stay.

use std::fmt;

use ron::value::RawValue;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};

/// A piece of a file that was not looked into yet.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Part(Box<RawValue>);

impl Part {
    /// What the piece says, if it can be read.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        self.0.into_rust().ok()
    }

    /// Puts what the piece says in the place of a value, if it can be read.
    pub fn put_into<T: DeserializeOwned>(&self, value: &mut T) {
        if let Some(found) = self.read() {
            *value = found;
        }
    }

    /// The entries of a map that can be read.
    #[must_use]
    pub fn entries<K: DeserializeOwned, V: DeserializeOwned, M: FromIterator<(K, V)>>(&self) -> M {
        let parts: Parts = self.read().unwrap_or_default();
        parts.sound().collect()
    }
}

/// A piece that is not there, of which nothing can be read.
impl Default for Part {
    fn default() -> Self {
        Self(RawValue::from_rust(&()).expect("a unit has a form in RON"))
    }
}

/// The pieces of a map.
#[derive(Clone, Default)]
pub struct Parts(Vec<(Part, Part)>);

impl Parts {
    /// The entries that can be read.
    pub fn sound<K: DeserializeOwned, V: DeserializeOwned>(&self) -> impl Iterator<Item = (K, V)> {
        let pairs = self.0.iter();
        pairs.filter_map(|(key, value)| Some((key.read()?, value.read()?)))
    }
}

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Parts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Parts(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Something that the window keeps in a file.
pub trait Kept: DeserializeOwned {
    /// What is sound in the text of a file that cannot be read as a whole; `None` if nothing is.
    fn sound_parts(text: &str) -> Option<Self>;
}
