//! A person finishes each lesson, by the keyboard alone, on the models of the program: what is measured is really met.

use dashboard::state::{
    controls::Space,
    lesson::{Action, WorksWith, shipped},
    lesson_notes::LessonNote,
};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::support::ShippedWindow;

/// Begins a lesson by the palette.
fn begin(model: &str, title: &str) -> ShippedWindow {
    let mut person = ShippedWindow::on(model, Space::Explore);
    person.command(&format!("lesson {title}"));
    let running = person.window.state().lesson().expect("it began");
    assert_eq!(running.listed.lesson.title, title);
    person
}

/// Whether the step in front is ticked.
fn is_done(person: &ShippedWindow) -> bool {
    let tick = person.window.query_by_label("this step is done");
    tick.is_some()
}

/// The step was not done, is done now, and the next one follows.
fn done(person: &mut ShippedWindow) {
    let step = person.window.state().lesson().expect("it goes on").step;
    assert!(is_done(person), "step {} is not done", step + 1);
    next(person);
}

fn next(person: &mut ShippedWindow) {
    person.press_with(Modifiers::COMMAND, Key::Enter);
}

/// It is at its end, and the notebook knows that every step with a check was done.
fn finished(person: &mut ShippedWindow, key: &str) {
    let running = person.window.state().lesson().expect("its last step");
    assert!(running.is_last());
    let steps = &running.listed.lesson.steps;
    let checked = steps.iter().enumerate().filter(|(_, s)| s.check.is_some());
    let note = LessonNote {
        step: steps.len(),
        done: checked.map(|(step, _)| step).collect(),
        finished: true,
    };
    next(person);
    assert!(person.window.state().lesson().is_none());
    assert_eq!(person.window.state().notebook().lessons[key], note);
    let shown = person.window.state().notices().shown();
    let told: Vec<&str> = shown.map(|notice| notice.text.as_str()).collect();
    assert!(
        told.iter().all(|text| text.starts_with("Finished: ")),
        "{told:?}"
    );
    assert_eq!(told.len(), 1);
}

#[test]
fn a_four_becomes_a_nine_by_the_keyboard_alone() {
    let mut person = begin("mnist-plain", "Make a 4 become a 9");
    assert!(!is_done(&person));
    person.press(Key::Num4);
    done(&mut person);
    // z6 is the topmost slider of this model, and z8 the next one.
    person.tab_to("z6,");
    person.press_times(Key::ArrowRight, 5);
    assert!(!is_done(&person), "half a sigma is not enough");
    person.press_times(Key::ArrowRight, 6);
    done(&mut person);
    person.tab_to("z8,");
    person.press_times(Key::ArrowRight, 10);
    assert!(!is_done(&person), "it is a 4 still");
    person.press_times(Key::ArrowRight, 16);
    done(&mut person);
    assert_eq!(person.window.state().controls().space, Space::Explain);
    done(&mut person);
    finished(&mut person, "four-to-nine");
}

#[test]
fn a_dimension_is_found_out_and_named() {
    let mut person = begin("mnist-plain", "What does this dimension do?");
    person.tab_to("z8,");
    done(&mut person);
    person.press_times(Key::ArrowRight, 24);
    done(&mut person);
    person.press(Key::Num7);
    assert!(!is_done(&person));
    person.press_times(Key::ArrowLeft, 24);
    done(&mut person);
    person.press(Key::N);
    person.type_text("width");
    assert!(!is_done(&person), "it is not kept yet");
    person.press(Key::Enter);
    done(&mut person);
    finished(&mut person, "one-dimension");
}

#[test]
fn the_classifier_is_fooled() {
    let mut person = begin("mnist-plain", "Fool the classifier");
    assert_eq!(person.window.state().controls().space, Space::Anchors);
    person.tab_to("noise");
    person.press_times(Key::ArrowRight, 30);
    done(&mut person);
    person.tab_until("a wrong sample", |name| {
        name.starts_with("sample ") && name.ends_with(", wrong")
    });
    person.press(Key::Enter);
    done(&mut person);
    person.press(Key::H);
    done(&mut person);
    person.press(Key::Num4);
    assert!(!is_done(&person), "it is a 4 for the classifier as well");
    person.tab_to("z8,");
    person.press_times(Key::ArrowRight, 26);
    done(&mut person);
    finished(&mut person, "fool-the-classifier");
}

#[test]
fn it_is_seen_why_pictures_are_blurry() {
    // The lesson opens its own model.
    let mut person = begin("mnist-plain", "Why is it blurry?");
    let model = person.window.state().controls().model.clone();
    assert_eq!(model.short_name(), "fashion-mnist-refined");
    assert!(!is_done(&person));
    person.command("next test image");
    done(&mut person);
    person.command("compare reconstructions");
    done(&mut person);
    person.press_with(Modifiers::SHIFT, Key::R);
    done(&mut person);
    assert!(!is_done(&person), "it is not sharp yet");
    person.tab_until("4 under Sharp", |name| name == "4");
    person.press(Key::Enter);
    done(&mut person);
    person.tab_to("Other detail");
    person.press(Key::Enter);
    done(&mut person);
    finished(&mut person, "why-blurry");
}

#[test]
fn it_is_seen_what_can_be_trusted() {
    let mut person = begin("mnist-plain", "Can it be trusted?");
    person.press(Key::F7);
    done(&mut person);
    next(&mut person);
    person.press(Key::F2);
    assert!(!is_done(&person), "the noise is too low");
    person.tab_to("noise");
    person.press_times(Key::ArrowRight, 12);
    done(&mut person);
    for slider in ["z6,", "z8,", "z0,"] {
        assert!(!is_done(&person));
        person.tab_to(slider);
        person.press_times(Key::ArrowRight, 40);
    }
    done(&mut person);
    finished(&mut person, "trusted");
}

/// Show me does what each step asks for, on every model that a lesson says it works with.
#[test]
fn every_step_can_be_shown_on_every_model_that_a_lesson_is_for() {
    for listed in shipped().lessons {
        let lesson = &listed.lesson;
        let mut models = vec![lesson.model.clone()];
        for others in &lesson.works_with {
            let WorksWith::Model(name) = others else {
                panic!(
                    "{}: name the models, so that they can be tried",
                    lesson.title
                );
            };
            models.push(name.clone());
        }
        for model in models {
            let mut person = begin(&model, &lesson.title);
            let front = person.window.state().controls().model.short_name();
            assert_eq!(front, model);
            for (place, step) in lesson.steps.iter().enumerate() {
                let there = format!("{}, step {}, {model}", lesson.title, place + 1);
                if !step.show.is_empty() {
                    person.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
                }
                if step
                    .show
                    .iter()
                    .any(|action| matches!(action, Action::Name(_)))
                {
                    person.type_text("width");
                    person.press(Key::Enter);
                }
                assert_eq!(is_done(&person), step.check.is_some(), "{there}");
                next(&mut person);
            }
            assert!(person.window.state().lesson().is_none());
        }
    }
}

/// The figures that the texts name are those of the report.
#[test]
fn the_texts_tell_what_was_measured() {
    let source = studio::ModelSource::shipped("mnist-plain").expect("it is there");
    let manifest = studio::Manifest::read(&source).expect("it can be read");
    let report = manifest.report.expect("it was measured");
    let accuracy = evaluation::measures::REAL_ACCURACY
        .of(&report)
        .expect("it was measured");
    assert!((accuracy.value - 0.996).abs() < 0.001, "{}", accuracy.value);
    let texts: Vec<String> = shipped()
        .lessons
        .iter()
        .flat_map(|listed| listed.lesson.steps.iter().map(|step| step.text.clone()))
        .collect();
    assert!(
        texts
            .iter()
            .any(|text| text.contains("Of a thousand real digits this classifier gets four wrong"))
    );
    assert!(
        texts
            .iter()
            .any(|text| text.contains("right in 99.6 of 100 cases"))
    );
}
