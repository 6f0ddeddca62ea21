//! Which images are the same, and which are nearly.
//!
//! Near duplicates are found by a difference hash of 64 bits: whether each of 8x8 pixels is darker than its right neighbour
//! (N. Krawetz, "Kind of Like That", 2013). Two hashes that differ in at most three bits agree in one of four quarters, so images are only
//! compared with those that share a quarter. What the hash takes for alike is held against the small images themselves, because
//! sets of signs on black have many images with the same hash.

use std::collections::HashMap;

use super::items::{Item, SMALL};

/// Bits in which the hashes of near duplicates may differ.
const BITS: u32 = 3;

/// How far the levels of near duplicates lie apart on average, at most.
const LEVELS: u32 = 4;

/// Images that share a quarter of their hash and are compared with each other, at most: of more, the quarter says nothing.
const MOST_ALIKE: usize = 512;

/// Groups of images that are the same in every pixel, and of those that are nearly the same; each image is in one group at most.
pub(super) fn groups(items: &[Item]) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let mut same: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        same.entry(item.exact).or_default().push(at);
    }
    let mut leaders: Vec<usize> = same.values().map(|group| group[0]).collect();
    leaders.retain(|&at| !items[at].is_constant);
    leaders.sort_unstable();
    let near = near(items, &leaders);
    let mut same: Vec<Vec<usize>> = same.into_values().filter(|group| group.len() > 1).collect();
    same.sort_unstable();
    (same, near)
}

fn near(items: &[Item], leaders: &[usize]) -> Vec<Vec<usize>> {
    let hashes: HashMap<usize, u64> = leaders
        .iter()
        .map(|&at| (at, hash(&items[at].small)))
        .collect();
    let mut parent: HashMap<usize, usize> = leaders.iter().map(|&at| (at, at)).collect();
    for quarter in 0..4 {
        let mut buckets: HashMap<u64, Vec<usize>> = HashMap::new();
        for &at in leaders {
            buckets
                .entry(hashes[&at] >> (16 * quarter) & 0xffff)
                .or_default()
                .push(at);
        }
        for bucket in buckets.values().filter(|bucket| bucket.len() <= MOST_ALIKE) {
            for (index, &a) in bucket.iter().enumerate() {
                for &b in &bucket[index + 1..] {
                    let alike = (hashes[&a] ^ hashes[&b]).count_ones() <= BITS
                        && are_close(&items[a].small, &items[b].small);
                    if alike {
                        let (a, b) = (root(&parent, a), root(&parent, b));
                        parent.insert(a.max(b), a.min(b));
                    }
                }
            }
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for &at in leaders {
        groups.entry(root(&parent, at)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups
        .into_values()
        .filter(|group| group.len() > 1)
        .collect();
    groups.sort_unstable();
    groups
}

fn root(parent: &HashMap<usize, usize>, mut at: usize) -> usize {
    while parent[&at] != at {
        at = parent[&at];
    }
    at
}

/// One bit for each of 8x8 places: whether it is darker than the place to its right.
fn hash(small: &[u8]) -> u64 {
    let side = SMALL as usize;
    // Every place is two rows of the small image and one of its columns; every second column is compared with the one behind it.
    let level = |x: usize, y: usize| {
        u16::from(small[2 * y * side + x]) + u16::from(small[(2 * y + 1) * side + x])
    };
    let places = (0..8).flat_map(|y| (0..8).map(move |x| (2 * x, y)));
    places.fold(0, |hash, (x, y)| {
        hash << 1 | u64::from(level(x, y) < level(x + 1, y))
    })
}

fn are_close(a: &[u8], b: &[u8]) -> bool {
    let apart: u32 = a
        .iter()
        .zip(b)
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    apart <= LEVELS * a.len() as u32
}
