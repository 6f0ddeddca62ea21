//! A show: the way through a row of latents, in even steps. What it shows at a step follows from the stops alone, so the
//! same bookmarks, or the same seed, give the same show on every machine.

use datasets::ClassId;
use latent_space::Path;
use serde::{Deserialize, Serialize};

use super::{conditioned::ConditionedLatent, start::Start};

/// Steps from one stop to the next.
pub const STEPS: usize = 60;

/// The fastest and the slowest show, in seconds from stop to stop.
pub const SECONDS: std::ops::RangeInclusive<f32> = 0.2..=20.0;
/// The longest pause between two passes that a show makes up for, in seconds: after a longer one it goes on from where
/// it was.
const LONGEST_PAUSE: f64 = 0.5;

/// How a show is to go, and how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timeline {
    /// Whether the bookmarks are to be seen.
    pub unfolded: bool,
    /// What it goes through.
    pub stops: Stops,
    /// The way from stop to stop.
    pub path: Path,
    /// Seconds from stop to stop.
    pub seconds: f32,
    /// Whether it goes back to the first stop and on.
    pub looping: bool,
    /// How far it is, in steps.
    pub step: usize,
    /// The bookmark that was gone to last.
    pub bookmark: Option<usize>,
}

/// What a show goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stops {
    /// The bookmarks, in their order.
    Bookmarks,
    /// The anchors of all classes.
    Classes,
    /// Draws from the prior, from the scene's seed.
    Draws,
}

/// One stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// What to call it.
    pub name: String,
    /// Where it is.
    pub latent: Vec<f32>,
    /// The class that it was meant to be of, where there was one.
    pub class: Option<ClassId>,
    /// The class that a conditional model draws it as.
    #[serde(default)]
    pub condition: Option<ClassId>,
}

/// The clock of a show that plays.
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    /// When it was looked at last, in seconds.
    now: f64,
    /// The part of a step that has gone by since the last whole one, in 0..1.
    part: f64,
    /// What it put into the scene. Where there is something else now, a person moved it.
    pub shown: ConditionedLatent,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            unfolded: false,
            stops: Stops::Classes,
            path: Path::Spherical,
            seconds: 2.0,
            looping: true,
            step: 0,
            bookmark: None,
        }
    }
}

impl Stops {
    /// All, in the order of the list.
    pub const ALL: [Self; 3] = [Self::Bookmarks, Self::Classes, Self::Draws];

    /// The name in the list.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Bookmarks => "Bookmarks",
            Self::Classes => "Classes",
            Self::Draws => "Random draws",
        }
    }
}

impl Timeline {
    /// With every number in its range: files are changed by hand.
    #[must_use]
    pub fn sound(mut self) -> Self {
        self.seconds = if self.seconds.is_finite() {
            self.seconds.clamp(*SECONDS.start(), *SECONDS.end())
        } else {
            Self::default().seconds
        };
        self
    }

    /// The last step of a show through so many stops. In a loop the last step shows what the first one does.
    #[must_use]
    pub fn last_step(&self, stops: usize) -> usize {
        let legs = if self.looping && stops > 1 {
            stops
        } else {
            stops.saturating_sub(1)
        };
        legs * STEPS
    }

    /// What a step shows, and how it came there. `None` without stops. Halfway from stop to stop the class changes.
    #[must_use]
    pub fn at(&self, stops: &[Stop], step: usize) -> Option<(ConditionedLatent, Start)> {
        let step = step.min(self.last_step(stops.len()));
        let (leg, t) = (step / STEPS, (step % STEPS) as f32 / STEPS as f32);
        let from = stops.get(leg % stops.len().max(1))?;
        let to = &stops[(leg + 1) % stops.len()];
        let nearer = if t < 0.5 { from } else { to };
        if from.latent == to.latent {
            let drawn = ConditionedLatent::new(from.latent.clone(), nearer.condition);
            return Some((drawn, nearer.start()));
        }
        let latent = latent_space::interpolate(&from.latent, &to.latent, t, self.path);
        let start = Start::Between {
            from: from.name.clone(),
            to: to.name.clone(),
            t,
            class: nearer.class,
        };
        Some((ConditionedLatent::new(latent, nearer.condition), start))
    }

    /// Goes so many steps on. False if the show is over: it stays at its last step.
    pub fn advance(&mut self, steps: usize, stops: usize) -> bool {
        let last = self.last_step(stops);
        let next = self.step.saturating_add(steps);
        if last > 0 && self.looping {
            self.step = next % last;
            return true;
        }
        self.step = next.min(last);
        next < last
    }
}

impl Stop {
    /// Where the latent of a scene at this stop came from.
    #[must_use]
    pub fn start(&self) -> Start {
        Start::Between {
            from: self.name.clone(),
            to: self.name.clone(),
            t: 0.0,
            class: self.class,
        }
    }
}

impl Player {
    /// A clock that starts now, in seconds.
    #[must_use]
    pub fn new(now: f64, shown: ConditionedLatent) -> Self {
        Self {
            now,
            part: 0.0,
            shown,
        }
    }

    /// The whole steps that have gone by since the last call, at so many seconds a stop.
    pub fn tick(&mut self, now: f64, seconds: f32) -> usize {
        let passed = (now - self.now).clamp(0.0, LONGEST_PAUSE);
        self.now = now;
        self.part += passed * STEPS as f64 / f64::from(seconds);
        let whole = self.part.floor();
        self.part -= whole;
        whole as usize
    }

    /// Seconds until the next step is due.
    #[must_use]
    pub fn left(&self, seconds: f32) -> f64 {
        (1.0 - self.part) * f64::from(seconds) / STEPS as f64
    }
}
