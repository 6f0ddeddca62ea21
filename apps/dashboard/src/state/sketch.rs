//! A drawing by hand: strokes in, ink out. It knows no window.
//!
//! Strokes are kept as the points of the pointer's way, so that each can be taken back. Between the points the pen follows
//! a smooth curve, because a window sees only some of the points.

/// Pixels a side of the ink: more than any model's images have.
pub const INK_SIDE: usize = 224;

/// What the pen is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    /// Width of the stroke, as a share of the drawing's side.
    pub width: f32,
    /// Whether it takes ink away.
    pub erases: bool,
}

/// A place on the drawing, as shares of its side from the left and from the top.
pub type SketchPoint = [f32; 2];

#[derive(Clone, Debug, PartialEq)]
enum Mark {
    Stroke { pen: Pen, places: Vec<SketchPoint> },
    Clear,
}

/// A drawing and how it came to be.
#[derive(Clone, Debug)]
pub struct Sketch {
    marks: Vec<Mark>,
    undone: Vec<Mark>,
    pen_is_down: bool,
    /// The ink of all marks but the one under the pen.
    settled: Vec<f32>,
    ink: Vec<f32>,
    fresh: bool,
    revision: u64,
}

impl Default for Sketch {
    fn default() -> Self {
        Self {
            marks: Vec::new(),
            undone: Vec::new(),
            pen_is_down: false,
            settled: blank(),
            ink: blank(),
            fresh: true,
            revision: 0,
        }
    }
}

impl Sketch {
    /// Puts the pen down.
    pub fn begin(&mut self, pen: Pen, place: SketchPoint) {
        self.end();
        let places = vec![place];
        self.marks.push(Mark::Stroke { pen, places });
        self.undone.clear();
        self.pen_is_down = true;
        self.touch();
    }

    /// Moves the pen that is down. Nothing happens while it is up, or if it hardly moves.
    pub fn extend(&mut self, place: SketchPoint) {
        let Some(Mark::Stroke { places, .. }) = self.marks.last_mut().filter(|_| self.pen_is_down)
        else {
            return;
        };
        let far = |last: &SketchPoint| distance(*last, place) * INK_SIDE as f32 >= 0.5;
        if places.last().is_some_and(far) {
            places.push(place);
            self.touch();
        }
    }

    /// Lifts the pen.
    pub fn end(&mut self) {
        if self.pen_is_down {
            self.settled = self.ink().to_vec();
            self.pen_is_down = false;
        }
    }

    /// Whether the pen is down.
    #[must_use]
    pub fn pen_is_down(&self) -> bool {
        self.pen_is_down
    }

    /// Takes a blank sheet. It can be undone.
    pub fn clear(&mut self) {
        self.end();
        self.marks.push(Mark::Clear);
        self.undone.clear();
        self.replay();
    }

    /// Takes the last stroke back; false if there is none.
    pub fn undo(&mut self) -> bool {
        self.end();
        let undone = self.marks.pop();
        let any = undone.is_some();
        self.undone.extend(undone);
        self.replay();
        any
    }

    /// Draws the stroke again that was taken back last; false if there is none.
    pub fn redo(&mut self) -> bool {
        self.end();
        let redone = self.undone.pop();
        let any = redone.is_some();
        self.marks.extend(redone);
        self.replay();
        any
    }

    /// Whether there is a stroke to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.marks.is_empty()
    }

    /// Counts up with every change.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The ink: [`INK_SIDE`] rows of as many values in 0..1, 0 where there is none.
    pub fn ink(&mut self) -> &[f32] {
        if !self.fresh {
            self.ink.clone_from(&self.settled);
            if let Some(mark) = self.marks.last().filter(|_| self.pen_is_down) {
                put(mark, &mut self.ink);
            }
            self.fresh = true;
        }
        &self.ink
    }

    fn replay(&mut self) {
        self.settled = blank();
        for mark in &self.marks {
            put(mark, &mut self.settled);
        }
        self.touch();
    }

    fn touch(&mut self) {
        self.fresh = false;
        self.revision += 1;
    }
}

fn blank() -> Vec<f32> {
    vec![0.0; INK_SIDE * INK_SIDE]
}

fn put(mark: &Mark, ink: &mut [f32]) {
    match mark {
        Mark::Clear => ink.fill(0.0),
        Mark::Stroke { pen, places } => {
            let way = smooth(places);
            if let [only] = way[..] {
                line(ink, *pen, only, only);
            }
            for pair in way.windows(2) {
                line(ink, *pen, pair[0], pair[1]);
            }
        }
    }
}

/// The way through the middles between neighbouring places, each place bending it as the control point of a quadratic
/// Bezier curve; it starts at the first place and ends at the last.
fn smooth(places: &[SketchPoint]) -> Vec<SketchPoint> {
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
        return Vec::new();
    };
    let mut way = vec![first];
    for three in places.windows(3) {
        let (from, to) = (middle(three[0], three[1]), middle(three[1], three[2]));
        let length = (distance(from, three[1]) + distance(three[1], to)) * INK_SIDE as f32;
        let pieces = (length / 3.0).ceil().clamp(1.0, 32.0);
        for piece in 0..=pieces as usize {
            let t = piece as f32 / pieces;
            let (a, b) = (mix(from, three[1], t), mix(three[1], to, t));
            way.push(mix(a, b, t));
        }
    }
    if places.len() > 1 {
        way.push(last);
    }
    way
}

/// Inks all pixels nearer to the line than half the pen's width, those on the border in part.
fn line(ink: &mut [f32], pen: Pen, from: SketchPoint, to: SketchPoint) {
    let scale = INK_SIDE as f32;
    let (from, to) = (from.map(|v| v * scale), to.map(|v| v * scale));
    let radius = pen.width * scale / 2.0;
    let range = |axis: usize| {
        let low = from[axis].min(to[axis]) - radius - 1.0;
        let high = from[axis].max(to[axis]) + radius + 1.0;
        // Beyond the sheet this saturates to an empty range.
        (low.max(0.0) as usize)..(high.max(0.0) as usize).min(INK_SIDE)
    };
    for y in range(1) {
        for x in range(0) {
            let center = [x as f32 + 0.5, y as f32 + 0.5];
            let cover = (radius + 0.5 - distance_to_line(center, from, to)).clamp(0.0, 1.0);
            let pixel = &mut ink[y * INK_SIDE + x];
            *pixel = if pen.erases {
                pixel.min(1.0 - cover)
            } else {
                pixel.max(cover)
            };
        }
    }
}

fn distance_to_line(point: SketchPoint, from: SketchPoint, to: SketchPoint) -> f32 {
    let way = [to[0] - from[0], to[1] - from[1]];
    let square = way[0] * way[0] + way[1] * way[1];
    let along = (point[0] - from[0]) * way[0] + (point[1] - from[1]) * way[1];
    let t = if square > 0.0 {
        (along / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    distance(point, mix(from, to, t))
}

fn distance(a: SketchPoint, b: SketchPoint) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn middle(a: SketchPoint, b: SketchPoint) -> SketchPoint {
    mix(a, b, 0.5)
}

fn mix(a: SketchPoint, b: SketchPoint, t: f32) -> SketchPoint {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}
