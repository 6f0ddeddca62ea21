//! Models that move between devices, and frames whose pictures stay there.

use dashboard::{
    state::{
        controls::Space,
        device::{ChosenDevice, DeviceChange},
        shown::{Evidence, Shown},
    },
    window::device::{self, DeviceChoice},
};
use eframe::egui::Key;
use eframe::wgpu::{AdapterInfo, Backend, DeviceType};
use egui_kittest::kittest::Queryable as _;
use studio::{ModelSource, Reply, Request, Studio};

use crate::support::{
    Window, digits, last_job, latent, manifest, model, published, save_untrained_bundle, serve,
    slider, window,
};
use dashboard::state::channel::Channel;

fn frame(window: &Window) -> Option<Shown> {
    let answers = window.state().session().answers(&model());
    answers.frame.as_ref().map(|answer| answer.value.clone())
}

/// Answers the frame that the app asks for with pictures on a device: the CPU's, which is as good as any here.
pub fn answer_live(window: &mut Window) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    save_untrained_bundle(folder.path(), manifest(None));
    let source = ModelSource::Folder(folder.path().to_owned());
    let studio = Studio::open(&source, &device::cpu()).expect("it is sound");
    window.get_by_label(&slider(1)).set_value_accesskit(2.0);
    window.run();
    let job = last_job(window, Channel::Frame);
    let Request::Frame(request) = &job.request else {
        panic!("a frame was asked for")
    };
    let live = studio.live_frame(request).expect("it fits");
    let reply = Reply::LiveFrame(Box::new(live));
    window.state_mut().receive(published(job, Ok(reply)));
    window.run();
}

fn to_the_cpu(failed: bool) -> DeviceChange {
    DeviceChange {
        chosen: ChosenDevice::cpu("The driver crashed."),
        moved: true,
        failed,
    }
}

#[test]
fn a_live_frame_shows_its_verdict_and_gives_its_pixels() {
    let mut window = window(Space::Explore, None);
    answer_live(&mut window);
    let shown = frame(&window).expect("there is one");
    assert!(matches!(shown, Shown::Live(_)));
    assert_eq!(shown.image().map(|image| image.shape()), Ok(digits()));
    assert!(shown.strength(Evidence::Predicted).is_some());
    assert!(shown.strength(Evidence::Target).is_some());
    window.get_by_label("decoded image");
    window.get_by_label_contains("Strongest evidence: odds");
    // The stages of such a frame cannot be told apart, so none is shown.
    assert!(window.query_by_label_contains("classify ").is_none());
}

#[test]
fn a_lost_device_leaves_everything_that_was_set_and_asks_again() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::Num5);
    serve(&mut window, &manifest(None));
    answer_live(&mut window);
    let before = latent(&window);
    window.state_mut().change_device(to_the_cpu(true));
    assert!(
        frame(&window).is_none(),
        "its pictures are gone with the device"
    );
    window.state_mut().reopen();
    window.run();
    let text = "The driver crashed. The models run on the CPU.";
    let mut said = window.state().notices().shown().map(|notice| &notice.text);
    assert!(said.any(|said| said == text));
    drop(said);
    assert_eq!(window.state().device().name, "CPU (Flex)");
    let job = last_job(&mut window, Channel::Frame);
    let Request::Frame(request) = &job.request else {
        panic!("a frame was asked for")
    };
    assert_eq!(request.latent, before);
    assert_eq!((request.target, request.runner_up), (None, true));
    // The answer to what was asked again is taken, and undo still knows what was done before.
    let reply = crate::support::answer(&job.request, &manifest(None));
    window.state_mut().receive(published(job, Ok(reply)));
    assert!(matches!(frame(&window), Some(Shown::Host(_))));
    window.get_by_label("Undo").click();
    window.run();
    assert_ne!(latent(&window), before);
}

#[test]
fn a_move_that_is_no_failure_keeps_the_picture_and_says_nothing() {
    let mut window = window(Space::Explore, None);
    let before = frame(&window).expect("there is one").image();
    window.state_mut().change_device(to_the_cpu(false));
    window.run();
    assert_eq!(frame(&window).expect("it is still there").image(), before);
    assert_eq!(window.state().notices().shown().count(), 0);
    let again = window.state_mut().take_jobs();
    assert!(again.iter().any(|job| job.channel == Channel::Frame));
    assert!(again.iter().any(|job| job.channel == Channel::Strip));
    assert!(again.iter().all(|job| job.channel != Channel::Open));
}

#[test]
fn an_image_on_its_way_to_the_encoder_is_sent_along() {
    let mut window = window(Space::Explore, None);
    window.get_by_label("next test image").click();
    window.run();
    let asked = last_job(&mut window, Channel::Encode);
    window.state_mut().change_device(to_the_cpu(false));
    window.run();
    let again = window.state_mut().take_jobs();
    assert_eq!(again.iter().filter(|job| **job == asked).count(), 1);
}

#[test]
fn only_auto_is_choosy_about_adapters() {
    let software = AdapterInfo::new(DeviceType::Cpu, Backend::Vulkan);
    let opengl = AdapterInfo::new(DeviceType::IntegratedGpu, Backend::Gl);
    let real = AdapterInfo::new(DeviceType::DiscreteGpu, Backend::Vulkan);
    let objects = |choice, adapter| device::objection(choice, adapter).is_some();
    assert!(objects(DeviceChoice::Auto, &software));
    assert!(objects(DeviceChoice::Auto, &opengl));
    assert!(!objects(DeviceChoice::Auto, &real));
    for adapter in [&software, &opengl, &real] {
        assert!(!objects(DeviceChoice::Gpu, adapter));
        assert!(objects(DeviceChoice::Cpu, adapter));
    }
}
