//! Files: written whole or not at all, with what they are in their first line, or with the scene of a picture inside.
//! What is in them is other modules' business.

pub mod atomic;
pub mod labelled_sheet;
pub mod parts;
pub mod picture_file;
pub mod sheet_film;
pub mod store;
pub mod writer;
