//! A group of points that a line was drawn around.

use serde::{Deserialize, Serialize};

use super::{MapPoint, cloud::Cloud};

/// Points of a cloud, and what they have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Their numbers, ascending.
    pub members: Vec<usize>,
    /// How many are of each class, in class order up to the last one that occurs.
    pub counts: Vec<usize>,
    /// The mean of their latents.
    pub mean: Vec<f32>,
}

impl Group {
    /// The group of these points; `None` if there is none.
    #[must_use]
    pub fn of(cloud: &Cloud, members: Vec<usize>) -> Option<Self> {
        let dims = cloud.latents.get(*members.first()?)?.len();
        let mut counts = Vec::new();
        let mut sum = vec![0.0_f64; dims];
        for &member in &members {
            let class = cloud.classes[member].index();
            if counts.len() <= class {
                counts.resize(class + 1, 0);
            }
            counts[class] += 1;
            for (sum, value) in sum.iter_mut().zip(&cloud.latents[member]) {
                *sum += f64::from(*value);
            }
        }
        let count = members.len() as f64;
        Some(Self {
            mean: sum.into_iter().map(|sum| (sum / count) as f32).collect(),
            members,
            counts,
        })
    }
}

/// Whether a place lies inside a closed line, which is closed from its end to its start. Where the line crosses itself, what
/// it goes around twice is outside.
#[must_use]
pub fn inside(line: &[MapPoint], [x, y]: MapPoint) -> bool {
    let ends = line.iter().cycle().skip(1);
    let crossed = line.iter().zip(ends).filter(|([ax, ay], [bx, by])| {
        // A line to the right of the place meets this edge.
        (*ay > y) != (*by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    crossed.count() % 2 == 1
}
