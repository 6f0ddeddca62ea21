//! The IDX reader on good, cut, overlong, foreign and hostile files.

use std::{fs, path::Path};

use datasets::{DatasetError, Idx, IdxError, idx::MAX_ELEMENTS, parse_idx, read_idx};
use proptest::prelude::*;

use crate::{gzip, idx_bytes};

fn read_bytes(bytes: &[u8]) -> Result<Idx, DatasetError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, bytes).unwrap();
    read_idx(&path)
}

fn small() -> Vec<u8> {
    idx_bytes(&[2, 3, 2], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
}

#[test]
fn reads_plain_and_gzipped_files() {
    for bytes in [small(), gzip(&small())] {
        let idx = read_bytes(&bytes).unwrap();
        assert_eq!(idx.dims(), [2, 3, 2]);
        assert_eq!(idx.data(), (1..=12).collect::<Vec<u8>>());
    }
}

#[test]
fn refuses_every_truncation_of_a_plain_file() {
    let whole = small();
    for len in 0..whole.len() {
        let error = parse_idx(&whole[..len]).unwrap_err();
        match error {
            IdxError::HeaderCut => assert!(len < 16),
            IdxError::Truncated {
                expected: 12,
                found,
            } => assert_eq!(found, len - 16),
            other => panic!("cut at {len}: {other}"),
        }
        assert!(read_bytes(&whole[..len]).is_err(), "cut at {len}");
    }
}

#[test]
fn refuses_every_truncation_of_a_gzipped_file() {
    let whole = gzip(&small());
    for len in 0..whole.len() {
        let result = read_bytes(&whole[..len]);
        assert!(
            matches!(result, Err(DatasetError::Idx { .. })),
            "cut at {len}: {result:?}"
        );
    }
}

#[test]
fn refuses_any_flipped_bit_in_gzipped_data() {
    let data: Vec<u8> = (0..200).map(|i: u32| (i * i % 251) as u8).collect();
    let plain = idx_bytes(&[200], &data);
    let whole = gzip(&plain);
    // The ten bytes of the gzip header hold a time and flags that do not bear on the contents.
    for at in 10..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        let result = read_bytes(&damaged);
        assert!(
            matches!(result, Err(DatasetError::Idx { .. })),
            "flipped at {at}: {result:?}"
        );
    }
}

#[test]
fn refuses_bytes_after_the_end() {
    let mut plain = small();
    plain.push(0);
    for bytes in [plain.clone(), gzip(&plain)] {
        let error = read_bytes(&bytes).unwrap_err();
        let DatasetError::Idx { source, .. } = error else {
            panic!("{error}")
        };
        assert!(
            matches!(source, IdxError::Trailing { expected: 12 }),
            "{source}"
        );
    }
    let mut after_gzip = gzip(&small());
    after_gzip.push(0);
    assert!(matches!(
        read_bytes(&after_gzip),
        Err(DatasetError::Idx { .. })
    ));
}

#[test]
fn refuses_foreign_headers() {
    let with = |at: usize, byte: u8| {
        let mut bytes = small();
        bytes[at] = byte;
        parse_idx(&bytes).unwrap_err()
    };
    assert!(matches!(with(0, 0x89), IdxError::Magic(0x89, 0)));
    assert!(matches!(with(1, 1), IdxError::Magic(0, 1)));
    assert!(matches!(with(2, 0x0d), IdxError::ElementType(0x0d)));
    assert!(matches!(with(3, 0), IdxError::NoDimension));
    assert!(matches!(
        parse_idx(b"<html>not here</html>"),
        Err(IdxError::Magic(b'<', b'h'))
    ));
}

#[test]
fn refuses_dimensions_whose_product_overflows_or_is_huge() {
    let most = u32::MAX;
    for dims in [
        vec![most; 3],
        vec![most; 2],
        vec![most; 255],
        vec![most],
        vec![60_000, 60_000],
    ] {
        let error = parse_idx(&idx_bytes(&dims, &[0; 8])).unwrap_err();
        assert!(matches!(error, IdxError::TooLarge { .. }), "{error}");
    }
    // A zero after an overflow does not hide it.
    let error = parse_idx(&idx_bytes(&[most, most, most, 0], &[])).unwrap_err();
    assert!(matches!(error, IdxError::TooLarge { .. }), "{error}");
}

/// A file that is not compressed cannot hold more than it is long. This one takes no place: it has a hole for its elements.
#[test]
fn a_plain_file_may_hold_more_than_a_compressed_one_may_decompress_to() {
    let elements = MAX_ELEMENTS + 1;
    let file = tempfile::NamedTempFile::new().unwrap();
    let header = idx_bytes(&[elements as u32], &[]);
    fs::write(file.path(), &header).unwrap();
    let length = (header.len() + elements) as u64;
    file.as_file().set_len(length).unwrap();
    assert_eq!(read_idx(file.path()).unwrap().data().len(), elements);
    fs::write(file.path(), &header).unwrap();
    let error = read_idx(file.path()).unwrap_err().to_string();
    assert!(error.contains("limit"), "{error}");
}

#[test]
fn an_array_without_elements_is_fine() {
    let idx = parse_idx(&idx_bytes(&[0, 28, 28], &[])).unwrap();
    assert_eq!(
        (idx.dims(), idx.data()),
        ([0, 28, 28].as_slice(), [].as_slice())
    );
}

#[test]
fn a_gzip_bomb_ends_at_the_declared_length() {
    // 64 MiB of zeros behind a header that declares ten bytes: were it unpacked, the test would still pass, so the
    // time is bounded by the error naming the ten.
    let bomb = gzip(&idx_bytes(&[10], &vec![0; 64 * 1024 * 1024]));
    assert!(bomb.len() < 128 * 1024);
    let error = read_bytes(&bomb).unwrap_err();
    let DatasetError::Idx { source, .. } = error else {
        panic!("{error}")
    };
    assert!(
        matches!(source, IdxError::Trailing { expected: 10 }),
        "{source}"
    );

    // And a header that declares the bomb is refused before anything is unpacked.
    let declared = gzip(&idx_bytes(&[1 << 30], &vec![0; 1024]));
    let error = read_bytes(&declared).unwrap_err().to_string();
    assert!(error.contains("more than the limit"), "{error}");
}

#[test]
fn errors_name_the_file() {
    let missing = Path::new("no/such/file");
    let error = read_idx(missing).unwrap_err();
    assert!(matches!(error, DatasetError::Read { .. }));
    assert!(error.to_string().contains("no/such/file"), "{error}");
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        read_idx(dir.path()),
        Err(DatasetError::Read { .. })
    ));
}

proptest! {
    // A failing case is printed; no file of cases beside the sources.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read_back(
        dims in prop::collection::vec(0_u32..7, 1..5),
        seed in any::<u8>(),
        packed in any::<bool>(),
    ) {
        let count: u32 = dims.iter().product();
        let data: Vec<u8> = (0..count).map(|i| seed.wrapping_add((i * 31) as u8)).collect();
        let plain = idx_bytes(&dims, &data);
        let idx = read_bytes(&if packed { gzip(&plain) } else { plain }).unwrap();
        let expected: Vec<usize> = dims.iter().map(|&dim| dim as usize).collect();
        prop_assert_eq!(idx.dims(), expected);
        prop_assert_eq!(idx.data(), data);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = parse_idx(&bytes);
        let mut with_magic = vec![0, 0, 8];
        with_magic.extend(bytes);
        let _ = parse_idx(&with_magic);
    }
}
