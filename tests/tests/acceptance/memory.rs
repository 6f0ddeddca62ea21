//! What the real program remembers, also when it is killed.

use std::fs;

use crate::window::{Screen, changed, settled};

#[test]
fn the_next_window_goes_on_where_the_last_one_was_killed() {
    let Some(mut screen) = Screen::start(96, &["--theme", "dark"]) else {
        return;
    };
    let first = settled(&screen);
    let kept = screen.home().join(".local/share/latent-lens/session.ron");
    let read = || fs::read_to_string(&kept).unwrap_or_default();
    screen.until("the class is chosen and kept", |s| {
        // There is no window manager to give it the keyboard.
        let window = ["search", "--onlyvisible", "--name", "^Latent Lens$"];
        s.xdotool(&[&window[..], &["windowfocus", "key", "8", "sleep", "1"]].concat());
        read().contains("start: Anchor(8)")
    });
    screen.open(&[]);
    let second = settled(&screen);
    // Of the picture's 250,000 pixels; a window that began anew would show the same 3.
    assert!(changed(&first, &second) > 25_000);

    let before = read();
    screen.open(&["--fresh", "--theme", "dark"]);
    let third = settled(&screen);
    assert_eq!(changed(&first, &third), 0);
    assert_eq!(read(), before, "a fresh start leaves it alone");
}
