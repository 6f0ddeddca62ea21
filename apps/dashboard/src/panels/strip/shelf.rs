//! The bookmarks as pictures, and the name of the one in front.

use std::sync::Arc;

use eframe::egui::{ScrollArea, TextEdit, Ui};

use super::StripPanel;
use crate::{
    panels::{self, Context},
    state::{bookmarks::Bookmark, command::BookmarkCommand, origin::LONGEST_NAME},
    widgets::{self, Tile, canvas, image_tile, text_field},
};

/// Width of the column with the name of the bookmark in front.
const EDITOR: f32 = 196.0;
/// Side of a bookmark's picture.
const PICTURE: f32 = 64.0;
/// Characters of a bookmark's name under its picture.
const CAPTION: usize = 9;

impl StripPanel {
    pub(super) fn shelf(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(model) = context.session.open(&context.controls.model) else {
            return;
        };
        let kept: Vec<(usize, Arc<Bookmark>)> = context
            .controls
            .bookmarks_that_fit(model)
            .map(|(index, kept)| (index, Arc::clone(kept)))
            .collect();
        if kept.is_empty() {
            widgets::caption(
                ui,
                "No bookmarks yet. Press B, or Add, to keep what you see: the latent, the locks and all that is set around it.",
            );
            return;
        }
        if let Some(answer) = &context.answers().thumbnails {
            let images = answer.value.images.iter();
            self.pictures.show_images(ui.ctx(), answer.revision, images);
        }
        let scene = context.controls.scene();
        let in_front = |kept: &Bookmark| scene.is_some_and(|scene| kept.scene.looks_like(scene));
        let current = context.controls.timeline.bookmark;
        let current = kept
            .iter()
            .find(|(index, kept)| Some(*index) == current && in_front(kept))
            .map(|(index, kept)| (*index, kept.name.clone()));
        ui.vertical(|ui| {
            ui.set_width(EDITOR);
            self.editor(ui, context, current.as_ref());
        });
        let current = current.map(|(index, _)| index);
        ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                for (place, (index, kept)) in kept.iter().enumerate() {
                    self.tile(ui, context, place, (*index, kept), current);
                }
            });
        });
    }

    fn tile(
        &self,
        ui: &mut Ui,
        context: &mut Context<'_>,
        place: usize,
        (index, kept): (usize, &Bookmark),
        current: Option<usize>,
    ) {
        let Some(shape) = self.pictures.shape().or(panels::shape(context)) else {
            return;
        };
        let mut caption: String = kept.name.chars().take(CAPTION).collect();
        if kept.name.chars().count() > CAPTION {
            caption.pop();
            caption.push('…');
        }
        let tile = Tile {
            atlas: &self.pictures,
            index: place,
            side: canvas::crisp_side(shape, PICTURE, ui.pixels_per_point()),
            name: &format!("bookmark {}: {}", place + 1, kept.name),
            caption: &caption,
            right: None,
            selected: current == Some(index),
        };
        let response = image_tile(ui, tile);
        if response.clicked() {
            context.send(BookmarkCommand::JumpTo(index));
        }
        response.on_hover_text(&kept.name).context_menu(|ui| {
            if ui.button("Delete").clicked() {
                context.send(BookmarkCommand::Delete(index));
                ui.close();
            }
        });
    }

    /// The name of the bookmark in front, to change it, and the button that deletes it.
    fn editor(
        &mut self,
        ui: &mut Ui,
        context: &mut Context<'_>,
        current: Option<&(usize, String)>,
    ) {
        let Some((index, name)) = current else {
            widgets::caption(
                ui,
                "Click a bookmark to go there; then its name can be changed here.",
            );
            return;
        };
        let typed = self.typed.take().filter(|(at, _)| at == index);
        let mut text = typed.map_or_else(|| name.clone(), |(_, text)| text);
        let field = TextEdit::singleline(&mut text)
            .char_limit(LONGEST_NAME)
            .desired_width(EDITOR - 12.0);
        let response = text_field(ui, field).accessible_name("name of the bookmark");
        if response.has_focus() {
            self.typed = Some((*index, text));
        } else if response.lost_focus() && text != *name && !text.trim().is_empty() {
            context.send(BookmarkCommand::Rename(*index, text.trim().to_owned()));
        }
        if ui
            .button("Delete")
            .accessible_name("Delete bookmark")
            .clicked()
        {
            context.send(BookmarkCommand::Delete(*index));
        }
    }
}
