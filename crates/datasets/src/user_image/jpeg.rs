//! Whether a JPEG file is all there.
//!
//! The decoder fills what is missing of a file that broke off with grey, as browsers do. A file is whole if its chain of
//! segments ends with the marker for the end of an image (ITU-T T.81, annex B). What follows that marker does not matter:
//! cameras put more pictures there.

const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;

/// Whether the end of the image is in the file.
pub(super) fn is_whole(file: &[u8]) -> bool {
    // Behind the marker for the start of the image.
    let mut at = 2;
    while let Some(marker) = next_marker(file, &mut at) {
        match marker {
            END_OF_IMAGE => return true,
            // Without a length: temporary, restart and start of image.
            0x01 | 0xd0..=0xd8 => (),
            _ => {
                let Some(&[high, low]) = file.get(at..at + 2).and_then(|bytes| bytes.first_chunk())
                else {
                    return false;
                };
                at += usize::from(u16::from_be_bytes([high, low]));
                if marker == START_OF_SCAN {
                    skip_scan(file, &mut at);
                }
            }
        }
    }
    false
}

/// The next marker's code; `at` comes to stand behind it. Fill bytes before it are passed over.
fn next_marker(file: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let byte = *file.get(*at)?;
        *at += 1;
        if byte != 0xff {
            continue;
        }
        match *file.get(*at)? {
            0xff => (),
            0x00 => *at += 1,
            code => {
                *at += 1;
                return Some(code);
            }
        }
    }
}

/// Passes over compressed data: in it, 0xff is followed by 0 or is part of a restart marker.
fn skip_scan(file: &[u8], at: &mut usize) {
    while let Some(&byte) = file.get(*at) {
        let next = file.get(*at + 1).copied();
        if byte == 0xff && !matches!(next, Some(0x00 | 0xd0..=0xd7)) {
            return;
        }
        *at += 1;
    }
}
