//! Commands about lessons.

/// What a person asks of the lessons. They are named by the keys of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonCommand {
    /// Show the list of lessons, or put it away.
    ToggleList,
    /// Begin a lesson, or go on with it.
    Begin(String),
    /// Begin a lesson with its first step.
    BeginAnew(String),
    /// Go to the next step; after the last one the lesson is finished.
    Next,
    /// Go to the step before.
    Back,
    /// Do what the step asks for.
    ShowMe,
    /// Open the model that the lesson is made for.
    OpenModel,
    /// Save an example of a lesson among the person's own.
    SaveExample,
    /// End the lesson. It goes on with the same step next time.
    Leave,
}
