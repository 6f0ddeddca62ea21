//! The two small names that every crate shares: a class and a seed.

use std::{fmt, num::ParseIntError, str::FromStr};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The number of a class, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassId(pub u16);

impl ClassId {
    /// The class as an index into per-class tables.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for ClassId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The start of a reproducible stream of random numbers.
///
/// Randomness is data here: whoever wants numbers carries a seed, and the same seed gives the same numbers on every
/// platform.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// A generator that starts here.
    ///
    /// The 32 key bytes are four successive outputs of `SplitMix64`, spelled out here rather than left to the
    /// generator's crate, so that a seed written down today means the same after an upgrade.
    #[must_use]
    pub fn rng(self) -> ChaCha8Rng {
        let mut key = [0; 32];
        let mut state = self.0;
        for chunk in key.chunks_exact_mut(8) {
            state = state.wrapping_add(SPLITMIX_STEP);
            chunk.copy_from_slice(&mix(state).to_le_bytes());
        }
        ChaCha8Rng::from_seed(key)
    }

    /// The seed of sub-stream `stream`: the stream number goes through `SplitMix64`, is added to this seed, and the
    /// sum goes through it again.
    ///
    /// Neighbouring streams, and equal streams of neighbouring seeds, are unrelated; `derive(a).derive(b)` differs
    /// from `derive(b).derive(a)`.
    #[must_use]
    pub fn derive(self, stream: u64) -> Self {
        let spread = mix(stream.wrapping_add(SPLITMIX_STEP));
        Self(mix(self.0.wrapping_add(spread).wrapping_add(SPLITMIX_STEP)))
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Seed {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

const SPLITMIX_STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output function of `SplitMix64`: a bijection in which every input bit reaches every output bit.
fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
