//! The sentences at the foot of a space: what is seen, and what it does not say.

use eframe::egui::{Label, Panel, RichText, TextStyle, Ui};

use crate::{theme, widgets::caption};

/// Height of the foot where only a line of it has room.
const LINE: f32 = 34.0;

/// A foot of so much height with a text and a remark. In a low window it is a line, and the rest shows under the pointer.
pub(in crate::panels) fn explanation(ui: &mut Ui, id: &str, height: f32, text: &str, remark: &str) {
    let low = theme::is_low(ui);
    Panel::bottom(id.to_owned())
        .exact_size(if low { LINE } else { height })
        .resizable(false)
        .frame(theme::panel_frame(ui, 16, if low { 8 } else { 10 }))
        .show(ui, |ui| {
            if !low {
                ui.label(text);
                caption(ui, remark);
                return;
            }
            let line = if text.is_empty() { remark } else { text };
            let line = RichText::new(line).text_style(TextStyle::Small);
            ui.add(Label::new(line).truncate())
                .on_hover_text(format!("{text}\n\n{remark}").trim());
        });
}
