//! Names of methods and colour maps in recipes and on the command line: in small letters, without spaces.

use explain::{ColorMap, Method};

/// The name of a method.
#[must_use]
pub fn method_name(method: Method) -> String {
    method.name().to_lowercase().replace(' ', "-")
}

/// The method of a name, in capital or small letters.
#[must_use]
pub fn method_named(name: &str) -> Option<Method> {
    let name = name.to_lowercase();
    let mut methods = Method::ALL.into_iter();
    methods.find(|method| method_name(*method) == name)
}

/// The name of a colour map.
#[must_use]
pub fn color_map_name(map: ColorMap) -> String {
    map.name().to_lowercase()
}

/// The colour map of a name, in capital or small letters.
#[must_use]
pub fn color_map_named(name: &str) -> Option<ColorMap> {
    let mut maps = ColorMap::ALL.into_iter();
    maps.find(|map| map.name().eq_ignore_ascii_case(name))
}

/// A method by its name, for serde.
pub mod method {
    use explain::Method;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::method_name(*method))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Method, D::Error> {
        let name = String::deserialize(deserializer)?;
        super::method_named(&name)
            .ok_or_else(|| D::Error::custom(format!("there is no method '{name}'")))
    }
}

/// A colour map by its name, for serde.
pub mod color_map {
    use explain::ColorMap;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(map: &ColorMap, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::color_map_name(*map))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ColorMap, D::Error> {
        let name = String::deserialize(deserializer)?;
        super::color_map_named(&name)
            .ok_or_else(|| D::Error::custom(format!("there is no colour map '{name}'")))
    }
}
