//! A sample of the grid in Anchors, as a latent to look at in Explore.

use super::{
    command::SceneCommand,
    jobs,
    model::OpenModel,
    scene::{Scene, Start},
};

/// What shows a sample of the grid in Explore, by its number; `None` if there are fewer.
#[must_use]
pub fn explore(scene: &Scene, open: &OpenModel, index: usize) -> Option<SceneCommand> {
    let class = scene.anchors.class;
    Some(SceneCommand::Explore {
        latent: jobs::grid(scene, open).into_iter().nth(index)?,
        condition: open.given(Some(class)),
        start: Start::Sample { class, index },
    })
}
