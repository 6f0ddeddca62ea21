//! What a run leaves on the disk, and what another program reads of it.

use std::fs;

use runs::{Network, RunControl, RunFolder, RunState, Start, list};
use studio::{Manifest, ModelSource};

use crate::support::{choice, finish, go, pictures};

#[test]
fn another_program_reads_what_was_seen() {
    let dir = pictures();
    let out = dir.path().join("model");
    let settings = choice(&dir, Network::Vae, &out).run();
    let folder = RunFolder::of(&settings);
    let mut while_it_ran = Vec::new();
    let (outcome, views) = go(&settings, Start::New, &RunControl::new(), |steps, _| {
        if steps == 12 {
            while_it_ran.push(folder.read(&[]).expect("it is written down"));
        }
    });
    outcome.expect("it trains");
    assert_eq!(while_it_ran[0].state, RunState::Running);
    let read = folder.read(&[]).expect("it is written down");
    let view = views.last().expect("something was seen");
    assert_eq!(read.state, RunState::Finished);
    assert_eq!(read.settings, view.settings);
    assert_eq!((&read.losses, &read.history), (&view.losses, &view.history));
    assert_eq!(read.seen.len(), view.seen.len());
    let (written, seen) = (read.seen.last(), view.seen.last());
    let (written, seen) = (written.expect("pictures"), seen.expect("pictures"));
    assert_eq!((written.step, &written.points), (seen.step, &seen.points));
    // Pictures are kept in 256 levels.
    for (written, seen) in written.samples.iter().zip(&seen.samples) {
        assert_eq!(written.to_bytes(), seen.to_bytes());
    }
    // Nothing of it is in the way of the model.
    Manifest::read(&ModelSource::Folder(out.clone())).expect("a model");
    // And nothing is read twice.
    let again = folder.read(&read.seen).expect("it is written down");
    assert!(std::sync::Arc::ptr_eq(&again.seen[0], &read.seen[0]));
}

#[test]
fn a_run_whose_program_ended_without_a_word_has_crashed() {
    let dir = pictures();
    let out = dir.path().join("model");
    let settings = choice(&dir, Network::Vae, &out).run();
    finish(&settings);
    let record = RunFolder::of(&settings).path().join("run.ron");
    let text = fs::read_to_string(&record).expect("a record");
    fs::write(&record, text.replace("state:Finished", "state:Running")).expect("a file");
    let found = list(dir.path());
    let states = found
        .iter()
        .map(|run| run.view.clone().expect("a run").state);
    assert_eq!(states.collect::<Vec<_>>(), [RunState::Crashed]);
}

#[test]
fn runs_are_found_below_a_folder_and_damaged_ones_say_so() {
    let dir = pictures();
    let (one, two) = (dir.path().join("a/one"), dir.path().join("b/two"));
    finish(&choice(&dir, Network::Vae, &one).run());
    let judge = choice(&dir, Network::Classifier, &one).run();
    finish(&judge);
    let settings = choice(&dir, Network::Gan, &two).run();
    finish(&settings);
    let record = RunFolder::of(&settings).path().join("run.ron");
    fs::write(record, "// Latent Lens run, version 1\n(").expect("a file");
    let found = list(dir.path());
    let names: Vec<String> = found
        .iter()
        .map(|run| match &run.view {
            Ok(view) => view.settings.network.network().command_name().to_owned(),
            Err(_) => "damaged".to_owned(),
        })
        .collect();
    assert_eq!(names, ["classifier", "vae", "damaged"]);
    // The folder of a run is one, too.
    assert_eq!(list(RunFolder::of(&judge).path()).len(), 1);
}

#[test]
fn two_programs_do_not_run_the_same_run() {
    let dir = pictures();
    let out = dir.path().join("model");
    let settings = choice(&dir, Network::Vae, &out).run();
    let mut refused = Vec::new();
    let (outcome, _) = go(&settings, Start::New, &RunControl::new(), |steps, _| {
        if steps == 1 {
            refused.push(go(&settings, Start::New, &RunControl::new(), |_, _| ()).0);
        }
    });
    outcome.expect("it trains");
    let error = refused.remove(0).expect_err("one is under way");
    assert!(
        error.to_string().contains("another run is training"),
        "{error}"
    );
}
