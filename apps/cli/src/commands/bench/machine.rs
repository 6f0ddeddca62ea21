//! The machine in words, and what it says about this process. What a system does not tell is left out.

use std::{fs, thread};

/// Processor, cores and system in one line.
pub fn text() -> String {
    let cores = threads();
    let mut parts = vec![processor()];
    parts.push(format!(
        "{cores} thread{}",
        if cores == 1 { "" } else { "s" }
    ));
    parts.extend(vectors().map(str::to_owned));
    parts.extend(total_memory_mb().map(|mb| format!("{:.0} GB", mb / 1e3)));
    parts.push(format!(
        "{} {}",
        std::env::consts::OS,
        std::env::consts::ARCH
    ));
    parts.join(", ")
}

/// A warning if other programs keep this machine busy, since they slow down what is measured.
pub fn load_note() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let load: f64 = text.split_whitespace().next()?.parse().ok()?;
    (load > 0.5).then(|| {
        format!(
            "the load of the last minute was {load:.1} on {} threads: other programs may slow this down",
            threads()
        )
    })
}

/// Memory of this process that is in use, in MB (10^6 bytes); `None` where the system does not tell.
pub fn resident_mb() -> Option<f64> {
    field_mb("/proc/self/status", "VmRSS:")
}

/// The most memory that a process has had in use at once, in MB; `None` where the system does not tell, or the process has ended.
pub fn peak_mb(process: u32) -> Option<f64> {
    field_mb(&format!("/proc/{process}/status"), "VmHWM:")
}

fn total_memory_mb() -> Option<f64> {
    field_mb("/proc/meminfo", "MemTotal:")
}

/// A field such as `VmRSS:     1234 kB` of a file of Linux, whose kB are 1,024 bytes.
fn field_mb(file: &str, name: &str) -> Option<f64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

fn processor() -> String {
    let name = || {
        let text = fs::read_to_string("/proc/cpuinfo").ok()?;
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    name().unwrap_or_else(|| "unknown processor".to_owned())
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The widest vector instructions that the kernels use here.
fn vectors() -> Option<&'static str> {
    #[cfg(target_arch = "x86_64")]
    {
        if std::is_x86_feature_detected!("avx512f") {
            Some("AVX-512")
        } else {
            std::is_x86_feature_detected!("avx2").then_some("AVX2")
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        cfg!(target_arch = "aarch64").then_some("NEON")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn linux_tells_the_memory() {
        let resident = super::resident_mb().expect("Linux tells it");
        assert!((1.0..100_000.0).contains(&resident), "{resident} MB");
    }
}
