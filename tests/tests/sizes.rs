//! How large the programs are: nobody notices a megabyte more, and a year later the program is twice as large.

use std::env;
use std::fs;
use std::path::PathBuf;

/// Megabytes of each program without symbols, as `cargo test --release --workspace` builds it on 64-bit Linux. Who makes a program larger for a
/// reason writes the new size here and into BENCHMARKS.md.
const SIZES: [(&str, f64); 2] = [("latent-lens", 157.6), ("latent-lens-dashboard", 152.6)];

/// How much larger or smaller a program may be before somebody has to look.
const TOLERANCE: f64 = 0.1;

fn program(name: &str) -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    let target = test.ancestors().nth(2).expect("target/release");
    target.join(name)
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn no_program_has_grown_by_a_tenth() {
    for (name, recorded) in SIZES {
        let path = program(name);
        let found = fs::metadata(&path).map(|file| file.len() as f64 / 1e6);
        let found = found.unwrap_or_else(|_| panic!("{} was not built", path.display()));
        let change = found / recorded - 1.0;
        assert!(
            change < TOLERANCE,
            "{name} has {found:.1} MB, and {recorded} are recorded in this test: find out what it grew by"
        );
        assert!(
            change > -TOLERANCE,
            "{name} has {found:.1} MB in place of {recorded}: write that here and into BENCHMARKS.md"
        );
    }
}

#[test]
#[cfg(target_os = "linux")]
fn no_program_carries_its_symbols() {
    for (name, _) in SIZES {
        let bytes = fs::read(program(name)).expect("it was built");
        // The names of the sections stand at the end, each with a zero behind it; behind them would come those of symbols.
        let end = &bytes[bytes.len().saturating_sub(1 << 16)..];
        let has = |section: &[u8]| end.windows(section.len()).any(|window| window == section);
        let is_stripped = has(b".text\0") && !has(b".symtab\0");
        assert!(is_stripped, "{name} has its symbols");
    }
}
