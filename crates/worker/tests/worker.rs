//! The laws of the worker, on work whose every step waits for the test: nothing here depends on time.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use worker::{Job, Panicked, Published, Step, Work, Worker};

/// Far more than a step takes; reaching it means that the thread does not do what the test waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A question that takes `steps` steps.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    key: u8,
    name: &'static str,
    steps: usize,
    /// Whether each step gives an answer that the next one betters.
    shows: bool,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Reply,
    Fail,
    Panic,
}

impl Job for Question {
    type Key = u8;

    fn key(&self) -> u8 {
        self.key
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Wrong {
    Failed,
    Panicked(Panicked),
}

impl From<Panicked> for Wrong {
    fn from(panicked: Panicked) -> Self {
        Self::Panicked(panicked)
    }
}

/// Says which step it begins, and waits until the test lets it go on.
struct Gated {
    begun: Sender<(&'static str, usize)>,
    gate: Receiver<()>,
    recovered: Sender<&'static str>,
}

impl Work for Gated {
    type Job = Question;
    type Reply = &'static str;
    type Error = Wrong;
    type Progress = usize;

    fn step(&mut self, job: &Question, done: &mut usize) -> Result<Step<&'static str>, Wrong> {
        // The test may have ended already.
        let _ = self.begun.send((job.name, *done));
        let _ = self.gate.recv();
        *done += 1;
        if *done < job.steps {
            return Ok(if job.shows {
                Step::SoFar("so far")
            } else {
                Step::Begun
            });
        }
        match job.end {
            End::Reply => Ok(Step::Done(job.name)),
            End::Fail => Err(Wrong::Failed),
            End::Panic => panic!("{} panics", job.name),
        }
    }

    fn recover(&mut self, job: &Question) {
        let _ = self.recovered.send(job.name);
    }
}

/// A worker and the other ends of its channels.
struct Bench {
    /// Dropped before the worker, which waits for the step under way.
    gate: Sender<()>,
    worker: Worker<Gated>,
    begun: Receiver<(&'static str, usize)>,
    recovered: Receiver<&'static str>,
    woken: Receiver<()>,
}

impl Bench {
    fn new() -> Self {
        let ((begins, begun), (gate, theirs)) = (channel(), channel());
        let ((recovers, recovered), (wakes, woken)) = (channel(), channel());
        let make = move || Gated {
            begun: begins,
            gate: theirs,
            recovered: recovers,
        };
        let wake = move || {
            let _ = wakes.send(());
        };
        Self {
            worker: Worker::spawn("test", make, wake).expect("a thread"),
            begun,
            gate,
            recovered,
            woken,
        }
    }

    fn submit(&self, question: &Question) {
        self.worker.submit(question.clone());
    }

    /// Waits until the next step begins, and stays in it.
    fn enters(&self, name: &'static str, step: usize) {
        let entered = self.begun.recv_timeout(PATIENCE);
        assert_eq!(entered, Ok((name, step)));
    }

    /// Lets the step that was entered end.
    fn leave(&self) {
        self.gate.send(()).expect("the thread waits at the gate");
    }

    /// Enters each of these steps in turn and leaves it.
    fn passes(&self, steps: &[(&'static str, usize)]) {
        for (name, step) in steps {
            self.enters(name, *step);
            self.leave();
        }
    }

    /// Waits until something is published, and takes it.
    fn takes(&self) -> Vec<Published<Question, &'static str, Wrong>> {
        self.woken.recv_timeout(PATIENCE).expect("an answer");
        self.worker.take_published()
    }

    fn takes_reply(&self, name: &'static str) {
        let published = self.takes();
        let replies: Vec<_> = published.iter().map(|p| p.result.clone()).collect();
        assert_eq!(replies, [Ok(name)]);
    }
}

fn question(key: u8, name: &'static str, steps: usize) -> Question {
    Question {
        key,
        name,
        steps,
        shows: false,
        end: End::Reply,
    }
}

#[test]
fn the_newest_question_of_a_key_wins() {
    let bench = Bench::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| question(1, name, 1));
    bench.submit(&a);
    bench.enters("a", 0);
    bench.submit(&b);
    bench.submit(&c);
    bench.leave();
    bench.takes_reply("a");
    bench.passes(&[("c", 0)]);
    bench.takes_reply("c");
}

#[test]
fn the_smallest_key_is_served_first_and_keys_do_not_displace_each_other() {
    let bench = Bench::new();
    bench.submit(&question(5, "a", 1));
    bench.enters("a", 0);
    bench.submit(&question(9, "b", 1));
    bench.submit(&question(2, "c", 1));
    bench.leave();
    bench.passes(&[("c", 0), ("b", 0)]);
    let mut names = Vec::new();
    while names.len() < 3 {
        names.extend(bench.takes().into_iter().map(|p| p.job.name));
    }
    names.sort_unstable();
    assert_eq!(names, ["a", "b", "c"]);
}

#[test]
fn a_more_urgent_question_is_answered_between_two_steps() {
    let bench = Bench::new();
    bench.submit(&question(5, "a", 3));
    bench.enters("a", 0);
    bench.submit(&question(2, "b", 1));
    bench.leave();
    bench.passes(&[("b", 0)]);
    bench.takes_reply("b");
    bench.passes(&[("a", 1), ("a", 2)]);
    bench.takes_reply("a");
}

#[test]
fn a_less_urgent_question_waits_for_all_steps() {
    let bench = Bench::new();
    bench.submit(&question(2, "a", 2));
    bench.enters("a", 0);
    bench.submit(&question(5, "b", 1));
    bench.leave();
    bench.passes(&[("a", 1), ("b", 0)]);
}

/// The first is dropped for the second, which must finish, and the third comes after it.
#[test]
fn a_begun_question_is_dropped_for_a_newer_one_but_not_two_in_a_row() {
    let bench = Bench::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| question(1, name, 3));
    bench.submit(&a);
    bench.enters("a", 0);
    bench.submit(&b);
    bench.leave();
    bench.enters("b", 0);
    bench.submit(&c);
    bench.leave();
    bench.passes(&[("b", 1), ("b", 2)]);
    bench.takes_reply("b");
    bench.passes(&[("c", 0), ("c", 1), ("c", 2)]);
    bench.takes_reply("c");
}

/// `b` took the place of `a` before the first step of `a`, so nothing was lost, and `c` may take the place of `b`.
#[test]
fn a_question_that_replaced_one_without_a_step_may_be_replaced() {
    let bench = Bench::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| question(5, name, 2));
    let urgent = question(1, "a", 1);
    bench.submit(&urgent);
    bench.enters("a", 0);
    bench.submit(&a);
    bench.submit(&b);
    bench.leave();
    bench.enters("b", 0);
    bench.submit(&c);
    bench.leave();
    bench.passes(&[("c", 0), ("c", 1)]);
}

/// What it has come to is published, once a step, and it goes on; the last step gives the answer.
#[test]
fn an_answer_so_far_is_published_and_its_question_goes_on() {
    let bench = Bench::new();
    let search = Question {
        shows: true,
        ..question(1, "a", 3)
    };
    bench.submit(&search);
    bench.passes(&[("a", 0)]);
    bench.takes_reply("so far");
    // It is under way, so asking again changes nothing.
    bench.submit(&search);
    bench.passes(&[("a", 1)]);
    bench.takes_reply("so far");
    bench.passes(&[("a", 2)]);
    bench.takes_reply("a");
}

/// Whoever asked has seen what there was, so nothing is lost: each newer question takes the place of the one before at once.
#[test]
fn a_question_that_shows_what_it_has_is_dropped_for_every_newer_one() {
    let bench = Bench::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| Question {
        shows: true,
        ..question(1, name, 3)
    });
    bench.submit(&a);
    bench.enters("a", 0);
    bench.submit(&b);
    bench.leave();
    bench.enters("b", 0);
    bench.submit(&c);
    bench.leave();
    bench.passes(&[("c", 0), ("c", 1), ("c", 2)]);
}

#[test]
fn a_question_under_way_or_pending_is_not_computed_twice() {
    let bench = Bench::new();
    let [a, b] = [question(1, "a", 2), question(2, "b", 1)];
    bench.submit(&a);
    bench.enters("a", 0);
    bench.submit(&a);
    bench.submit(&b);
    bench.submit(&b);
    bench.leave();
    bench.passes(&[("a", 1), ("b", 0)]);
    bench.submit(&question(3, "c", 1));
    // Had either been queued again, it would be the more urgent one.
    bench.enters("c", 0);
}

#[test]
fn a_question_under_way_that_is_asked_again_takes_back_what_came_between() {
    let bench = Bench::new();
    let [a, b] = ["a", "b"].map(|name| question(1, name, 2));
    bench.submit(&a);
    bench.enters("a", 0);
    bench.submit(&b);
    bench.submit(&a);
    bench.leave();
    bench.passes(&[("a", 1)]);
    bench.takes_reply("a");
    bench.submit(&question(3, "c", 1));
    bench.enters("c", 0);
}

#[test]
fn an_answer_that_was_taken_can_be_asked_for_again() {
    let bench = Bench::new();
    let a = question(1, "a", 1);
    for _ in 0..2 {
        bench.submit(&a);
        bench.passes(&[("a", 0)]);
        bench.takes_reply("a");
    }
}

#[test]
fn an_answer_that_waits_to_be_taken_is_not_computed_again() {
    let bench = Bench::new();
    let a = question(1, "a", 1);
    bench.submit(&a);
    bench.passes(&[("a", 0)]);
    bench.woken.recv_timeout(PATIENCE).expect("an answer");
    bench.submit(&a);
    bench.submit(&question(2, "b", 1));
    bench.enters("b", 0);
    assert_eq!(bench.worker.take_published().len(), 1);
}

/// Whoever stands and waits is given the answer, and nobody is woken for it, nor finds it again.
#[test]
fn who_asks_and_waits_gets_the_answer() {
    let bench = Bench::new();
    let (worker, a) = (&bench.worker, question(1, "a", 2));
    let answer = thread::scope(|scope| {
        let asks = scope.spawn(|| worker.ask(a.clone(), PATIENCE));
        bench.passes(&[("a", 0), ("a", 1)]);
        asks.join().expect("no panic")
    });
    assert_eq!(answer.map(|answer| answer.result), Some(Ok("a")));
    assert!(bench.woken.try_recv().is_err());
    assert!(bench.worker.take_published().is_empty());
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_published_like_any_other() {
    let bench = Bench::new();
    // Its step ends only where this test lets it.
    let asked = bench
        .worker
        .ask(question(1, "a", 1), Duration::from_millis(1));
    assert!(asked.is_none());
    bench.passes(&[("a", 0)]);
    bench.takes_reply("a");
}

/// Neither the answer to an older question of the key, nor one of another key.
#[test]
fn who_waits_is_given_no_other_answer() {
    let bench = Bench::new();
    let worker = &bench.worker;
    bench.submit(&question(1, "older", 1));
    bench.enters("older", 0);
    bench.submit(&question(0, "other", 1));
    let answer = thread::scope(|scope| {
        let asks = scope.spawn(|| worker.ask(question(1, "a", 1), PATIENCE));
        bench.leave();
        bench.passes(&[("other", 0), ("a", 0)]);
        asks.join().expect("no panic")
    });
    assert_eq!(answer.map(|answer| answer.result), Some(Ok("a")));
    bench.takes_reply("other");
}

#[test]
fn a_failed_question_can_be_tried_again_even_before_its_error_is_taken() {
    let bench = Bench::new();
    let a = Question {
        end: End::Fail,
        ..question(1, "a", 1)
    };
    bench.submit(&a);
    bench.passes(&[("a", 0)]);
    bench.woken.recv_timeout(PATIENCE).expect("an error");
    bench.submit(&a);
    bench.passes(&[("a", 0)]);
    let published = bench.takes();
    assert_eq!(published[0].result, Err(Wrong::Failed));
}

#[test]
fn a_panic_becomes_an_error_and_the_thread_goes_on() {
    let bench = Bench::new();
    let a = Question {
        end: End::Panic,
        ..question(1, "a", 2)
    };
    bench.submit(&a);
    bench.passes(&[("a", 0), ("a", 1)]);
    let published = bench.takes();
    let panicked = Wrong::Panicked(Panicked("a panics".to_owned()));
    assert_eq!(published[0].result, Err(panicked));
    assert_eq!(bench.recovered.recv_timeout(PATIENCE), Ok("a"));
    bench.submit(&question(1, "b", 1));
    bench.passes(&[("b", 0)]);
    bench.takes_reply("b");
}

#[test]
fn dropping_the_handle_ends_the_thread_after_the_step_under_way() {
    let Bench {
        worker,
        begun,
        gate,
        woken,
        recovered: _recovered,
    } = Bench::new();
    // Without an end to the thread this would never be done.
    worker.submit(question(1, "a", usize::MAX));
    assert_eq!(begun.recv_timeout(PATIENCE), Ok(("a", 0)));
    let dropped = std::thread::spawn(move || drop(worker));
    // Each further step passes the open gate at once.
    drop(gate);
    dropped.join().expect("it ends");
    assert!(woken.try_recv().is_err(), "nothing was published");
}

/// A step that reads from a disk that does not answer must not keep a window from closing. The limit is 10 s.
#[test]
fn dropping_the_handle_does_not_wait_for_a_step_that_never_ends() {
    let bench = Bench::new();
    bench.submit(&question(1, "a", 1));
    bench.enters("a", 0);
    let Bench { gate, worker, .. } = bench;
    let (ends, ended) = channel();
    std::thread::spawn(move || {
        drop(worker);
        ends.send(())
    });
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(()));
    drop(gate);
}
