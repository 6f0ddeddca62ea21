//! What a fuzzing target has done so far, as the row of a table. It is written again each minute, so a run that is ended early leaves its figures.

use std::fs;
use std::time::{Duration, Instant};

use crate::root;

/// How often the processor time is looked at: asking takes longer than many a file.
const LOOK: Duration = Duration::from_millis(100);

/// How often the row is written.
const WRITE: Duration = Duration::from_mins(1);

/// What a target has done.
pub struct Tally {
    target: String,
    /// Files that were tried.
    pub tried: usize,
    /// Files that it panicked on.
    pub panics: usize,
    /// The processor time before the first, and what was used since.
    before: Duration,
    used: Duration,
    looked: Instant,
    written: Instant,
}

impl Tally {
    /// Nothing yet.
    pub fn new(target: &str) -> Self {
        Self {
            target: target.to_owned(),
            tried: 0,
            panics: 0,
            before: processor_time(),
            used: Duration::ZERO,
            looked: Instant::now(),
            written: Instant::now(),
        }
    }

    /// The minutes of processor time that the target took. They are those of the process, so it must be the only one at work.
    pub fn minutes(&mut self) -> f64 {
        if self.looked.elapsed() > LOOK {
            self.looked = Instant::now();
            self.used = processor_time().saturating_sub(self.before);
        }
        if self.written.elapsed() > WRITE {
            self.written = Instant::now();
            self.write();
        }
        self.used.as_secs_f64() / 60.0
    }

    /// Writes the row: target, files, minutes, panics.
    pub fn write(&self) {
        let folder = root().join("target/fuzz/rows");
        fs::create_dir_all(&folder).expect("the target folder");
        let minutes = self.used.as_secs_f64() / 60.0;
        let row = format!(
            "| {} | {} | {minutes:.1} | {} |\n",
            self.target, self.tried, self.panics
        );
        fs::write(folder.join(&self.target), row).expect("the target folder");
    }
}

/// The processor time of this process, all its threads together.
#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    // `utime` and `stime` of proc_pid_stat(5), in hundredths of a second. Before them comes the name in brackets, which may hold spaces.
    let text = fs::read_to_string("/proc/self/stat").expect("the kernel tells it");
    let (_, fields) = text.rsplit_once(") ").expect("a name in brackets");
    let ticks = fields.split(' ').skip(11).take(2);
    let ticks = ticks.map(|field| field.parse::<u64>().expect("a number"));
    Duration::from_millis(10 * ticks.sum::<u64>())
}

/// The time on the clock, where the system is not asked for the processor's.
#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    use std::sync::LazyLock;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
