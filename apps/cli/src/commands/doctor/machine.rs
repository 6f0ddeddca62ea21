//! What the machine and the program are made of.

/// The lock file that this program was built with: the one place that knows the versions.
const LOCK_FILE: &str = include_str!("../../../../../Cargo.lock");

/// The versions of the two libraries that compute and draw.
pub fn versions_text() -> String {
    let version = |name| locked_version(name).unwrap_or("unknown");
    format!("burn {}, wgpu {}", version("burn"), version("wgpu"))
}

/// The version of a package in the lock file.
pub fn locked_version(name: &str) -> Option<&'static str> {
    let header = format!("name = \"{name}\"\nversion = \"");
    let (_, rest) = LOCK_FILE.split_once(&header)?;
    rest.split('"').next()
}

/// The processor in one line.
pub fn cpu_text() -> String {
    let features = cpu_features();
    let features = if features.is_empty() {
        "no special instructions".to_owned()
    } else {
        features.join(" ")
    };
    format!("{} threads, {features}", threads())
}

/// How many threads run at the same time.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The instruction sets that matter for speed here.
pub fn cpu_features() -> Vec<&'static str> {
    #[cfg(target_arch = "x86_64")]
    {
        let found = [
            ("avx2", std::is_x86_feature_detected!("avx2")),
            ("fma", std::is_x86_feature_detected!("fma")),
            ("avx512f", std::is_x86_feature_detected!("avx512f")),
        ];
        found
            .into_iter()
            .filter_map(|(name, there)| there.then_some(name))
            .collect()
    }
    #[cfg(target_arch = "aarch64")]
    {
        vec!["neon"]
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn versions_come_from_the_lock_file() {
        let burn = locked_version("burn").expect("burn is locked");
        assert!(burn.starts_with("0."), "{burn}");
        assert_eq!(locked_version("no-such-package"), None);
    }
}
