//! Whether a map tells the truth: does the score really depend on the pixels that the map names?
//!
//! [`deletion_insertion`] takes pixels away from an image, and puts them back, in the order of a ranking (Petsiuk et
//! al., 2018), and looks at the score. A good ranking makes the score fall early when its pixels go and rise early when
//! they come: its [`Curves::insertion_minus_deletion`] is large. The figure means nothing alone, since a blob in the
//! middle of a centred image scores well too; hence the rankings to beat: [`random_ranking`],
//! [`centred_gaussian_ranking`] and [`intensity_ranking`].
//!
//! [`spearman`] compares two rankings. A map that stays the same when the classifier's weights are replaced by random
//! ones (Adebayo et al., 2018) explains the image, not the classifier.

mod curves;
mod ranking;

pub use curves::{Curves, auc, deletion_insertion};
pub use ranking::{centred_gaussian_ranking, intensity_ranking, random_ranking, spearman};
