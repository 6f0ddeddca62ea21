//! Arithmetic on premultiplied, gamma-encoded colours, `0xAARRGGBB` each: two bytes at a time, each with room for a product.

use eframe::egui::Color32;

const EVEN: u32 = 0x00ff_00ff;
const HALVES: u32 = 0x0080_0080;

/// egui's form of a colour.
#[inline]
pub fn packed(color: Color32) -> u32 {
    let [r, g, b, a] = color.to_array();
    u32::from_be_bytes([a, r, g, b])
}

/// A colour over another one. Light that is added beyond white is lost.
#[inline]
pub fn blended(under: u32, over: u32) -> u32 {
    let rest = 255 - (over >> 24);
    if rest == 0 {
        return over;
    }
    lanes(|shift| {
        let sum = ((over >> shift) & EVEN) + divided(((under >> shift) & EVEN) * rest);
        let carry = (sum >> 8) & 0x0001_0001;
        (sum | (carry * 255)) & EVEN
    })
}

/// Two colours byte by byte, as shares of 255.
#[inline]
pub fn multiplied(a: u32, b: u32) -> u32 {
    lanes(|shift| {
        let product = |half: u32| ((a >> shift >> half) & 0xff) * ((b >> shift >> half) & 0xff);
        divided(product(0) | (product(16) << 16))
    })
}

/// `share` 256ths of the way from `a` to `b`.
#[inline]
pub fn mixed(a: u32, b: u32, share: u32) -> u32 {
    lanes(|shift| {
        let (a, b) = ((a >> shift) & EVEN, (b >> shift) & EVEN);
        ((a * (256 - share) + b * share + HALVES) >> 8) & EVEN
    })
}

#[inline]
fn lanes(lane: impl Fn(u32) -> u32) -> u32 {
    lane(0) | (lane(8) << 8)
}

/// Two products of bytes, divided by 255 and rounded.
#[inline]
fn divided(products: u32) -> u32 {
    let rounded = products + HALVES;
    ((rounded + ((rounded >> 8) & EVEN)) >> 8) & EVEN
}

#[cfg(test)]
mod tests {
    use super::{blended, mixed, multiplied};

    #[test]
    fn colours_are_blended_and_rounded() {
        // 200 + 100 * (255 - 51) / 255 = 280, which is too much; 0 + 100 * 0.8 = 80; 10 + 101 * 0.8 = 90.8
        assert_eq!(blended(0x0064_6465, 0x33c8_000a) & 0x00ff_ffff, 0x00ff_505b);
        assert_eq!(blended(0x0012_3456, 0xff65_4321), 0xff65_4321);
        assert_eq!(blended(0x0012_3456, 0), 0x0012_3456);
    }

    #[test]
    fn colours_are_multiplied_and_mixed() {
        // 128 * 255 / 255; 200 * 100 / 255 = 78.4; 3 * 40 / 255 = 0.47
        assert_eq!(multiplied(0xff80_c803, 0xffff_6428), 0xff80_4e00);
        // A quarter of the way from 0 to 100 and from 200 to 0
        assert_eq!(mixed(0x0000_00c8, 0x0064_0000, 64), 0x0019_0096);
    }
}
