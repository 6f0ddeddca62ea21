//! Pictures, films and scenes out of the window, and scenes back into it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use dashboard::{
    files::picture_file::{Film, FilmProgress, Raster, read_recipe, save_gif, save_png},
    state::{
        controls::Space,
        recipe::{PictureKind, Recipe},
        scene::{MORPH_STEPS, Scene},
        timeline::Stops,
    },
};
use datasets::{ClassId, Image, ImageShape, Seed};
use eframe::egui::accesskit::Role;
use eframe::egui::{Color32, ColorImage, Event, Key, Modifiers, OutputCommand, ViewportCommand};
use egui_kittest::kittest::Queryable as _;
use explain::{ColorMap, Method};
use image::AnimationDecoder as _;
use recipe::Picture;

use crate::{
    files::drop_file,
    memory::window_in,
    support::{Window, digits, latent, manifest, serve, slider, window},
};

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    serve(window, &manifest(None));
}

fn scene(window: &Window) -> Scene {
    let scene = window.state().controls().scene();
    scene.expect("the model is open").clone()
}

/// Chooses an entry of the menu, types a path and saves there.
fn save(window: &mut Window, entry: &str, path: &Path) {
    click(window, "File");
    click(window, entry);
    window.get_by_label("path").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    let text = path.display().to_string();
    window.get_by_label("path").type_text(&text);
    window.run();
    window.get_by_role_and_label(Role::Button, "Save").click();
    window.step();
}

/// Serves the window until it says something that begins like this.
fn until_told(window: &mut Window, start: &str) -> String {
    for _ in 0..500 {
        window.step();
        for job in window.state_mut().take_jobs() {
            let reply = crate::support::answer(&job.request, &manifest(None));
            let answer = crate::support::published(job, Ok(reply));
            window.state_mut().receive(answer);
        }
        let shown = window.state().notices().shown();
        let found = shown.map(|notice| notice.text.clone());
        if let Some(text) = found.into_iter().find(|text| text.starts_with(start)) {
            return text;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it never said {start}");
}

/// Serves the window until its scene is this one.
fn until_restored(window: &mut Window, expected: &Scene) {
    for _ in 0..500 {
        serve(window, &manifest(None));
        if scene(window) == *expected {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(scene(window), *expected);
}

fn file(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

#[test]
fn a_saved_image_brings_its_scene_back_instead_of_being_encoded() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "three.png");
    let mut window = window(Space::Explore, None);
    window.get_by_label(&slider(3)).set_value_accesskit(1.25);
    window.get_by_label("lock z2").click();
    serve(&mut window, &manifest(None));
    let before = scene(&window);
    click(&mut window, "File");
    click(&mut window, "Save image as PNG…");
    window.get_by_label("scale").set_value_accesskit(3.0);
    window.run();
    window.key_press(Key::Escape);
    window.run();
    save(&mut window, "Save image as PNG…", &path);
    until_told(&mut window, "Saved");
    let saved = image::open(&path).expect("the file is there");
    assert_eq!((saved.width(), saved.height()), (448, 448));

    window.key_press(Key::Num8);
    click(&mut window, "Anchors");
    drop_file(&mut window, path);
    until_restored(&mut window, &before);
    assert_eq!(window.state().controls().space, Space::Explore);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    serve(&mut window, &manifest(None));
    assert_eq!(latent(&window)[0], 8.0, "it can be undone");
}

#[test]
fn a_picture_has_the_size_that_was_asked_for() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "small.png");
    let mut window = window(Space::Explore, None);
    click(&mut window, "File");
    click(&mut window, "Save image as PNG…");
    window.get_by_label("scale").set_value_accesskit(3.0);
    window.run();
    window.get_by_label("path").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    let text = path.display().to_string();
    window.get_by_label("path").type_text(&text);
    window.run();
    window.get_by_role_and_label(Role::Button, "Save").click();
    until_told(&mut window, "Saved");
    let saved = image::open(&path).expect("the file is there");
    assert_eq!((saved.width(), saved.height()), (84, 84));
}

#[test]
fn the_grid_is_saved_with_all_its_samples() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "grid.png");
    let mut window = window(Space::Anchors, None);
    save(&mut window, "Save grid as PNG…", &path);
    until_told(&mut window, "Saved");
    let saved = image::open(&path).expect("the file is there");
    // Six rows of six, 28 pixels each with 2 between, four times as large.
    assert_eq!((saved.width(), saved.height()), (712, 712));
    let recipe = Recipe::parse(&read_recipe(&path).expect("it has one")).expect("it is whole");
    assert_eq!(recipe.shows, PictureKind::Grid);
    assert_eq!(recipe.model, "mnist");
    assert_eq!(recipe.model_sha256, manifest(None).model_sha256());
    assert_eq!(recipe.scene, scene(&window));
}

#[test]
fn a_film_of_the_morph_goes_there_and_back_and_brings_its_scene_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "morph.gif");
    let mut window = window(Space::Anchors, None);
    let before = scene(&window);
    save(&mut window, "Save morph as GIF…", &path);
    // A panel takes a pass to find its size.
    window.run_steps(2);
    window.get_by_label_contains("Drawing the morph");
    until_told(&mut window, "Saved");
    assert!(window.query_by_label("Cancel film").is_none());
    let reader = std::io::BufReader::new(fs::File::open(&path).expect("the file is there"));
    let decoder = image::codecs::gif::GifDecoder::new(reader).expect("it is a GIF");
    let frames = decoder.into_frames().collect_frames().expect("all whole");
    assert_eq!(frames.len(), 2 * MORPH_STEPS - 2);
    assert_eq!(frames[0].buffer().dimensions(), (224, 224));

    window.key_press(Key::Num8);
    serve(&mut window, &manifest(None));
    drop_file(&mut window, path);
    until_restored(&mut window, &before);
}

#[test]
fn a_film_that_is_cancelled_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "walk.gif");
    let mut window = window(Space::Explore, None);
    save(&mut window, "Save walk as GIF…", &path);
    window.run_steps(2);
    window.get_by_label("Cancel film").click();
    window.step();
    window.step();
    assert!(window.query_by_label("Cancel film").is_none());
    assert!(!path.exists());
    // The same film can be asked for again, though its first images were asked for already.
    save(&mut window, "Save walk as GIF…", &path);
    until_told(&mut window, "Saved");
    assert!(path.is_file());
    save(&mut window, "Save walk as GIF…", &path);
    window.step();
    until_told(&mut window, "Saved");
}

#[test]
fn a_film_of_a_show_brings_its_bookmarks_along() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "show.gif");
    let mut first = window(Space::Explore, None);
    for key in [Key::B, Key::Num8, Key::B] {
        first.key_press(key);
        serve(&mut first, &manifest(None));
    }
    first.get_by_label("stops of the show").click();
    first.run();
    first
        .get_by_role_and_label(Role::Button, "Bookmarks")
        .click();
    serve(&mut first, &manifest(None));
    let before = scene(&first);
    save(&mut first, "Save show as GIF…", &path);
    until_told(&mut first, "Saved");

    let mut second = window(Space::Explore, None);
    drop_file(&mut second, path);
    until_restored(&mut second, &before);
    let controls = second.state().controls();
    assert_eq!(controls.timeline.stops, Stops::Bookmarks);
    let shelf = controls.shelf();
    let names: Vec<_> = shelf.iter().map(|kept| kept.name.as_str()).collect();
    assert_eq!(names, ["3", "8"]);
}

#[test]
fn the_window_is_photographed() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "window.png");
    let mut window = window(Space::Explain, None);
    save(&mut window, "Save window as PNG…", &path);
    let viewports = window.output().viewport_output.values();
    let commands = viewports.flat_map(|viewport| viewport.commands.clone());
    let asked = commands.into_iter().find_map(|command| match command {
        ViewportCommand::Screenshot(callback) => Some(callback),
        _ => None,
    });
    let picture = ColorImage::filled([4, 2], Color32::from_rgb(10, 20, 30));
    asked
        .expect("the window asks for its picture")
        .complete(Arc::new(picture));
    until_told(&mut window, "Saved");
    let saved = image::open(&path).expect("the file is there").into_rgb8();
    assert_eq!(saved.dimensions(), (4, 2));
    assert_eq!(saved.get_pixel(3, 1).0, [10, 20, 30]);
    let recipe = Recipe::parse(&read_recipe(&path).expect("it has one")).expect("it is whole");
    assert_eq!(
        (recipe.shows, recipe.space),
        (PictureKind::Window, Space::Explain)
    );
}

#[test]
fn a_scene_is_copied_as_text_and_pasted() {
    let mut first = window(Space::Explain, None);
    first.key_press(Key::Num8);
    serve(&mut first, &manifest(None));
    first.get_by_label("File").click();
    first.run();
    first.get_by_label("Copy scene").click();
    let mut copied = Vec::new();
    for _ in 0..4 {
        first.step();
        copied.extend(first.output().platform_output.commands.clone());
    }
    let text = copied.into_iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text),
        _ => None,
    });
    let text = text.expect("it was copied");
    let mut second = window(Space::Explore, None);
    second.event(Event::Paste(text));
    serve(&mut second, &manifest(None));
    assert_eq!(scene(&second), scene(&first));
    assert_eq!(second.state().controls().space, Space::Explain);

    second.event(Event::Paste("something else".to_owned()));
    serve(&mut second, &manifest(None));
    let (_, text) = second.state().notices().last().expect("it is told");
    assert!(text.contains("holds no scene"), "{text}");
}

#[test]
fn a_scene_of_a_model_that_is_not_here_is_explained() {
    let mut window = window(Space::Explore, None);
    let controls = window.state().controls().clone();
    let recipe = Recipe::of(&controls, &manifest(None), PictureKind::Image, Vec::new());
    let mut recipe = recipe.expect("the model is open");
    recipe.model = "my-own".to_owned();
    recipe.model_sha256 = "00".repeat(32);
    window.event(Event::Paste(recipe.text().expect("it has a form")));
    serve(&mut window, &manifest(None));
    let (_, text) = window.state().notices().last().expect("it is told");
    assert!(text.contains("my-own"), "{text}");
    assert_eq!(*window.state().controls(), controls);

    recipe.model = "mnist".to_owned();
    window.event(Event::Paste(recipe.text().expect("it has a form")));
    serve(&mut window, &manifest(None));
    let (_, text) = window.state().notices().last().expect("it is told");
    assert!(text.contains("another version of this model"), "{text}");
}

#[test]
fn pictures_that_were_opened_are_listed_for_the_next_window() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "seven.png");
    let drawn = image::GrayImage::from_fn(60, 60, |x, _| {
        image::Luma([if (20..40).contains(&x) { 0 } else { 255 }])
    });
    drawn.save(&path).expect("it can be written");
    let kept = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(kept.path());
    drop_file(&mut first, path.clone());
    for _ in 0..200 {
        serve(&mut first, &manifest(None));
        if latent(&first)[0] == 1.5 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(first);
    let mut second = window_in(kept.path());
    second.get_by_label("Explore").click();
    click(&mut second, "File");
    click(&mut second, "Recent images");
    second.get_by_role_and_label(Role::Button, &path.display().to_string());
}

#[test]
fn recipes_come_back_from_their_files_and_greys_stay_exact() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (png, gif) = (file(&folder, "a.png"), file(&folder, "a.gif"));
    // Longer than one block of a comment, and with more than letters.
    let recipe = format!("// Latent Lens {} – “é”", "x".repeat(700));
    let bytes: Vec<u8> = (0..digits().values()).map(|i| (i % 256) as u8).collect();
    let image = Image::from_bytes(digits(), &bytes).expect("it has that shape");
    save_png(&png, &Raster::image(&image, 2), &recipe).expect("it can be written");
    assert_eq!(read_recipe(&png), Some(recipe.clone()));
    let film = Film {
        images: vec![image, Image::black(digits())],
        order: vec![0, 1, 0],
        scale: 2,
        delay: 5,
    };
    let progress = FilmProgress::default();
    assert!(save_gif(&gif, &film, &recipe, &progress).expect("it can be written"));
    assert_eq!(read_recipe(&gif), Some(recipe));
    let reader = std::io::BufReader::new(fs::File::open(&gif).expect("the file is there"));
    let decoder = image::codecs::gif::GifDecoder::new(reader).expect("it is a GIF");
    let frames = decoder.into_frames().collect_frames().expect("all whole");
    assert_eq!(frames.len(), 3);
    for (x, y, pixel) in frames[2].buffer().enumerate_pixels() {
        let index = (y / 2 * 28 + x / 2) as usize;
        assert_eq!(usize::from(pixel.0[0]), index % 256);
    }
    fs::write(&png, "this is text").expect("it can be written");
    assert_eq!(read_recipe(&png), None);
}

#[test]
fn colours_stay_exact_in_a_sheet_and_in_a_film() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (png, gif) = (file(&folder, "a.png"), file(&folder, "a.gif"));
    let shape = ImageShape::new(3, 20, 32).expect("it is in bounds");
    // 160 colours: red by columns of two, green by rows of two, and always some blue.
    let color = |x: u32, y: u32| [(x / 2) as u8 * 15, (y / 2) as u8 * 25, 99];
    let plane =
        |channel: usize| (0..640_u32).map(move |pixel| color(pixel % 32, pixel / 32)[channel]);
    let bytes: Vec<u8> = (0..3).flat_map(plane).collect();
    let image = Image::from_bytes(shape, &bytes).expect("it has that shape");
    let images = [image.clone(), Image::black(shape), image.clone()];
    save_png(&png, &Raster::sheet(&images, 2, 3), "").expect("it can be written");
    let read = image::open(&png).expect("it is a PNG").into_rgb8();
    // Two images of 32 x 20 and two pixels between them, three times as large.
    assert_eq!(read.dimensions(), (3 * 66, 3 * 42));
    for (x, y) in [(0, 0), (17, 9), (31, 19)] {
        let expected = color(x, y);
        assert_eq!(read.get_pixel(3 * x + 1, 3 * y + 2).0, expected);
        assert_eq!(read.get_pixel(3 * (34 + x), 3 * y).0, [0; 3]);
        assert_eq!(read.get_pixel(3 * x, 3 * (22 + y)).0, expected);
    }
    let film = Film {
        images: images.to_vec(),
        order: vec![1, 0],
        scale: 2,
        delay: 5,
    };
    let progress = FilmProgress::default();
    assert!(save_gif(&gif, &film, "a recipe", &progress).expect("it can be written"));
    let reader = std::io::BufReader::new(fs::File::open(&gif).expect("the file is there"));
    let decoder = image::codecs::gif::GifDecoder::new(reader).expect("it is a GIF");
    let frames = decoder.into_frames().collect_frames().expect("all whole");
    let frame = frames[1].buffer();
    assert_eq!(frame.dimensions(), (64, 40));
    for (x, y, pixel) in frame.enumerate_pixels() {
        assert_eq!(pixel.0[..3], color(x / 2, y / 2), "{x}, {y}");
    }
}

/// A PNG file of one pixel with a text in it.
fn png_with(path: &Path, keyword: &str, text: &str) {
    let file = fs::File::create(path).expect("a file");
    let mut encoder = png::Encoder::new(file, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    let added = encoder.add_itxt_chunk(keyword.to_owned(), text.to_owned());
    added.expect("a keyword");
    let mut writer = encoder.write_header().expect("a file");
    writer.write_image_data(&[0]).expect("a pixel");
}

#[test]
fn a_picture_of_an_earlier_version_brings_its_scene_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = file(&folder, "earlier.png");
    let mut window = window(Space::Explain, None);
    window.key_press(Key::Num8);
    serve(&mut window, &manifest(None));
    let before = scene(&window);
    let controls = window.state().controls().clone();
    let recipe = Recipe::of(&controls, &manifest(None), PictureKind::Window, Vec::new());
    // Version 2 of the window wrote RON, and neither a judge nor a scale.
    let style = ron::ser::PrettyConfig::new().compact_arrays(true);
    let text = ron::ser::to_string_pretty(&recipe.expect("the model is open"), style);
    let text = text.expect("it has a form");
    let known = |line: &&str| {
        !["judge:", "scale:"]
            .iter()
            .any(|new| line.trim().starts_with(new))
    };
    let lines: Vec<&str> = text.lines().filter(known).collect();
    assert_eq!(lines.len() + 2, text.lines().count());
    let text = format!("// Latent Lens scene, version 2\n{}\n", lines.join("\n"));
    png_with(&path, "latent-lens scene", &text);

    window.key_press(Key::Num3);
    click(&mut window, "Anchors");
    drop_file(&mut window, path);
    until_restored(&mut window, &before);
    assert_eq!(window.state().controls().space, Space::Explain);
}

#[test]
fn a_picture_of_the_command_line_brings_its_latent_back() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window(Space::Map, None);
    let dims = latent(&window).len();
    let at: Vec<f32> = (0..dims).map(|dim| dim as f32 * 0.1 - 1.0).collect();
    let cases = [
        (
            Picture::Latent(recipe::Latent {
                start: Some(recipe::Start::Prior {
                    prior_seed: Seed(5),
                }),
                latent: at.clone(),
            }),
            Space::Explore,
        ),
        (
            Picture::Cam(recipe::Cam {
                start: Some(recipe::Start::Anchor { anchor: ClassId(7) }),
                latent: at.iter().map(|value| -value).collect(),
                class: Some(ClassId(2)),
                layer: 3,
                method: Method::LayerCam,
                opacity: 0.5,
                color_map: ColorMap::Inferno,
            }),
            Space::Explain,
        ),
        (
            Picture::Traversal(recipe::Traversal {
                start: None,
                latent: at.clone(),
                dims: vec![2, 0],
                sigmas: 3.0,
                steps: 11,
            }),
            Space::Explore,
        ),
        (
            Picture::Anchors(recipe::Anchors {
                latent: vec![6.0; dims],
                classes: vec![ClassId(6), ClassId(7)],
                noise: 0.5,
                count: 4,
                seed: Seed(9),
            }),
            Space::Anchors,
        ),
    ];
    for (picture, space) in cases {
        let path = file(&folder, &format!("{}.png", picture.name()));
        let expected = picture.latent().expect("it has one").to_vec();
        let text = recipe::Recipe {
            recipe_version: recipe::VERSION,
            program: "latent-lens 0.1.0".to_owned(),
            model: "mnist".to_owned(),
            model_sha256: manifest(None).model_sha256(),
            judge: None,
            scale: Some(8),
            picture,
            window: None,
        };
        png_with(&path, recipe::KEYWORD, &text.text());
        drop_file(&mut window, path);
        let mut rounds = 0;
        while latent(&window) != expected && rounds < 500 {
            serve(&mut window, &manifest(None));
            std::thread::sleep(Duration::from_millis(10));
            rounds += 1;
        }
        assert_eq!(latent(&window), expected);
        assert_eq!(window.state().controls().space, space);
        let scene = scene(&window);
        match space {
            Space::Explain => {
                assert_eq!((scene.target, scene.layer.index()), (ClassId(2), 2));
                assert_eq!(scene.method, Method::LayerCam);
            }
            Space::Anchors => {
                assert_eq!((scene.anchors.class, scene.anchors.count), (ClassId(6), 4));
                assert_eq!((scene.anchors.noise, scene.anchors.seed), (0.5, Seed(9)));
            }
            _ => {}
        }
    }
    assert!(window.state().notices().shown().next().is_none());
}

#[test]
fn the_command_line_finds_what_it_can_draw_in_a_picture_of_the_window() {
    let window = window(Space::Explore, None);
    let controls = window.state().controls();
    let written = |shows| {
        let recipe = Recipe::of(controls, &manifest(None), shows, Vec::new());
        let text = recipe.expect("the model is open").text();
        recipe::Recipe::parse(&text.expect("it has a form")).expect("a recipe")
    };
    let image = written(PictureKind::Image);
    assert_eq!(image.picture.latent(), Some(&latent(&window)[..]));
    assert_eq!(image.model_sha256, manifest(None).model_sha256());
    let grid = scene(&window).anchors;
    let Picture::Anchors(anchors) = written(PictureKind::Grid).picture else {
        panic!("a grid is drawn as anchors");
    };
    assert_eq!(
        (anchors.classes, anchors.count),
        (vec![grid.class], grid.count)
    );
    assert_eq!(written(PictureKind::Window).picture, Picture::Window);
}
