//! What the texts and numbers of a lesson can be: checked while they are read, so that an error knows its line.

use serde::{Deserialize, Deserializer, de::Error};

use super::Step;

/// Characters of a title, a goal and the text of a step: more has no room beside what it speaks of.
const LONGEST_TITLE: usize = 60;
const LONGEST_GOAL: usize = 160;
const LONGEST_TEXT: usize = 400;
/// More steps than this are no lesson of a few minutes.
const MOST_STEPS: usize = 30;
/// How far a slider can be moved by typing, in standard deviations.
const MOST_SIGMAS: f32 = 9.0;

pub(super) fn title<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    line(from, LONGEST_TITLE)
}

pub(super) fn goal<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    line(from, LONGEST_GOAL)
}

pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    line(from, LONGEST_TEXT)
}

/// A text that is not empty, of at most so many characters. A line break in it is a space.
fn line<'de, D: Deserializer<'de>>(from: D, most: usize) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let length = text.chars().count();
    if length == 0 {
        return Err(D::Error::custom("this text is empty: write something"));
    }
    if length > most {
        let error = format!("this text has {length} characters and {most} have room: shorten it");
        return Err(D::Error::custom(error));
    }
    Ok(text)
}

pub(super) fn steps<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Step>, D::Error> {
    let steps: Vec<Step> = Vec::deserialize(from)?;
    match steps.len() {
        0 => Err(D::Error::custom("there is no step: write one")),
        1..=MOST_STEPS => Ok(steps),
        more => {
            let error = format!("there are {more} steps, and {MOST_STEPS} at most: leave some out");
            Err(D::Error::custom(error))
        }
    }
}

/// A share, from 0 to 1.
pub(super) fn share<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    within(f32::deserialize(from)?, 0.0, 1.0)
}

/// A percentage, from 0 to 100.
pub(super) fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    within(f32::deserialize(from)?, 0.0, 100.0)
}

/// A distance on a slider to either side, in standard deviations.
pub(super) fn sigmas<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    within(f32::deserialize(from)?, -MOST_SIGMAS, MOST_SIGMAS)
}

/// A distance that a slider is to be moved by, in standard deviations.
pub(super) fn distance<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    within(f32::deserialize(from)?, 0.1, MOST_SIGMAS)
}

/// How far samples are spread, as the slider in Anchors has it.
pub(super) fn noise<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    within(f32::deserialize(from)?, 0.0, 2.0)
}

/// A number that counts from 1.
pub(super) fn place<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    let place = usize::deserialize(from)?;
    if place == 0 {
        return Err(D::Error::custom("this counts from 1: write 1 or more"));
    }
    Ok(place)
}

fn within<E: Error>(value: f32, least: f32, most: f32) -> Result<f32, E> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    let error = format!("{value} is no number from {least} to {most}: write one");
    Err(E::custom(error))
}

/// A number that counts from 1, where there is one.
pub(super) fn some_place<'de, D: Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    place(from).map(Some)
}
