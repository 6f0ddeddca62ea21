//! A scripted drag against the thread that owns the models: what a hand on a slider gets.
//!
//! For each position the worker is asked what the window asks it in its Explore space: the frame, and the traversal
//! strip under it. A window asks at most once a repaint, so a thousand positions a second are harder on the worker than
//! any real hand.

use std::{
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use datasets::ClassId;
use studio::{
    FrameRequest, GalleryRequest, GeneratorPart, Job, Manifest, ModelSource, Reply, Request,
    Sampler, Worker,
};

use super::{Bench, figure::Figure, machine};
use crate::progress::{Progress, Unit};

/// What the hand asks for; the frame comes first, as in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Channel {
    Open,
    Frame,
    Strip,
}

/// A position counts as followed if it or a newer one is published within this time: two frames of a 60 Hz screen.
const LATE: Duration = Duration::from_millis(33);

/// Positions before anything is measured.
const WARM_UP: u32 = 100;

/// Positions of one swing of a slider from end to end and back; the next swing moves the next dimension.
const SWING: u32 = 1_000;

/// Where a slider of the window ends, in standard deviations of the aggregate posterior.
const RANGE_SIGMAS: f32 = 3.0;

/// Images of the strip that the window shows.
const STRIP_STEPS: usize = 11;

/// How long the worker may stay silent before the measurement gives up.
const PATIENCE: Duration = Duration::from_mins(1);

pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let mut hand = Hand::open(bench)?;
    hand.drag(bench, WARM_UP, None)?;
    hand.seen = Seen::default();
    let start_mb = machine::resident_mb();
    let positions = bench.args.positions;
    let mut progress = Progress::new("drag", Unit::Items);
    hand.drag(bench, positions, Some(&mut progress))?;
    drop(progress);
    let end_mb = machine::resident_mb();
    Ok(hand.seen.figures(positions as usize, start_mb.zip(end_mb)))
}

/// Whoever drags: asks the worker and takes its answers, as the window does.
struct Hand {
    worker: Worker<Channel>,
    woken: Receiver<()>,
    model: ModelSource,
    generator: GeneratorPart,
    sampler: Sampler,
    seen: Seen,
}

/// What came back.
#[derive(Default)]
struct Seen {
    /// Latents that no frame at or behind them was published for yet, oldest first, and when they were submitted.
    waiting: Vec<(Vec<f32>, Instant)>,
    /// From submission to publication of each frame that was published.
    latencies: Vec<Duration>,
    /// Positions followed within [`LATE`].
    in_time: usize,
}

impl Hand {
    /// Starts the worker and has it open the model.
    fn open(bench: &Bench<'_>) -> anyhow::Result<Self> {
        let (wake, woken) = mpsc::channel();
        let worker = Worker::spawn(bench.chosen.device.clone(), move || {
            // The measurement may have ended already.
            let _ = wake.send(());
        })?;
        let model = bench.args.model.clone();
        worker.submit(Job {
            model: model.clone(),
            judge: None,
            channel: Channel::Open,
            request: Request::Open,
        });
        let manifest = opened(bench, &worker, &woken)?;
        Ok(Self {
            worker,
            woken,
            model,
            sampler: manifest.usual_sampler(),
            generator: manifest
                .generator
                .context("the model has nothing that makes images")?,
            seen: Seen::default(),
        })
    }

    /// Submits positions at the asked rate and takes what is published, until the last position is.
    fn drag(
        &mut self,
        bench: &Bench<'_>,
        positions: u32,
        mut progress: Option<&mut Progress>,
    ) -> anyhow::Result<()> {
        let period = Duration::from_secs(1) / bench.args.rate;
        let begin = Instant::now();
        for position in 0..positions {
            bench.check()?;
            self.take_until(begin + period * position)?;
            self.submit(position);
            if let Some(progress) = &mut progress {
                progress.set(u64::from(position) + 1, positions.into(), "");
            }
        }
        let end = Instant::now() + PATIENCE;
        while !self.seen.waiting.is_empty() {
            bench.check()?;
            if Instant::now() > end {
                bail!(
                    "the model thread published nothing for {} s",
                    PATIENCE.as_secs()
                );
            }
            self.take_until(Instant::now() + LATE)?;
        }
        Ok(())
    }

    fn submit(&mut self, position: u32) {
        let (latent, dim) = latent_at(&self.generator, position);
        let statistics = &self.generator.latent.statistics;
        let strip = latent_space::traversal(&latent, dim, statistics, RANGE_SIGMAS, STRIP_STEPS);
        let submitted = Instant::now();
        let requests = [
            (
                Channel::Frame,
                Request::Frame(FrameRequest {
                    sampler: self.sampler,
                    ..FrameRequest::new(latent.clone())
                }),
            ),
            (
                Channel::Strip,
                Request::Gallery(GalleryRequest {
                    sampler: self.sampler,
                    ..GalleryRequest::new(strip)
                }),
            ),
        ];
        for (channel, request) in requests {
            self.worker.submit(Job {
                model: self.model.clone(),
                judge: None,
                channel,
                request,
            });
        }
        self.seen.waiting.push((latent, submitted));
    }

    /// Takes what is published until `time` has come.
    fn take_until(&mut self, time: Instant) -> anyhow::Result<()> {
        loop {
            let left = time.saturating_duration_since(Instant::now());
            match self.woken.recv_timeout(left) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => bail!("the model thread has ended"),
            }
            for published in self.worker.take_published() {
                let now = Instant::now();
                published.result?;
                if let Request::Frame(request) = &published.job.request {
                    self.seen
                        .frame(&request.latent, now - published.received, now);
                }
            }
        }
    }
}

impl Seen {
    /// A frame was published: it answers its own position and all older ones.
    fn frame(&mut self, latent: &[f32], latency: Duration, now: Instant) {
        self.latencies.push(latency);
        let newest = self.waiting.iter().rposition(|(asked, _)| asked == latent);
        let answered = newest.map_or(0, |index| index + 1);
        self.in_time += self
            .waiting
            .drain(..answered)
            .filter(|(_, submitted)| now - *submitted <= LATE)
            .count();
    }

    fn figures(&self, positions: usize, memory_mb: Option<(f64, f64)>) -> Vec<Figure> {
        let n = positions;
        let share = 100.0 * self.in_time as f64 / n as f64;
        let shown = self.latencies.len();
        let mut figures: Vec<Figure> = Figure::of_times("drag.latency", &self.latencies)
            .into_iter()
            .collect();
        figures.push(Figure::single("drag.within_33ms", share, "%", n));
        let name = "drag.positions_shown";
        figures.push(Figure::single(name, shown as f64, "positions", n));
        match memory_mb {
            Some((start, end)) => figures.extend([
                Figure::single("drag.resident_start_mb", start, "MB", 1),
                Figure::single("drag.resident_end_mb", end, "MB", 1),
                Figure::single("drag.resident_growth_mb", end - start, "MB", 1),
            ]),
            None => {
                tell!("note: this system does not tell how much memory a process uses; left out");
            }
        }
        figures
    }
}

/// Where the hand is: each swing moves one dimension from end to end and back, from the anchor of one class.
fn latent_at(part: &GeneratorPart, position: u32) -> (Vec<f32>, usize) {
    let swing = (position / SWING) as usize;
    let dim = swing % part.latent.dims().max(1);
    let regions = &part.latent.regions;
    let class = swing % regions.classes().max(1);
    let mut latent = regions.anchor(ClassId(class as u16));
    let turn = (position % SWING) as f32 / SWING as f32 * std::f32::consts::TAU;
    latent[dim] = part
        .latent
        .statistics
        .from_sigmas(dim, turn.sin() * RANGE_SIGMAS);
    (latent, dim)
}

/// Waits until the model is open.
fn opened(
    bench: &Bench<'_>,
    worker: &Worker<Channel>,
    woken: &Receiver<()>,
) -> anyhow::Result<Manifest> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        bench.check()?;
        // Whether it was woken or waited long enough: what counts is what was published.
        let _ = woken.recv_timeout(LATE);
        for published in worker.take_published() {
            if let Reply::Opened(opened) = published.result? {
                return Ok(opened.manifest);
            }
        }
    }
    bail!("the model did not open within {} s", PATIENCE.as_secs())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{LATE, Seen};

    #[test]
    fn a_newer_frame_answers_for_the_older_positions() {
        let now = Instant::now();
        let ago = |ms| now.checked_sub(Duration::from_millis(ms)).expect("uptime");
        let mut seen = Seen {
            waiting: vec![
                (vec![0.0], ago(40)),
                (vec![1.0], ago(20)),
                (vec![2.0], ago(10)),
                (vec![3.0], ago(1)),
            ],
            ..Seen::default()
        };
        seen.frame(&[2.0], Duration::from_millis(10), now);
        // The first is over 33 ms old, the next two are not, and the last is still waited for.
        assert_eq!(seen.in_time, 2);
        assert_eq!(seen.waiting.len(), 1);
        assert_eq!(seen.latencies.len(), 1);
        // An older frame that comes late answers nothing.
        seen.frame(&[1.0], LATE, now);
        assert_eq!((seen.in_time, seen.waiting.len()), (2, 1));
    }
}
