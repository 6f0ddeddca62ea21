//! What is done in lessons, and every lesson by its title.

use super::{Entry, entry, entry_also};
use crate::state::{
    command::LessonCommand,
    lesson::{Library, Listed},
};

pub(super) fn entries(library: &Library) -> Vec<Entry> {
    let lesson = |listed: &Listed| {
        let title = &listed.lesson.title;
        let title = match listed.own_file() {
            // Somebody's own one may be called like one of the program.
            Some(file) => format!("Lesson: {title} ({file})"),
            None => format!("Lesson: {title}"),
        };
        let begin = LessonCommand::Begin(listed.key.clone());
        entry_also(title, "learn guide how tutorial", begin)
    };
    let mut list = vec![
        entry_also(
            "Lessons",
            "learn guide how tutorial help",
            LessonCommand::ToggleList,
        ),
        entry("Next step of the lesson", LessonCommand::Next),
        entry("Step of the lesson before", LessonCommand::Back),
        entry("Show me how, in the lesson", LessonCommand::ShowMe),
        entry("Leave the lesson", LessonCommand::Leave),
        entry_also(
            "Open the model of the lesson",
            "made for",
            LessonCommand::OpenModel,
        ),
        entry_also(
            "Save an example of a lesson",
            "write own teacher",
            LessonCommand::SaveExample,
        ),
    ];
    list.extend(library.lessons.iter().map(lesson));
    list
}
