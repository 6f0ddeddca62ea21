//! Looking at a network while it is trained.

use std::time::{Duration, Instant};

/// A look takes at most this share of a run's time: the next one waits so many times as long as the last one took.
const REST: u32 = 10;

/// What is done with the averaged weights, which have learned from so many steps.
type See<'a, M> = Box<dyn FnMut(&M, usize) + 'a>;

/// Looks at the averaged weights of a run now and then, by the clock. The weights of the run do not change by it.
pub struct Look<'a, M> {
    every: Duration,
    see: See<'a, M>,
    next: Option<Instant>,
    /// The steps that were learned from at the last look.
    seen: Option<usize>,
}

impl<'a, M: 'a> Look<'a, M> {
    /// Has `see` called after the first step and then as often as `every` says, or less often where that would take more than a tenth of
    /// the time: with the averaged weights, and how many steps they have learned from. [`Duration::ZERO`] is after every step, whatever
    /// time that takes.
    #[must_use]
    pub fn new(every: Duration, see: impl FnMut(&M, usize) + 'a) -> Self {
        Self {
            every,
            see: Box::new(see),
            next: None,
            seen: None,
        }
    }

    /// The same look at a larger network, of which only a part is seen.
    #[must_use]
    pub fn within<N: 'a>(self, part: fn(&N) -> &M) -> Look<'a, N> {
        let mut see = self.see;
        Look {
            every: self.every,
            see: Box::new(move |network, step| see(part(network), step)),
            next: self.next,
            seen: self.seen,
        }
    }

    /// Looks if it is time.
    pub(crate) fn at(&mut self, average: &M, step: usize) {
        let began = Instant::now();
        if self.next.is_some_and(|next| began < next) {
            return;
        }
        self.now(average, step);
        let took = began.elapsed();
        let rest = if self.every.is_zero() {
            Duration::ZERO
        } else {
            self.every.max(took * REST)
        };
        self.next = Some(began + took + rest);
    }

    /// Looks, unless these weights were looked at already: a run has come to its end.
    pub(crate) fn now(&mut self, average: &M, step: usize) {
        if self.seen.replace(step) != Some(step) {
            (self.see)(average, step);
        }
    }
}
