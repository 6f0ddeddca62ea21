//! What every form of writing images has in common.

use std::ops::Range;

use datasets::Image;

/// Takes the images of a run, some at a time, in the order of their positions.
pub trait Writer {
    /// The positions of a range whose images are not there yet.
    fn missing(&self, positions: Range<u64>) -> Vec<u64>;

    /// Writes the images of positions that were missing, the next ones in order.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    fn write(&mut self, positions: &[u64], images: &[Image]) -> anyhow::Result<()>;

    /// Ends the run: all images are written.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    fn finish(&mut self) -> anyhow::Result<()>;
}
