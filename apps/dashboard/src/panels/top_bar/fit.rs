//! What of the bar has room in the window: the rest is in the file menu, or in a list.

use eframe::egui::{TextStyle, Ui};

use crate::{state::controls::Space, theme, widgets::text_width};

/// Size of the name of the program.
pub(super) const NAME: f32 = 18.0;
/// Side of a button with a sign.
pub(super) const SIGN: f32 = 26.0;
/// Width of the list of spaces, where they have no room beside each other.
pub(super) const SPACES: f32 = 100.0;

/// What a narrow bar does without, in the order in which it gives things up. What is not shown is in the file menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of one part of the bar whether it is there"
)]
pub struct BarFit {
    /// Whether the domains stand beside each other, not in a list.
    pub domains: bool,
    /// Whether the name of the program is shown.
    pub name: bool,
    /// Whether the choice of colours is shown, and the button that opens a model.
    pub theme: bool,
    /// Whether the button for the command palette is shown.
    pub find: bool,
    /// Whether the spaces stand beside each other, not in a list.
    pub spaces: bool,
    /// Whether the button for the keyboard shortcuts is shown.
    pub help: bool,
}

/// From all there is to the least.
const FITS: [BarFit; 8] = [
    BarFit::ALL,
    BarFit {
        name: false,
        ..BarFit::ALL
    },
    BarFit {
        domains: false,
        ..BarFit::ALL
    },
    BarFit {
        name: false,
        theme: false,
        ..BarFit::ALL
    },
    NARROW,
    BarFit {
        find: false,
        ..NARROW
    },
    BarFit {
        spaces: false,
        ..NARROW
    },
    LEAST,
];

const NARROW: BarFit = BarFit {
    domains: false,
    name: false,
    theme: false,
    ..BarFit::ALL
};

const LEAST: BarFit = BarFit {
    find: false,
    spaces: false,
    help: false,
    ..NARROW
};

impl BarFit {
    /// Everything is shown.
    pub const ALL: Self = Self {
        domains: true,
        name: true,
        theme: true,
        find: true,
        spaces: true,
        help: true,
    };

    /// The first of them that has room in the bar, where `choices` says what the choice of a model needs.
    pub(super) fn of(ui: &Ui, choices: impl Fn(Self) -> f32) -> Self {
        let room = ui.available_width();
        let fits = |fit: &&Self| fit.width(ui, choices(**fit)) <= room;
        *FITS.iter().find(fits).unwrap_or(&LEAST)
    }

    /// What the bar needs, in points.
    fn width(self, ui: &Ui, choices: f32) -> f32 {
        let gap = ui.spacing().item_spacing.x;
        let button = |text: &str| text_width(ui, text) + 2.0 * ui.spacing().button_padding.x + gap;
        // And a space between both ends.
        let mut width = button("File") + choices + gap + theme::GAP;
        if self.name {
            let scale = NAME / TextStyle::Button.resolve(ui.style()).size;
            width += text_width(ui, "Latent Lens") * scale + gap + theme::GAP;
        }
        if self.theme {
            width += button("Theme") + theme::GAP + button("Open model…") + gap;
        }
        if self.find {
            width += button("Find");
        }
        if self.help {
            width += SIGN + gap;
        }
        width
            + if self.spaces {
                segments_width(ui, Space::ALL.map(Space::title))
            } else {
                SPACES
            }
    }
}

/// What buttons beside each other need.
pub(super) fn segments_width<'a>(ui: &Ui, titles: impl IntoIterator<Item = &'a str>) -> f32 {
    /// The well around them, and between them.
    const BETWEEN: f32 = 2.0;
    let around = 2.0 * ui.spacing().button_padding.x + BETWEEN;
    let widths = titles
        .into_iter()
        .map(|title| text_width(ui, title) + around);
    widths.sum::<f32>() + 2.0 * BETWEEN
}
