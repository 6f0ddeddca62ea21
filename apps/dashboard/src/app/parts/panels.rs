//! The panels, each with what it keeps between passes.

use eframe::egui::Ui;

use crate::{
    panels::{
        Context, anchors::AnchorsPanel, compare::ComparePanel, evaluate::EvaluatePanel,
        explain::ExplainPanel, explore::ExplorePanel, history::HistoryPanel, import::ImportPanel,
        map::MapPanel, presenter::PresenterPanel, strip::StripPanel, train::TrainPanel,
    },
    state::controls::Space,
};

/// One a space, and those around the spaces.
#[derive(Default)]
pub(in crate::app) struct Panels {
    pub explore: ExplorePanel,
    pub import: ImportPanel,
    anchors: AnchorsPanel,
    explain: ExplainPanel,
    pub map: MapPanel,
    compare: ComparePanel,
    evaluate: EvaluatePanel,
    pub train: TrainPanel,
    pub strip: StripPanel,
    pub history: HistoryPanel,
    pub presenter: PresenterPanel,
    /// The zoom of the last pass.
    pub zoomed: Option<f32>,
}

impl Panels {
    /// Shows what of the space in front has to be known before its picture: the sliders, where a hand may be.
    pub fn before_the_picture(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        if context.controls.space == Space::Explore {
            self.explore.sliders_beside(ui, context);
        }
    }

    /// Shows the space in front, what [`before_the_picture`](Self::before_the_picture) has shown left out.
    pub fn space(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        match context.controls.space {
            Space::Explore => self.explore.ui(ui, context),
            Space::Anchors => self.anchors.ui(ui, context),
            Space::Explain => self.explain.ui(ui, context),
            Space::Map => self.map.ui(ui, context),
            Space::Compare => self.compare.ui(ui, context),
            Space::Evaluate => self.evaluate.ui(ui, context),
            // It needs no model in front: see `app::paint`.
            Space::Train => {}
        }
    }

    /// Forgets the textures of a window that is gone. A drawing and the layouts of maps stay.
    pub fn reopen(&mut self) {
        let Self {
            mut explore,
            mut map,
            ..
        } = std::mem::take(self);
        explore.reopen();
        map.reopen();
        *self = Self {
            explore,
            map,
            ..Self::default()
        };
    }
}
