//! Finds a title by some of its letters, in their order.

/// For a letter that is found.
const LETTER: i32 = 1;
/// More for one that begins a word.
const WORD_START: i32 = 8;
/// More for one that follows the letter before it: a little more, because who types two letters of a word has it in mind.
const NEIGHBOUR: i32 = 9;

/// How well `query` fits `title`, case and spaces aside; `None` if its letters are not there in this order. Letters at the
/// start of words and letters that stand together count more, so "stf" finds "Start from" before "Last figure".
#[must_use]
pub fn score(query: &str, title: &str) -> Option<i32> {
    let letters = |text: &str| -> Vec<char> { text.chars().flat_map(char::to_lowercase).collect() };
    let title = letters(title);
    let starts = |at: usize| at == 0 || !title[at - 1].is_alphanumeric();
    // For each place, the best score of the letters so far if the last of them was found there.
    let mut best: Option<Vec<Option<i32>>> = None;
    for letter in letters(query).into_iter().filter(|c| !c.is_whitespace()) {
        let before = best.take();
        // The best score that ended two or more places ago.
        let mut apart: Option<i32> = None;
        let next = (0..title.len()).map(|at| {
            let neighbour = before
                .as_ref()
                .and_then(|scores| scores[at.checked_sub(1)?]);
            let reached = match &before {
                None => Some(0),
                Some(_) => apart.max(neighbour.map(|score| score + NEIGHBOUR)),
            };
            apart = apart.max(neighbour);
            let here = LETTER + if starts(at) { WORD_START } else { 0 };
            (title[at] == letter).then_some(reached? + here)
        });
        best = Some(next.collect());
    }
    match best {
        None => Some(0),
        Some(scores) => scores.into_iter().flatten().max(),
    }
}

/// A word that stands for a title counts less than the title itself.
const OTHER_WORD: i32 = 6;

/// The numbers of the entries that fit, the best first; those that fit equally well stay in order. Each has a title, and other words
/// for it, of which each is held against the query by itself.
#[must_use]
pub fn find<'a>(query: &str, entries: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<usize> {
    let of_word = |word: &str| score(query, word).map(|score| score - OTHER_WORD);
    let mut found: Vec<(i32, usize)> = entries
        .enumerate()
        .filter_map(|(index, (title, also))| {
            let words = also.split_whitespace().filter(|word| begins(word, query));
            let best = words.filter_map(of_word).max();
            Some((score(query, title).max(best)?, index))
        })
        .collect();
    found.sort_by_key(|&(score, index)| (-score, index));
    found.into_iter().map(|(_, index)| index).collect()
}

/// Whether a word begins as it was typed: scattered letters of words that are not seen would find too much.
fn begins(word: &str, query: &str) -> bool {
    let query = query.trim().to_lowercase();
    !query.is_empty() && word.to_lowercase().starts_with(&query)
}
