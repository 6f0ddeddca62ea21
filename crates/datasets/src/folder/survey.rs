//! What is known about pictures before they are prepared: their size, and whether they show colours.

use std::path::Path;

use rayon::prelude::*;

use crate::{
    Cache,
    cache::Key,
    user_image::{is_coloured, read_picture},
};

/// What is known about pictures without preparing them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Survey {
    /// Height and width, if all have the same.
    pub size: Option<(usize, usize)>,
    /// Whether any shows a colour.
    pub is_coloured: bool,
}

/// Decodes all pictures; those that are broken are told later.
pub(super) fn survey(paths: &[&Path]) -> Survey {
    let looked_at = paths.par_iter().filter_map(|path| {
        let picture = read_picture(path).ok()?;
        let size = (picture.height() as usize, picture.width() as usize);
        Some(Survey {
            size: Some(size),
            is_coloured: is_coloured(&picture),
        })
    });
    let both = |a: Survey, b: Survey| Survey {
        size: a.size.filter(|_| a.size == b.size),
        is_coloured: a.is_coloured || b.is_coloured,
    };
    looked_at.reduce_with(both).unwrap_or(Survey {
        size: None,
        is_coloured: false,
    })
}

/// [`survey`], or what an earlier one found.
pub(super) fn kept_survey(paths: &[&Path], cache: &Cache, content: &str) -> Survey {
    let key = Key::of_survey(content);
    if let Some(found) = cache.survey(&key).and_then(|text| Survey::of_text(&text)) {
        return found;
    }
    let found = survey(paths);
    // Whether the cache can be written to is told where the images are.
    let _ = cache.add_survey(&key, &found.to_text());
    found
}

impl Survey {
    fn to_text(self) -> String {
        let (height, width) = self.size.unwrap_or((0, 0));
        format!("{height} {width} {}", u8::from(self.is_coloured))
    }

    fn of_text(text: &str) -> Option<Self> {
        let numbers: Result<Vec<usize>, _> = text.split(' ').map(str::parse).collect();
        let [height, width, is_coloured] = numbers.ok()?.try_into().ok()?;
        Some(Self {
            size: Some((height, width)).filter(|size| *size != (0, 0)),
            is_coloured: is_coloured == 1,
        })
    }
}
