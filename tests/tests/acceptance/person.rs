//! A person at the real program, from the first look to the next day: with the mouse, the keyboard and nothing else.

use std::fs;
use std::path::PathBuf;

use burn::tensor::{Device, Tensor, TensorData};
use studio::{FrameRequest, ModelSource, Studio};

use crate::window::{FIRST_HANDLE, PATIENCE, Screen, changed, settled};

/// Points from one slider to the next.
const SLIDER: u32 = 31;
/// Sliders that are dragged.
const DRAGGED: usize = 5;

/// The strokes of an open 4, in shares of the sheet's side.
const FOUR: [&[(f32, f32)]; 2] = [
    &[
        (0.36, 0.18),
        (0.30, 0.36),
        (0.27, 0.52),
        (0.45, 0.53),
        (0.72, 0.52),
    ],
    &[(0.64, 0.20), (0.62, 0.40), (0.60, 0.60), (0.59, 0.82)],
];

/// Someone at the window, and the model that is in it.
pub struct Person {
    pub screen: Screen,
    studio: Studio,
}

impl Person {
    /// A file that the window keeps.
    pub fn kept(&self, file: &str) -> String {
        let folder = self.screen.home().join(".local/share/latent-lens");
        fs::read_to_string(folder.join(file)).unwrap_or_default()
    }

    /// The latent of the scene in the session's file.
    pub fn latent(&self) -> Vec<f32> {
        numbers(&self.kept("session.ron"), "latent: [")
    }

    /// What the classifier sees in the picture of that latent.
    pub fn seen(&self) -> u16 {
        let frame = self.studio.frame(&FrameRequest::new(self.latent()));
        let frame = frame.expect("the session's latent fits");
        frame
            .verdict
            .expect("it has a classifier")
            .prediction
            .class
            .0
    }

    fn classify(&self, pixels: Vec<f32>) -> u16 {
        let judge = self.studio.judge().expect("it has a classifier");
        let shape = self.studio.shape().batch(1);
        let image = Tensor::<4>::from_data(TensorData::new(pixels, shape), &Device::flex());
        let logits = judge.network.forward(image);
        let logits: Vec<f32> = logits.into_data().iter::<f32>().collect();
        judge.predict(&logits).class.0
    }

    /// Waits until a file that the window keeps holds this text.
    pub fn until_kept(&self, what: &str, file: &str, text: &str) {
        self.screen.until(what, |_| self.kept(file).contains(text));
    }

    /// Drags the pointer along points of the screen.
    pub fn drag(&self, points: &[(u32, u32)]) {
        let to = |(x, y): (u32, u32)| {
            self.screen
                .xdotool(&["mousemove", &x.to_string(), &y.to_string(), "sleep", "0.1"]);
        };
        to(points[0]);
        self.screen.xdotool(&["mousedown", "1", "sleep", "0.1"]);
        for point in &points[1..] {
            to(*point);
        }
        self.screen.xdotool(&["mouseup", "1", "sleep", "0.1"]);
    }

    /// Finds a command by its name and gives it.
    fn command(&self, name: &str) {
        self.screen.press("ctrl+k");
        self.screen
            .xdotool(&["sleep", "0.5", "type", "--delay", "30", name]);
        self.screen
            .xdotool(&["sleep", "0.5", "key", "Return", "sleep", "0.5"]);
    }

    /// Where the sheet to draw on is: the only large black square in the panel on the right. Its left, its top and its side.
    fn sheet(&self) -> Option<(u32, u32, u32)> {
        let picture = self.screen.photograph();
        let black = |x, y| picture.get_pixel(x, y).0 == [0; 3];
        let column = 1320;
        let rows: Vec<u32> = (200..900).filter(|&y| black(column, y)).collect();
        let (top, bottom) = (*rows.first()?, *rows.last()?);
        let middle = u32::midpoint(top, bottom);
        let left = (1100..=column)
            .rev()
            .take_while(|&x| black(x, middle))
            .last()?;
        let side = bottom - top + 1;
        (rows.len() as u32 == side && side >= 140).then_some((left, top, side))
    }
}

/// The numbers after `before`, up to the bracket.
fn numbers(text: &str, before: &str) -> Vec<f32> {
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    let list = rest.split_once(']').map_or("", |(list, _)| list);
    list.split(',')
        .filter_map(|v| v.trim().parse().ok())
        .collect()
}

/// Sits down at a display of this number; `None` if the tools are not installed.
pub fn start(display: u32) -> Option<Person> {
    let screen = Screen::start(display, &["--theme", "dark", "--device", "cpu"])?;
    let source = ModelSource::shipped("mnist-plain").expect("it is part of the program");
    let studio = Studio::open(&source, &Device::flex()).expect("the shipped model");
    Some(Person { screen, studio })
}

fn drag_five_sliders(person: &Person) {
    let (x, y) = FIRST_HANDLE;
    for row in 0..DRAGGED as u32 {
        let y = y + row * SLIDER;
        // From the middle of the rail, wherever the handle is.
        person.drag(&[(x, y), (x + 10, y), (x + 24, y)]);
    }
    person
        .screen
        .until("five sliders are kept where they were dragged", |_| {
            let text = person.kept("session.ron");
            let (latent, origin) = (numbers(&text, "latent: ["), numbers(&text, "origin: ["));
            let moved = latent
                .iter()
                .zip(&origin)
                .filter(|(a, b)| a.to_bits() != b.to_bits())
                .count();
            assert!(moved <= DRAGGED, "{moved} dimensions moved");
            moved == DRAGGED
        });
}

fn draw_a_four(person: &Person) {
    person.screen.press("d");
    let mut found = None;
    person.screen.until("the sheet is out", |_| {
        found = person.sheet();
        found.is_some()
    });
    let (left, top, side) = found.expect("just found");
    let on_sheet = |&(x, y): &(f32, f32)| {
        let at = |start: u32, share: f32| start + (share * side as f32) as u32;
        (at(left, x), at(top, y))
    };
    for stroke in FOUR {
        person.drag(&stroke.iter().map(on_sheet).collect::<Vec<_>>());
    }
    person.until_kept("the drawing is encoded", "session.ron", "Drawing");
    person
        .screen
        .until("it is recognised as a 4", |_| person.seen() == 4);
}

fn morph_it_to_a_nine(person: &Person) -> PathBuf {
    person.screen.press("b");
    person.until_kept("the 4 is a bookmark", "bookmarks.ron", "Drawing");
    person.screen.press("9");
    person.until_kept("the 9 is in front", "session.ron", "start: Anchor(9)");
    person.screen.press("b");
    person.until_kept("the 9 is a bookmark", "bookmarks.ron", "start: Anchor(9)");
    person.command("Show the bookmarks");
    person.until_kept(
        "the show goes through them",
        "session.ron",
        "stops: Bookmarks",
    );
    person.command("Save the show");
    let film = person.screen.home().join("four-to-nine.gif");
    let path = film.to_str().expect("a plain path");
    person
        .screen
        .xdotool(&["key", "ctrl+a", "type", "--delay", "20", path]);
    person.screen.xdotool(&["sleep", "0.5", "key", "Return"]);
    person.screen.until("the film is saved", |_| film.is_file());
    film
}

/// The film as the classifier sees it: a 4 at first, a 9 in its middle and a 4 at its end, for the show goes round.
fn check_film(person: &Person, film: &PathBuf) {
    use image::AnimationDecoder as _;
    let file = std::io::BufReader::new(fs::File::open(film).expect("it is there"));
    let decoder = image::codecs::gif::GifDecoder::new(file).expect("a GIF");
    let frames = decoder.into_frames().collect_frames().expect("whole");
    // Two seconds there and two back, ten images a second.
    assert_eq!(frames.len(), 40);
    let class = |index: usize| {
        let small = image::imageops::thumbnail(frames[index].buffer(), 28, 28);
        let pixels = small.pixels().map(|pixel| f32::from(pixel.0[0]) / 255.0);
        person.classify(pixels.collect())
    };
    let seen: Vec<u16> = (0..frames.len()).map(class).collect();
    assert_eq!(seen[0], 4, "{seen:?}");
    assert!(seen.contains(&9), "{seen:?}");
}

#[test]
fn a_person_goes_through_it_all_and_finds_it_again() {
    let Some(mut person) = start(97) else {
        return;
    };
    let first = settled(&person.screen);
    drag_five_sliders(&person);
    draw_a_four(&person);
    let film = morph_it_to_a_nine(&person);
    check_film(&person, &film);

    // The nine in front, and nothing open over it.
    person.screen.press("d");
    let before = settled(&person.screen);
    let latent = person.latent();
    person.screen.press("ctrl+q");
    let quit = std::time::Instant::now();
    while person.screen.runs() {
        assert!(quit.elapsed() < PATIENCE, "it does not close");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }

    person.screen.open(&["--device", "cpu"]);
    let after = settled(&person.screen);
    assert_eq!(
        changed(&before, &after),
        0,
        "the same picture, the next day"
    );
    assert!(
        changed(&first, &after) > 25_000,
        "and not the one of the first"
    );
    assert_eq!(person.latent(), latent);
    person.screen.press("Prior");
    person.until_kept("the 4 is one bookmark back", "session.ron", "Drawing");
    assert_eq!(person.seen(), 4);
    assert!(film.is_file());
}
