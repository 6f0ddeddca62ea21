//! Marks that tell classes apart beside their colours, for eyes and printers that see few colours.

use std::sync::LazyLock;

use datasets::ClassId;

/// The mark of a class's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PointMark {
    /// A disc.
    Circle,
    /// A square on its side.
    Square,
    /// A triangle that points up.
    Up,
    /// A square on its corner.
    Diamond,
    /// A plus sign.
    Plus,
    /// A triangle that points down.
    Down,
    /// A plus sign, turned.
    Cross,
    /// A star with five points.
    Star,
    /// Two triangles, tip to tip.
    Hourglass,
    /// A flat bar.
    Bar,
}

static OUTLINES: LazyLock<[Vec<[f32; 2]>; 10]> =
    LazyLock::new(|| PointMark::ALL.map(PointMark::corners));

impl PointMark {
    /// All marks, in the order in which classes have them.
    pub const ALL: [Self; 10] = [
        Self::Circle,
        Self::Square,
        Self::Up,
        Self::Diamond,
        Self::Plus,
        Self::Down,
        Self::Cross,
        Self::Star,
        Self::Hourglass,
        Self::Bar,
    ];

    /// The mark of a class. After the tenth class they come again, with other colours.
    #[must_use]
    pub fn of(class: ClassId) -> Self {
        Self::ALL[class.index() % Self::ALL.len()]
    }

    /// The corners one after the other, `[to the right, down]` from the middle, for a mark that looks as large as a disc of radius 1.
    /// All of the outline is seen from the middle, so triangles from there fill it.
    #[must_use]
    pub fn outline(self) -> &'static [[f32; 2]] {
        &OUTLINES[self as usize]
    }

    fn corners(self) -> Vec<[f32; 2]> {
        match self {
            Self::Circle => around(14, |_| 1.0),
            Self::Square => turned(&SQUARE, 0.0),
            Self::Up => UP.to_vec(),
            Self::Diamond => vec![[0.0, -1.3], [1.0, 0.0], [0.0, 1.3], [-1.0, 0.0]],
            Self::Plus => turned(&PLUS, 0.0),
            Self::Down => UP.iter().rev().map(|[x, y]| [*x, -y]).collect(),
            Self::Cross => turned(&PLUS, 0.125),
            Self::Star => around(10, |corner| if corner % 2 == 0 { 1.4 } else { 0.6 }),
            Self::Hourglass => HOURGLASS.to_vec(),
            Self::Bar => vec![[-1.35, -0.55], [1.35, -0.55], [1.35, 0.55], [-1.35, 0.55]],
        }
    }
}

const SQUARE: [[f32; 2]; 4] = [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]];
const UP: [[f32; 2]; 3] = [[0.0, -1.5], [1.3, 0.75], [-1.3, 0.75]];
const HOURGLASS: [[f32; 2]; 6] = [
    [-1.0, -1.2],
    [1.0, -1.2],
    [0.25, 0.0],
    [1.0, 1.2],
    [-1.0, 1.2],
    [-0.25, 0.0],
];
const PLUS: [[f32; 2]; 12] = [
    [-0.38, -1.25],
    [0.38, -1.25],
    [0.38, -0.38],
    [1.25, -0.38],
    [1.25, 0.38],
    [0.38, 0.38],
    [0.38, 1.25],
    [-0.38, 1.25],
    [-0.38, 0.38],
    [-1.25, 0.38],
    [-1.25, -0.38],
    [-0.38, -0.38],
];

/// Corners on rays from the middle, evenly around it, the first one up.
fn around(corners: usize, radius: impl Fn(usize) -> f32) -> Vec<[f32; 2]> {
    let corner = |at: usize| {
        let (sin, cos) = (std::f32::consts::TAU * at as f32 / corners as f32).sin_cos();
        [radius(at) * sin, -radius(at) * cos]
    };
    (0..corners).map(corner).collect()
}

fn turned(corners: &[[f32; 2]], turns: f32) -> Vec<[f32; 2]> {
    let (sin, cos) = (std::f32::consts::TAU * turns).sin_cos();
    let turn = |[x, y]: &[f32; 2]| [x * cos - y * sin, x * sin + y * cos];
    corners.iter().map(turn).collect()
}
