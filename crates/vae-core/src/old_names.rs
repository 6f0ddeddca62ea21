//! What the tensors were called before the network had any number of levels, so that files of those versions still load.

/// Regular expressions that match the beginnings of old tensor names, and what stands there now: for
/// `burn::store::KeyRemapper::from_patterns`. Names of today stay as they are.
///
/// Those networks had three levels, numbered from 1 on, with fields of their own.
#[must_use]
pub fn old_tensor_names() -> Vec<(&'static str, &'static str)> {
    vec![
        (r"^encoder\.conv1\.", "encoder.levels.0.conv."),
        (r"^encoder\.conv2\.", "encoder.levels.1.conv."),
        (r"^encoder\.conv3\.", "encoder.levels.2.conv."),
        (r"^encoder\.blocks1\.", "encoder.levels.0.blocks."),
        (r"^encoder\.blocks2\.", "encoder.levels.1.blocks."),
        (r"^encoder\.blocks3\.", "encoder.levels.2.blocks."),
        (r"^decoder\.up1\.", "decoder.levels.0.up."),
        (r"^decoder\.up2\.", "decoder.levels.1.up."),
        (r"^decoder\.up3\.", "decoder.levels.2.up."),
        (r"^decoder\.blocks1\.", "decoder.levels.0.blocks."),
        (r"^decoder\.blocks2\.", "decoder.levels.1.blocks."),
        (r"^decoder\.blocks3\.", "decoder.levels.2.blocks."),
        (r"^decoder\.blocks4\.", "decoder.blocks."),
    ]
}
