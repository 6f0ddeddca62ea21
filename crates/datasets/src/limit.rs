//! A part of a data set, of each class as much as of any other.

use crate::{LabelledImages, SPLIT_SEED, Seed, batches::permutation};

/// The seed of the choice; the same for every data set and forever. The streams 0 and 1 of the seed of splits are used by them.
fn limit_seed() -> Seed {
    SPLIT_SEED.derive(2)
}

/// The positions of at most `limit` items, ascending, given the class of each: the same number of every class, and more of the others
/// where a class has too few. A fixed seed decides which ones, and a larger limit keeps those of a smaller one.
#[must_use]
pub fn balanced(classes: &[u16], limit: usize) -> Vec<usize> {
    let count = classes
        .iter()
        .max()
        .map_or(0, |last| usize::from(*last) + 1);
    let mut members = vec![Vec::new(); count];
    for (position, &class) in classes.iter().enumerate() {
        members[usize::from(class)].push(position);
    }
    let sizes: Vec<usize> = members.iter().map(Vec::len).collect();
    let mut chosen = Vec::new();
    for (class, quota) in even_shares(&sizes, limit).into_iter().enumerate() {
        let order = permutation(sizes[class], limit_seed().derive(class as u64));
        chosen.extend(order.into_iter().take(quota).map(|at| members[class][at]));
    }
    chosen.sort_unstable();
    chosen
}

/// At most `limit` of some images, see [`balanced`]; of images without labels any.
pub(crate) fn limited(images: &LabelledImages, limit: usize) -> LabelledImages {
    if images.is_labelled() {
        return images.subset(&balanced(images.labels(), limit));
    }
    images.subset(&balanced(&vec![0; images.len()], limit))
}

/// How many to take of each size so that all get as many as any other, as far as they have so many, and `limit` in all.
fn even_shares(sizes: &[usize], limit: usize) -> Vec<usize> {
    let mut shares = vec![0; sizes.len()];
    let mut left = limit.min(sizes.iter().sum());
    while left > 0 {
        let open: Vec<usize> = (0..sizes.len())
            .filter(|&at| shares[at] < sizes[at])
            .collect();
        let each = (left / open.len()).max(1);
        for at in open {
            let more = each.min(sizes[at] - shares[at]).min(left);
            shares[at] += more;
            left -= more;
        }
    }
    shares
}

/// How many to take of each size so that all keep their proportions, and `limit` in all; what is left by rounding goes to the largest
/// remainders.
pub(crate) fn proportional_shares<const N: usize>(sizes: [usize; N], limit: usize) -> [usize; N] {
    let total: usize = sizes.iter().sum();
    if limit >= total {
        return sizes;
    }
    let mut shares = sizes.map(|size| size * limit / total);
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(sizes[at] * limit % total));
    let left = limit - shares.iter().sum::<usize>();
    for at in order.into_iter().take(left) {
        shares[at] += 1;
    }
    shares
}
