//! A person drops a shadowed photograph of a 7 on the real window, crops it in the card, sees 7, and undoes.

use std::path::Path;

use image::RgbImage;

use crate::drop::drop_file;
use crate::person::start;
use crate::photograph::{AROUND_THE_SEVEN, SIZE, shadowed_seven};
use crate::window::{Screen, settled};

/// The photograph that the documentation offers to try the card with.
pub fn in_documentation() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images/desk.jpg")
}

#[test]
fn the_documentation_offers_this_photograph() {
    let drawn = shadowed_seven();
    let kept = image::open(in_documentation()).map(image::DynamicImage::into_luma8);
    // JPEG changes a level by a few.
    let same = kept.is_ok_and(|kept| {
        kept.dimensions() == drawn.dimensions()
            && kept
                .pixels()
                .zip(drawn.pixels())
                .all(|(kept, drawn)| kept[0].abs_diff(drawn[0]) < 40)
    });
    if !same {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desk.jpg");
        drawn.save(&path).expect("a writable folder");
        panic!(
            "docs/images/desk.jpg is another picture: look at {}, and take it if it is right",
            path.display()
        );
    }
}

/// Where a photograph lies on the screen: its corner, and screen pixels a pixel.
struct Photograph {
    left: f32,
    top: f32,
    scale: f32,
}

impl Photograph {
    /// The lit paper is the only light grey on the dark window, and fills the photograph's left side from top to bottom.
    fn find(picture: &RgbImage) -> Option<Self> {
        let is_paper = |x: u32, y: u32| {
            let [red, green, blue] = picture.get_pixel(x, y).0;
            red == green && green == blue && (200..230).contains(&red)
        };
        let width = picture.width();
        let paper_in = |y: u32| (0..width).filter(|&x| is_paper(x, y)).count();
        let rows: Vec<u32> = (0..picture.height())
            .filter(|&y| paper_in(y) > 100)
            .collect();
        let (top, bottom) = (*rows.first()?, *rows.last()?);
        let left = (0..width).find(|&x| is_paper(x, top + 3))?;
        let height = bottom - top + 1;
        (height > 200).then(|| Self {
            left: left as f32,
            top: top as f32,
            scale: height as f32 / SIZE[1] as f32,
        })
    }

    fn on_screen(&self, [x, y]: [u32; 2]) -> (u32, u32) {
        let at = |start: f32, pixel: u32| (start + pixel as f32 * self.scale).round() as u32;
        (at(self.left, x), at(self.top, y))
    }
}

fn find(screen: &Screen) -> Photograph {
    let mut found = None;
    screen.until("the card shows the photograph", |screen| {
        found = Photograph::find(&screen.photograph());
        found.is_some()
    });
    found.expect("just found")
}

#[test]
fn a_person_drops_a_shadowed_seven_crops_it_sees_seven_and_undoes() {
    let Some(person) = start(96) else {
        return;
    };
    let screen = &person.screen;
    let before = settled(screen);
    person.until_kept("the first latent is kept", "session.ron", "latent: [");
    let latent = person.latent();
    let file = screen.home().join("desk.jpg");
    shadowed_seven().save(&file).expect("a file");

    drop_file(screen.display(), screen.window(), &file);
    let photograph = find(screen);
    assert_eq!(person.latent(), latent, "the card changes nothing");

    let way = AROUND_THE_SEVEN.map(|corner| photograph.on_screen(corner));
    let middle = photograph.on_screen([700, 300]);
    person.drag(&[way[0], middle, way[1]]);
    settled(screen);
    screen.press("Return");
    person.until_kept("the photograph is in front", "session.ron", "desk.jpg");
    screen.until("it is recognised as a 7", |_| person.seen() == 7);

    screen.press("ctrl+z");
    screen.until("the latent before is back", |_| person.latent() == latent);
    // Its path is still among those of recent images.
    assert!(!person.kept("session.ron").contains("name: \"desk.jpg\""));
    screen.xdotool(&["mousemove", "2", "2"]);
    screen.until("the picture before is back", |screen| {
        crate::window::changed(&before, &screen.photograph()) == 0
    });
}
