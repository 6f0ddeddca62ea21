//! A drawing by hand: strokes in, ink out. It knows no window.
//!
//! Strokes are kept as the points of the pointer's way, so that each can be taken back. Between the points the pen follows
//! a smooth curve, because a window sees only some of the points.

mod ink;

use datasets::ImageShape;

use self::ink::distance;

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

    /// The share of each pixel that is inked, of an image in the middle of the sheet that is as large as its proportions allow: row
    /// after row, in 0..1.
    pub fn cover(&mut self, shape: ImageShape) -> Vec<f32> {
        ink::shares(self.ink(), shape)
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
        Mark::Stroke { pen, places } => ink::stroke(ink, *pen, places),
    }
}
