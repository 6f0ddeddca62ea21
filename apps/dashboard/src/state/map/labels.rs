//! Where the name of a class stands on a map.

use std::collections::BTreeMap;

use datasets::ClassId;

use super::MapPoint;

/// The median place of each class, that of the most frequent first. A median, because a few points that lie among another class
/// would pull a mean away from the cluster.
#[must_use]
pub fn class_medians(
    places: &[MapPoint],
    classes: &[ClassId],
    shown: impl Fn(ClassId) -> bool,
) -> Vec<(ClassId, MapPoint)> {
    let mut of_class: BTreeMap<ClassId, [Vec<f32>; 2]> = BTreeMap::new();
    for (place, class) in places.iter().zip(classes) {
        if shown(*class) {
            let [x, y] = of_class.entry(*class).or_default();
            x.push(place[0]);
            y.push(place[1]);
        }
    }
    let mut found: Vec<_> = of_class.into_iter().collect();
    found.sort_by_key(|(_, [x, _])| std::cmp::Reverse(x.len()));
    let place = |(class, axes): (ClassId, [Vec<f32>; 2])| (class, axes.map(median));
    found.into_iter().map(place).collect()
}

/// Of an even number of values the higher of the two in the middle.
fn median(mut values: Vec<f32>) -> f32 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}
