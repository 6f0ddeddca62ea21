//! Elements of any number type as they lie in a file.

use super::array::Values;

/// A number type of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unsigned(usize),
    Signed(usize),
    Float(usize),
}

impl Kind {
    /// Bytes of one element.
    pub(super) fn size(self) -> usize {
        let (Self::Unsigned(size) | Self::Signed(size) | Self::Float(size)) = self;
        size
    }

    /// Turns the bytes of elements into values; `None` for a size that no such type has.
    pub(super) fn read(self, bytes: Vec<u8>, big_endian: bool) -> Option<Values> {
        if self == Self::Unsigned(1) {
            return Some(Values::Bytes(bytes));
        }
        if !matches!(self.size(), 1 | 2 | 4 | 8) || self == Self::Float(1) {
            return None;
        }
        let number = |element: &[u8]| {
            let mut low_first = [0_u8; 8];
            for (index, byte) in element.iter().enumerate() {
                let at = if big_endian {
                    element.len() - 1 - index
                } else {
                    index
                };
                low_first[at] = *byte;
            }
            self.number(low_first)
        };
        Some(Values::Numbers(
            bytes.chunks_exact(self.size()).map(number).collect(),
        ))
    }

    /// A number from its bytes, the lowest first, with zeros behind them.
    fn number(self, bytes: [u8; 8]) -> f32 {
        let whole = u64::from_le_bytes(bytes);
        match self {
            Self::Unsigned(_) => whole as f32,
            Self::Signed(size) => {
                let unused = 64 - 8 * size as u32;
                ((whole << unused) as i64 >> unused) as f32
            }
            Self::Float(2) => half(whole as u16),
            Self::Float(4) => f32::from_bits(whole as u32),
            Self::Float(_) => f64::from_bits(whole) as f32,
        }
    }
}

/// A number in half precision (IEEE 754, binary16).
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    let exponent = i32::from(bits >> 10 & 0x1f);
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * 2.0_f32.powi(exponent - 15),
    }
}
