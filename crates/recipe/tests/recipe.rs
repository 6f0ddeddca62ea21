//! The text of a recipe: that it comes back as it was, and what is no recipe.

#[path = "recipe/one_pixel.rs"]
mod one_pixel;

use datasets::{ClassId, Seed};
use explain::{ColorMap, Method};
use recipe::{
    Anchors, Cam, KEYWORD, Latent, Picture, Recipe, RecipeError, Sampler, Start, Traversal,
    VERSION, png_text,
};
use serde_json::{Value, json};

fn recipe(picture: Picture) -> Recipe {
    Recipe {
        recipe_version: VERSION,
        program: "latent-lens 0.1.0".to_owned(),
        model: "mnist".to_owned(),
        model_sha256: "ab".repeat(32),
        judge: None,
        scale: Some(3),
        sampler: None,
        picture,
        window: None,
    }
}

/// A picture of each kind. The latents have no short form in decimals.
fn pictures() -> Vec<Picture> {
    let latent = vec![0.1, -1.0 / 3.0, f32::MIN_POSITIVE];
    vec![
        Picture::Latent(Latent {
            start: Some(Start::Prior {
                prior_seed: Seed(u64::MAX),
            }),
            latent: latent.clone(),
            condition: Some(ClassId(7)),
        }),
        Picture::Anchors(Anchors {
            latent: latent.clone(),
            classes: vec![ClassId(0), ClassId(999)],
            noise: 0.7,
            count: 4,
            seed: Seed(3),
        }),
        Picture::Traversal(Traversal {
            start: Some(Start::Sigmas {
                latent_sigmas: vec![0.1],
            }),
            latent: latent.clone(),
            condition: None,
            dims: vec![2, 0],
            sigmas: 3.0,
            steps: 11,
        }),
        Picture::Cam(Cam {
            start: Some(Start::Sample {
                anchor: ClassId(1),
                noise: 0.3,
                seed: Seed(7),
            }),
            latent: latent.clone(),
            condition: Some(ClassId(0)),
            class: Some(ClassId(2)),
            contrast: true,
            alone: true,
            layer: 4,
            method: Method::GradCamPlusPlus,
            opacity: 0.6,
            color_map: ColorMap::Viridis,
        }),
        Picture::Latent(Latent {
            start: Some(Start::Anchor { anchor: ClassId(1) }),
            latent,
            condition: None,
        }),
        Picture::Window,
        Picture::Pad,
        Picture::Show,
    ]
}

#[test]
fn every_picture_comes_back_to_the_last_bit() {
    for picture in pictures() {
        let written = Recipe {
            judge: Some("other".to_owned()),
            sampler: Some(Sampler {
                steps: 2,
                guidance: 1.5,
                seed: Seed(u64::MAX),
            }),
            window: Some(json!({ "space": "Explore" })),
            ..recipe(picture)
        };
        let read = Recipe::parse(&written.text()).expect("a recipe");
        assert_eq!(read, written);
    }
}

/// The first versions knew no guidance, and another name.
#[test]
fn a_sampler_of_the_first_versions_is_read() {
    let mut written = recipe(pictures().swap_remove(0)).to_json();
    written["sharpening"] = json!({ "steps": 4, "seed": 7 });
    let read = Recipe::parse(&written.to_string()).expect("a recipe");
    let expected = Sampler {
        steps: 4,
        guidance: 1.0,
        seed: Seed(7),
    };
    assert_eq!(read.sampler, Some(expected));
}

#[test]
fn the_names_in_the_text_stay_what_they_are() {
    let cam = recipe(pictures().swap_remove(3)).to_json();
    assert_eq!(cam["render"], "cam");
    assert_eq!(cam["method"], "grad-cam++");
    assert_eq!(cam["color_map"], "viridis");
    assert_eq!((&cam["class"], &cam["layer"]), (&json!(2), &json!(4)));
    assert_eq!(cam["condition"], 0);
    assert_eq!(cam["start"]["anchor"], 1);
    assert!(cam.get("judge").is_none() && cam.get("window").is_none());
    assert!(cam.get("sampler").is_none());
}

#[test]
fn a_picture_of_the_first_format_is_read() {
    // As the command line wrote it before there was a version, with what the classifier said.
    let text = r#"{"program":"latent-lens 0.1.0","render":"latent","model":"mnist","model_sha256":"00","scale":8,
        "start":{"anchor":3},"latent":[0.5,-1.0],"prediction":{"class":3,"confidence":0.9}}"#;
    let read = Recipe::parse(text).expect("a recipe");
    assert_eq!(read.picture.latent(), Some(&[0.5, -1.0][..]));
    assert!(matches!(
        read.picture,
        Picture::Latent(Latent {
            condition: None,
            ..
        })
    ));
    assert_eq!(read.scale, Some(8));
}

#[test]
fn what_is_no_recipe_is_refused() {
    for text in ["", "something else", "3", "{}", r#"{"render":"latent"}"#] {
        let refused = Recipe::parse(text);
        assert!(
            matches!(refused, Err(RecipeError::Other)),
            "{text}: {refused:?}"
        );
    }
    let whole = recipe(pictures().swap_remove(1)).to_json();
    let changed = |field: &str, value: Value| {
        let mut changed = whole.clone();
        changed[field] = value;
        Recipe::parse(&changed.to_string())
    };
    let newer = changed("recipe_version", json!(2));
    assert!(matches!(newer, Err(RecipeError::Newer(2))), "{newer:?}");
    for (field, value) in [
        ("render", json!("song")),
        ("classes", json!([70_000])),
        ("count", Value::Null),
    ] {
        let damaged = changed(field, value);
        assert!(
            matches!(damaged, Err(RecipeError::Damaged(_))),
            "{field}: {damaged:?}"
        );
    }
    for (field, value) in [
        ("count", json!(0)),
        ("count", json!(1_000_000_000)),
        ("noise", json!(1e9)),
        ("classes", json!([])),
        ("scale", json!(65)),
        ("latent", json!([1e300])),
        ("sampler", json!({ "steps": 0, "seed": 1 })),
        ("sampler", json!({ "steps": 65, "seed": 1 })),
        (
            "sampler",
            json!({ "steps": 2, "guidance": 10.5, "seed": 1 }),
        ),
    ] {
        let damaged = changed(field, value);
        assert!(
            matches!(damaged, Err(RecipeError::Range(_))),
            "{field}: {damaged:?}"
        );
    }
}

#[test]
fn a_picture_of_more_images_than_there_is_room_for_is_refused() {
    let anchors = |classes: u16, count: usize| {
        Picture::Anchors(Anchors {
            latent: vec![0.5],
            classes: (0..classes).map(ClassId).collect(),
            noise: 1.0,
            count,
            seed: Seed(1),
        })
    };
    let traversal = |rows: usize, steps: usize| {
        Picture::Traversal(Traversal {
            start: None,
            latent: vec![0.5],
            condition: None,
            dims: (0..rows).collect(),
            sigmas: 3.0,
            steps,
        })
    };
    let read = |picture: Picture| Recipe::parse(&recipe(picture).text());
    // 1,000 times 100 are as many as there may be.
    read(anchors(1_000, 100)).expect("a recipe");
    read(traversal(1_000, 100)).expect("a recipe");
    for picture in [anchors(1_000, 101), traversal(1_000, 101)] {
        let refused = read(picture).expect_err("101,000 images");
        assert!(matches!(refused, RecipeError::Range(_)), "{refused:?}");
        assert!(refused.to_string().contains("101000"), "{refused}");
    }
}

#[test]
fn a_text_is_found_in_a_picture_by_its_keyword() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one-pixel.png");
    one_pixel::png_with(&path, KEYWORD, "seven, and \u{e4}");
    let picture = std::fs::read(&path).expect("it was written");
    let text = png_text(&picture, KEYWORD);
    assert_eq!(text.as_deref(), Some("seven, and \u{e4}"));
    assert_eq!(png_text(&picture, "Title"), None);
    assert_eq!(png_text(b"no picture", KEYWORD), None);
}

/// A PNG file whose text is packed.
fn png_with_packed(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut info = png::Info::with_size(1, 1);
    info.color_type = png::ColorType::Grayscale;
    let mut chunk = png::text_metadata::ITXtChunk::new(KEYWORD, text);
    chunk.compressed = true;
    chunk.compress_text().expect("it can be packed");
    info.utf8_text.push(chunk);
    let encoder = png::Encoder::with_info(&mut bytes, info).expect("a header");
    let mut writer = encoder.write_header().expect("a file");
    writer.write_image_data(&[0]).expect("a pixel");
    writer.finish().expect("a file");
    bytes
}

/// A few thousand bytes can be packed text of any size: no more of it is unpacked than a recipe can have.
#[test]
fn packed_text_is_read_up_to_a_limit() {
    let fits = "x".repeat(recipe::LARGEST_TEXT);
    assert_eq!(png_text(&png_with_packed(&fits), KEYWORD), Some(fits));
    let bomb = png_with_packed(&"x".repeat(64 << 20));
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    assert_eq!(png_text(&bomb, KEYWORD), None);
}
