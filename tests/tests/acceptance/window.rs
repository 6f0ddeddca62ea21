//! The real program in a real window on a display without a screen. These tests need Xvfb, xdotool and `ImageMagick`; where
//! they are not installed, the tests say so and pass (CI installs them).

use std::env;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::RgbImage;

pub const PATIENCE: Duration = Duration::from_mins(2);

/// The dashboard, which Cargo builds beside this test because its package has integration tests.
fn dashboard() -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("target/release");
    let path = folder.join("latent-lens-dashboard");
    assert!(path.is_file(), "{} was not built", path.display());
    path
}

/// Columns and rows of the screen.
pub type Area = (Range<u32>, Range<u32>);

/// A process that ends with the test.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A display with the dashboard on it.
pub struct Screen {
    name: String,
    folder: tempfile::TempDir,
    _server: Guard,
    app: Option<Guard>,
}

impl Screen {
    /// `None` if the tools are not installed.
    pub fn start(number: u32, arguments: &[&str]) -> Option<Self> {
        let installed = |tool: &str| {
            let found = Command::new("which").arg(tool).output();
            found.is_ok_and(|output| output.status.success())
        };
        if !["Xvfb", "xdotool", "import"]
            .iter()
            .all(|tool| installed(tool))
        {
            eprintln!("skipped: Xvfb, xdotool and ImageMagick are needed to look at a window");
            return None;
        }
        let name = format!(":{number}");
        let server = Command::new("Xvfb")
            // Without it the server starts anew whenever its last client leaves, and takes the next one along.
            .args([&name, "-noreset", "-screen", "0", "1600x1000x24"])
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut screen = Self {
            name,
            folder: tempfile::tempdir().expect("a folder"),
            _server: Guard(server),
            app: None,
        };
        screen.until("the display answers", |s| {
            s.xdotool(&["getdisplaygeometry"]).status.success()
        });
        // Whoever sits here has seen the tour, which would lie over what the tests click on.
        let kept = screen.home().join(".local/share/latent-lens");
        std::fs::create_dir_all(&kept).expect("a folder");
        let notebook = "// Latent Lens notebook, version 1\n(tour_done: true)\n";
        std::fs::write(kept.join("notebook.ron"), notebook).expect("a file");
        screen.open(arguments);
        Some(screen)
    }

    /// Starts the dashboard in this display's home, in place of the one that runs.
    pub fn open(&mut self, arguments: &[&str]) {
        self.app = None;
        let said = std::fs::File::create(self.folder.path().join("stderr")).expect("a file");
        let app = self
            .on_display(&mut Command::new(dashboard()))
            .args(arguments)
            .stderr(said)
            .spawn()
            .expect("the dashboard starts");
        self.app = Some(Guard(app));
    }

    /// What the display is called.
    pub fn display(&self) -> &str {
        &self.name
    }

    /// The number of the dashboard's window.
    pub fn window(&self) -> u32 {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", "Latent Lens$"]);
        let text = String::from_utf8_lossy(&found.stdout).into_owned();
        let first = text.lines().next().and_then(|line| line.parse().ok());
        first.expect("the window is there")
    }

    /// The home of whoever sits before this display.
    pub fn home(&self) -> &Path {
        self.folder.path()
    }

    fn on_display<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DISPLAY", &self.name)
            .env_remove("WAYLAND_DISPLAY")
            // What the window keeps goes into the test's own home.
            .env_remove("XDG_DATA_HOME")
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("HOME", self.folder.path())
    }

    pub fn xdotool(&self, arguments: &[&str]) -> Output {
        self.on_display(Command::new("xdotool").args(arguments))
            .output()
            .expect("xdotool runs")
    }

    pub fn photograph(&self) -> RgbImage {
        let path = self.folder.path().join("shot.png");
        let status = self
            .on_display(Command::new("import").args(["-window", "root"]).arg(&path))
            .status()
            .expect("import runs");
        assert!(status.success());
        open_image(&path)
    }

    /// What the dashboard wrote to standard error.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).expect("a file")
    }

    /// Whether the dashboard has not ended.
    pub fn runs(&mut self) -> bool {
        let app = self.app.as_mut().expect("it was started");
        app.0.try_wait().expect("a child").is_none()
    }

    /// Presses a key, such as `1` or `ctrl+z`. Without a window manager the window has to be given the focus first.
    pub fn press(&self, key: &str) {
        let window = ["search", "--onlyvisible", "--name", "Latent Lens$"];
        let keys = ["windowfocus", "--sync", "key", key];
        self.xdotool(&[&window[..], &keys].concat());
        // A window that closes at once leaves its keys down, and the next window would be sent them: Ctrl+Q closes that, too.
        let up: Vec<&str> = key.split('+').flat_map(|part| ["keyup", part]).collect();
        self.xdotool(&up);
    }

    pub fn until(&self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
            sleep(Duration::from_millis(200));
        }
    }
}

pub fn open_image(path: &Path) -> RgbImage {
    image::open(path).expect("a screenshot").to_rgb8()
}

/// How many different colours a picture has. Words on a plain ground have a few hundred; with an image, its heatmap
/// and the strip under it there are thousands.
fn colours(picture: &RgbImage) -> usize {
    let set: std::collections::BTreeSet<[u8; 3]> = picture.pixels().map(|p| p.0).collect();
    set.len()
}

const A_HEATMAP: usize = 2000;

/// Waits for a picture that stays the same, as one does that nothing moves in.
pub fn settled(screen: &Screen) -> RgbImage {
    let mut last = screen.photograph();
    screen.until("the window shows a digit and is still", |s| {
        let next = s.photograph();
        let still = next == last && colours(&next) > A_HEATMAP;
        last = next;
        still
    });
    last
}

/// Where the handle of the first slider is in a window of its first size, and where the picture lies.
pub const FIRST_HANDLE: (u32, u32) = (159, 232);
pub const PICTURE: Area = (400..900, 150..650);

/// Pixels of the picture that differ.
pub fn changed(a: &RgbImage, b: &RgbImage) -> usize {
    let (columns, rows) = PICTURE;
    columns
        .flat_map(|x| rows.clone().map(move |y| (x, y)))
        .filter(|&(x, y)| a.get_pixel(x, y) != b.get_pixel(x, y))
        .count()
}

#[test]
fn the_window_shows_a_digit_and_follows_a_drag() {
    let Some(screen) = Screen::start(87, &["--theme", "dark"]) else {
        return;
    };
    let before = settled(&screen);
    let (x, y) = FIRST_HANDLE;
    let move_to = |x: u32| screen.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    move_to(x);
    let hovered = settled(&screen);
    screen.xdotool(&["mousedown", "1"]);
    move_to(x + 20);
    move_to(x + 40);
    // A tenth of the picture's 250,000 pixels, while the button is still down.
    screen.until("the picture follows the drag", |s| {
        changed(&before, &s.photograph()) > 25_000
    });
    screen.xdotool(&["mouseup", "1"]);
    assert_eq!(
        changed(&before, &hovered),
        0,
        "nothing moves before the drag"
    );
}

#[test]
fn what_lay_under_another_window_is_painted_again() {
    let Some(screen) = Screen::start(89, &["--theme", "dark", "--device", "cpu"]) else {
        return;
    };
    let before = settled(&screen);
    let mut other = Command::new(dashboard());
    screen
        .on_display(&mut other)
        .args(["--fresh", "--theme", "light", "--device", "cpu"]);
    let other = Guard(other.spawn().expect("the dashboard starts"));
    // What lies around the picture may still be on its way, such as the map of each dimension; its ground may not.
    let ground = |picture: &RgbImage| picture.get_pixel(10, 800).0;
    let dark = ground(&before);
    screen.until("the other window is over it", |s| {
        ground(&s.photograph())[0] > dark[0] + 100
    });
    drop(other);
    screen.until("all of it is back", |s| {
        let now = s.photograph();
        ground(&now) == dark && changed(&before, &now) == 0
    });
}

#[test]
fn a_measured_drag_reports_what_was_drawn() {
    let Some(screen) = Screen::start(90, &["--fresh"]) else {
        return;
    };
    let mut measured = Command::new(dashboard());
    screen
        .on_display(&mut measured)
        .args(["--report-drag", "30", "--device", "cpu"]);
    let output = measured.output().expect("the dashboard runs");
    assert!(output.status.success());
    let report = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<&str> = report.lines().collect();
    let [device, times, passes, followed] = lines[..] else {
        panic!("four lines: {report}");
    };
    assert_eq!(device, "device CPU (Flex)");
    assert!(followed.ends_with(" of 30"), "{followed}");
    for (line, name) in [(times, "input_to_draw_ms "), (passes, "pass_ms ")] {
        let values = line.strip_prefix(name).expect("its name");
        let values = values
            .split(' ')
            .map(|value| value.parse().expect("a number"));
        let values: Vec<f64> = values.collect();
        // A position that a newer one overtook is not drawn itself; a few passes follow the last one.
        assert!((1..=60).contains(&values.len()), "{line}");
        assert!(values.iter().all(|&value| value > 0.0), "{line}");
    }
}

#[test]
fn without_a_display_one_message_says_what_to_do() {
    let output = Command::new(dashboard())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .expect("the program runs");
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("display"), "{message}");
    assert!(!message.contains("panicked"), "{message}");
}
