//! Evaluate: handles, comparisons and files.

use dashboard::{
    app::export,
    state::{
        controls::Space,
        sheet::{Contents, Sheet, figure_sheet, training_sheet},
    },
};
use eframe::egui::{
    Color32, ColorImage, Event, Key, Modifiers, PointerButton, Pos2, accesskit::Role, vec2,
};
use egui_kittest::kittest::Queryable as _;
use studio::{
    Detail, FaithfulnessCurves, Figure, Manifest, ModelSource, ReliabilityBin, Report, SweepPoint,
};

use crate::support::{Window, manifest, odd, scene, serve, shipped, window, window_of, window_on};

pub fn figure(name: &str, value: f64, detail: Detail) -> Figure {
    Figure {
        name: name.to_owned(),
        value,
        unit: String::new(),
        low: None,
        high: None,
        n: 500,
        seed: Some(3),
        split: "test".to_owned(),
        protocol: "as the test, and nobody else, says".to_owned(),
        second_judge: None,
        detail,
    }
}

fn curves(insertion: [f64; 3]) -> Detail {
    Detail::Faithfulness(FaithfulnessCurves {
        fractions: vec![0.0, 0.5, 1.0],
        insertion: insertion.to_vec(),
        deletion: vec![0.9, 0.25, 0.1],
    })
}

fn sweep() -> Detail {
    let point = |noise| SweepPoint {
        noise,
        agreement: 0.5,
        low: 0.25,
        high: 0.75,
        variance_ratio: 1.5,
        n: 2000,
    };
    Detail::Sweep([0.0, 1.0, 2.0].map(point).to_vec())
}

pub fn report() -> Report {
    Report {
        model: "mnist".to_owned(),
        model_sha256: "cd".repeat(32),
        dataset: "mnist".to_owned(),
        device: "cpu".to_owned(),
        figures: vec![
            figure("noise_sweep", 0.5, sweep()),
            figure("cam_insertion_deletion", 0.75, curves([0.1, 0.8, 0.9])),
            figure("cam_gaussian", 0.625, curves([0.1, 0.6, 0.9])),
            figure("cam_intensity", 0.5, curves([0.1, 0.4, 0.9])),
        ],
    }
}

#[test]
fn the_handle_of_the_noise_sweep_sets_the_noise_in_anchors() {
    let mut window = window(Space::Evaluate, Some(report()));
    window
        .get_by_label("noise in Anchors")
        .set_value_accesskit(1.5);
    window.run();
    let noise = |window: &Window| {
        let scene = window.state().controls().scene().expect("it is open");
        scene.anchors.noise
    };
    assert!((noise(&window) - 1.5).abs() < 1e-6);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run();
    assert!((noise(&window) - 1.0).abs() < 1e-6, "it can be undone");
}

#[test]
fn heatmaps_are_compared_with_any_other_order() {
    let mut window = window(Space::Evaluate, Some(report()));
    window.get_by_label_contains("most important pixels first; beside it 0.500");
    window.get_by_label("compared order").click();
    window.run();
    let choices = window.query_all_by_label("Faithfulness, centred blob");
    choices.last().expect("it can be chosen").click();
    window.run();
    window.get_by_label_contains("most important pixels first; beside it 0.625");
}

#[test]
fn the_numbers_of_a_plot_are_saved_where_the_person_says() {
    let mut window = window(Space::Evaluate, Some(report()));
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("sweep.csv");
    window.get_by_label("save Noise sweep").click();
    window.run();
    window.get_by_label("Numbers as CSV…").click();
    window.run();
    window.get_by_label("path").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window
        .get_by_label("path")
        .type_text(&path.display().to_string());
    window.run();
    let buttons = window.query_all_by_role_and_label(Role::Button, "Save");
    buttons.last().expect("the question has one").click();
    for _ in 0..200 {
        window.run();
        if window.state().notices().shown().count() > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let saved = std::fs::read_to_string(&path).expect("the file is there");
    assert_eq!(
        saved,
        "# noise_sweep: as the test, and nobody else, says\n\
         # n = 500, seed 3, split test\n\
         noise,agreement,low,high,variance_ratio,n\n\
         0,0.5,0.25,0.75,1.5,2000\n\
         1,0.5,0.25,0.75,1.5,2000\n\
         2,0.5,0.25,0.75,1.5,2000\n"
    );
}

fn table(sheet: &Sheet) -> Vec<&str> {
    let Contents::Table(text) = &sheet.contents else {
        panic!("{sheet:?}")
    };
    // After the two lines about the protocol.
    text.lines().skip(2).collect()
}

#[test]
fn every_kind_of_figure_has_a_table() {
    let names = ["cat".to_owned(), "dog, small".to_owned()];
    let sheet = |detail| figure_sheet(&figure("some", 0.5, detail), &names);
    assert_eq!(table(&sheet(Detail::None)), ["value,low,high", "0.5,,"]);
    assert_eq!(
        table(&sheet(Detail::Series(vec![0.5, 0.25]))),
        ["index,value", "0,0.5", "1,0.25"]
    );
    // A name with a comma stays one cell.
    assert_eq!(
        table(&sheet(Detail::Confusion(vec![vec![9, 1], vec![2, 8]]))),
        ["class,cat,\"dog, small\"", "cat,9,1", "\"dog, small\",2,8"]
    );
    let bin = ReliabilityBin {
        confidence: 0.75,
        accuracy: 0.5,
        count: 4,
    };
    assert_eq!(
        table(&sheet(Detail::Reliability(vec![bin]))),
        ["confidence,accuracy,count", "0.75,0.5,4"]
    );
    assert_eq!(
        table(&sheet(curves([0.1, 0.8, 0.9])))[..3],
        ["share,insertion,deletion", "0,0.1,0.9", "0.5,0.8,0.25"]
    );
    // A report of somebody else's program may have a curve that ends early.
    let short = Detail::Faithfulness(FaithfulnessCurves {
        fractions: vec![0.0, 1.0],
        insertion: vec![0.5],
        deletion: Vec::new(),
    });
    assert_eq!(
        table(&sheet(short)),
        ["share,insertion,deletion", "0,0.5,", "1,,"]
    );
    let training = manifest(None).generator.expect("it has one").training;
    let sheet = training_sheet("vae-training", &training);
    assert_eq!(
        table(&sheet)[..2],
        ["epoch,seconds,held_out_loss,train_loss", "1,1,110,100"]
    );
}

#[test]
fn the_picture_of_a_plot_is_a_png_of_its_colours() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("plot.png");
    let colors = [Color32::RED, Color32::from_rgb(1, 2, 3)];
    let sheet = Sheet {
        name: "plot".to_owned(),
        contents: Contents::Picture(ColorImage::new([2, 1], colors.to_vec()).into()),
    };
    assert_eq!(sheet.extension(), "png");
    export::save_sheet(&path, &sheet).expect("it can be written");
    let read = image::open(&path).expect("it is a PNG").into_rgb8();
    assert_eq!(read.into_raw(), [255, 0, 0, 1, 2, 3]);
}

#[test]
fn what_was_not_measured_has_a_picture_and_no_numbers() {
    let mut report = report();
    report.figures.truncate(1);
    let mut window = window(Space::Evaluate, Some(report));
    window
        .get_by_label("save Information per dimension")
        .click();
    window.run();
    window.get_by_label("Picture as PNG…");
    assert!(window.query_by_label("Numbers as CSV…").is_none());
}

fn click_at(window: &mut Window, pos: Pos2) {
    window.hover_at(pos);
    window.step();
    for pressed in [true, false] {
        window.event(Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    window.step();
    window.run();
}

#[test]
fn a_report_of_more_dimensions_than_the_model_has_opens_none_of_these() {
    // Twelve dimensions, of which the model has the first six. The others tell most, so their bars are the six on the left.
    let nats = (0..12).map(|dim| if dim < 6 { 1.0 } else { 8.0 });
    let mut report = report();
    report.figures = vec![figure(
        "kl_per_dimension",
        54.0,
        Detail::Series(nats.collect()),
    )];
    let mut window = window(Space::Evaluate, Some(report));
    window.get_by_label_contains("Mean divergence from the aggregate posterior's Gaussian");
    let words = window
        .get_by_label_contains("click a bar to open its slider")
        .rect();
    let selected = scene(&window).selected;
    click_at(&mut window, words.left_bottom() + vec2(110.0, 100.0));
    assert_eq!(window.state().controls().space, Space::Evaluate);
    assert_eq!(scene(&window).selected, selected);
    click_at(&mut window, words.left_bottom() + vec2(300.0, 100.0));
    assert_eq!(window.state().controls().space, Space::Explore);
    assert!(scene(&window).selected < 6);
}

/// The same model, judged by the classifier of another one.
fn judged_by_another(model: Manifest) -> Manifest {
    Manifest {
        judge: Some(shipped("fashion-mnist-plain")),
        ..model
    }
}

/// Says how to measure what a judge of another model says, and never to keep it in the report.
fn advises_to_print(window: &Window) {
    window.get_by_label(
        "latent-lens evaluate --model /models/of/the/test --judge fashion-mnist-plain --data DIR",
    );
    assert!(window.query_by_label_contains("--write").is_none());
}

#[test]
fn a_report_says_whose_classifier_it_is_about_while_another_one_judges() {
    let own = manifest(Some(report()));
    let window = window_of(Space::Evaluate, &own);
    assert!(window.query_by_label_contains("judges now").is_none());
    let window = window_of(Space::Evaluate, &judged_by_another(own));
    window.get_by_label(
        "These figures were measured with the model's own classifier. In this window the classifier of Fashion-MNIST judges \
         now.",
    );
    advises_to_print(&window);
}

#[test]
fn what_only_a_judge_of_another_model_can_say_is_not_promised_for_the_report() {
    let mut report = report();
    report.figures = vec![figure("reconstruction_mse", 0.004, Detail::None)];
    let with_report = Manifest {
        report: Some(report),
        ..judged_by_another(odd(3))
    };
    let window = window_of(Space::Evaluate, &with_report);
    window.get_by_label(
        "None of these figures needed a judge. In this window the classifier of Fashion-MNIST judges now.",
    );
    window.get_by_label_contains("Not measured yet: Class-anchored agreement");
    advises_to_print(&window);
    let window = window_of(Space::Evaluate, &judged_by_another(odd(3)));
    window.get_by_label("This model has not been evaluated yet.");
    advises_to_print(&window);
}

#[test]
fn a_folder_with_a_space_in_its_name_is_one_word_of_the_command() {
    let folder = ModelSource::Folder("/my models/three".into());
    let mut window = window_on(folder, Space::Evaluate);
    serve(&mut window, &odd(3));
    window.get_by_label("latent-lens evaluate --model '/my models/three' --data DIR --write");
}
