//! The one error of this crate.

use burn::tensor::TensorReadError;

/// What can be wrong with a raw map.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// The number of values does not fill the map, or the map has no cell at all.
    #[error(
        "a heatmap of {height} x {width} needs {} values, at least one, but has {values}: pass one value a cell, row by row",
        height * width
    )]
    Size {
        /// Rows that were asked for.
        height: usize,
        /// Columns that were asked for.
        width: usize,
        /// Values that were given.
        values: usize,
    },

    /// A cell holds NaN or an infinity.
    #[error(
        "the heatmap's value at row {row}, column {column} is {value}: \
         the weights or the image that it was computed from are damaged, open the model again and check the image"
    )]
    NotFinite {
        /// Row of the first such cell.
        row: usize,
        /// Column of the first such cell.
        column: usize,
        /// Its value.
        value: f32,
    },

    /// One map of a batch is wrong.
    #[error("the map of image {image} for class {class} is unusable")]
    Map {
        /// Index of the image in the batch.
        image: usize,
        /// Index of the class.
        class: usize,
        /// What is wrong with it.
        #[source]
        source: Box<ExplainError>,
    },

    /// The device failed while the maps were computed or copied to the host.
    #[error("the maps could not be read from the device: run again on the CPU")]
    Read(#[from] TensorReadError),
}
