//! How a layer is written into files, so that those of earlier versions are still read: until version 1 it was called by the
//! name of a stage of the only network that there was.

use datasets::Layer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(rename = "Layer")]
enum KeptLayer {
    Layer(usize),
    Stage1,
    Stage2,
    Stage3,
    Stage4,
}

/// The layer by its number.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
pub(super) fn serialize<S: Serializer>(layer: &Layer, serializer: S) -> Result<S::Ok, S::Error> {
    KeptLayer::Layer(layer.index()).serialize(serializer)
}

/// The layer, by its number or by its name of version 1.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Layer, D::Error> {
    Ok(Layer(match KeptLayer::deserialize(deserializer)? {
        KeptLayer::Layer(index) => index,
        KeptLayer::Stage1 => 0,
        KeptLayer::Stage2 => 1,
        KeptLayer::Stage3 => 2,
        KeptLayer::Stage4 => 3,
    }))
}
