//! Cropping by hand, as numbers, and what a card keeps.

use std::sync::Arc;

use dashboard::state::import::{
    Answer, Card, Source, Tile, Tray, Turned,
    crop::{End, Grip, SHORTEST, dragged, grip, moved, object_at, resized},
};
use datasets::{Adjustments, Preparation, Region};
use eframe::egui::{Color32, ColorImage};
use image::{DynamicImage, GrayImage};

use crate::support::digits;

const SIZE: [u32; 2] = [200, 100];

const CROP: Region = Region {
    left: 40,
    top: 20,
    width: 100,
    height: 50,
};

fn region(left: u32, top: u32, width: u32, height: u32) -> Region {
    Region {
        left,
        top,
        width,
        height,
    }
}

#[test]
fn a_hand_has_hold_of_what_is_near() {
    let at = |x: f32, y: f32| grip(CROP, [x, y], 5.0, SIZE);
    let (first, last) = (Some(End::First), Some(End::Last));
    assert_eq!(at(90.0, 45.0), Grip::All);
    assert_eq!(at(42.0, 45.0), Grip::Edges([first, None]));
    assert_eq!(at(90.0, 72.0), Grip::Edges([None, last]));
    assert_eq!(at(37.0, 18.0), Grip::Edges([first, first]));
    assert_eq!(at(143.0, 24.0), Grip::Edges([last, first]));
    assert_eq!(at(20.0, 45.0), Grip::New);
    assert_eq!(
        at(42.0, 90.0),
        Grip::New,
        "beside the crop, not on its edge"
    );
    // All of the picture cannot be moved, so a drag in its middle draws a crop.
    let whole = Region::whole(SIZE[0], SIZE[1]);
    assert_eq!(grip(whole, [90.0, 45.0], 5.0, SIZE), Grip::New);
    assert_eq!(
        grip(whole, [2.0, 45.0], 5.0, SIZE),
        Grip::Edges([first, None])
    );
}

#[test]
fn a_drag_draws_a_crop_in_any_direction() {
    let new = |from: [f32; 2], to: [f32; 2]| dragged(CROP, Grip::New, [from, to], SIZE);
    assert_eq!(new([10.2, 20.7], [60.1, 80.0]), region(10, 20, 51, 60));
    assert_eq!(new([60.1, 80.0], [10.2, 20.7]), region(10, 20, 51, 60));
    assert_eq!(new([150.0, 50.0], [900.0, -90.0]), region(150, 0, 50, 50));
    // A crop has some pixels, also where the hand hardly moved, and at the edge.
    assert_eq!(
        new([30.0, 30.0], [30.0, 30.0]),
        region(30, 30, SHORTEST, SHORTEST)
    );
    assert_eq!(new([200.0, 100.0], [200.0, 100.0]), region(196, 96, 4, 4));
}

#[test]
fn an_edge_follows_the_hand_and_the_opposite_one_stays() {
    let drag = |ends, by: [f32; 2]| dragged(CROP, Grip::Edges(ends), [[0.0; 2], by], SIZE);
    let (first, last) = (Some(End::First), Some(End::Last));
    assert_eq!(drag([first, None], [-15.0, 33.0]), region(25, 20, 115, 50));
    assert_eq!(drag([None, last], [7.0, 11.0]), region(40, 20, 100, 61));
    assert_eq!(drag([last, first], [-20.0, 10.0]), region(40, 30, 80, 40));
    // Not out of the picture, and not beyond the opposite edge.
    assert_eq!(drag([last, last], [500.0, 500.0]), region(40, 20, 160, 80));
    assert_eq!(drag([first, first], [500.0, 500.0]), region(136, 66, 4, 4));
    assert_eq!(drag([last, last], [-500.0, -500.0]), region(40, 20, 4, 4));
}

#[test]
fn a_crop_moves_and_grows_as_far_as_the_picture_reaches() {
    assert_eq!(moved(CROP, [10.0, -5.0], SIZE), region(50, 15, 100, 50));
    assert_eq!(moved(CROP, [900.0, 900.0], SIZE), region(100, 50, 100, 50));
    assert_eq!(moved(CROP, [-900.0, -900.0], SIZE), region(0, 0, 100, 50));
    assert_eq!(resized(CROP, [-30.0, 30.0], SIZE), region(40, 20, 70, 80));
    // A picture of three pixels has no crop of four.
    let tiny = Region::whole(3, 3);
    assert_eq!(resized(tiny, [-2.0, -2.0], [3, 3]), tiny);
}

#[test]
fn a_click_finds_the_smallest_object_under_it() {
    let objects = [region(0, 0, 100, 100), region(50, 50, 20, 20)];
    assert_eq!(object_at(&objects, [60.0, 60.0]), Some(1));
    assert_eq!(object_at(&objects, [10.0, 60.0]), Some(0));
    assert_eq!(object_at(&objects, [150.0, 60.0]), None);
}

/// A card with a picture of 200x100 pixels that was looked at.
fn card() -> Card {
    let picture = DynamicImage::from(GrayImage::new(SIZE[0], SIZE[1]));
    let mut card = Card::new(1, "page".to_owned(), Adjustments::default(), picture);
    answer(&mut card);
    card
}

/// Makes the picture ready, as a thread would. There is nothing on it.
fn answer(card: &mut Card) {
    let wanted = (Preparation::Digit, digits());
    let question = card.ask(wanted).expect("there is something to do");
    assert!(card.ask(wanted).is_none(), "one thread at a time");
    let Adjustments {
        quarter_turns,
        tilt,
        ..
    } = question.adjustments;
    card.receive(Answer {
        number: question.number,
        turned: Turned {
            quarter_turns,
            tilt,
            picture: Arc::new(question.adjustments.turn(&question.picture).into_owned()),
            view: Arc::new(ColorImage::filled([1, 1], Color32::BLACK)),
        },
        adjustments: question.adjustments,
        wanted,
        prepared: Err("nothing is drawn".to_owned()),
    });
    assert!(card.is_fresh(wanted));
}

#[test]
fn a_quarter_turn_takes_the_crop_along() {
    let mut card = card();
    card.adjustments.crop = Some(region(10, 20, 60, 30));
    // The lower edge, at 50 of 100, becomes the left one, 50 from the left of 100.
    card.turn(1);
    assert_eq!(card.adjustments.crop, Some(region(50, 10, 30, 60)));
    // Whether the turned picture is there already or not.
    let mut looked_at = card.clone();
    answer(&mut looked_at);
    for mut card in [card, looked_at] {
        card.turn(3);
        assert_eq!(card.adjustments.crop, Some(region(10, 20, 60, 30)));
        assert_eq!(card.adjustments.quarter_turns, 0);
        card.turn(2);
        assert_eq!(card.adjustments.crop, Some(region(130, 50, 60, 30)));
    }
}

#[test]
fn what_changes_meanwhile_is_asked_for_afterwards() {
    let wanted = (Preparation::Digit, digits());
    let mut card = card();
    assert!(card.ask(wanted).is_none(), "all is done");
    card.adjustments.invert = Some(true);
    assert!(!card.is_fresh(wanted));
    answer(&mut card);
    // Another model in front takes another image.
    assert!(card.ask((Preparation::Object, digits())).is_some());
    card.give_up("it broke down");
    let ready = card.ready().expect("a reason");
    assert_eq!(ready.prepared, Err("it broke down".to_owned()));
}

#[test]
fn a_tray_goes_on_to_what_can_be_shown_and_was_not_used() {
    let file = |name: &str| Source::File(name.into());
    let mut tray = Tray::default();
    assert!(!tray.go_on());
    tray.bring(vec![file("a.png"), file("b.png"), file("c.png")], false);
    let numbers: Vec<u64> = tray
        .pictures()
        .iter()
        .map(|picture| picture.number)
        .collect();
    let front = |tray: &Tray| tray.front().map(|front| front.number);
    assert_eq!(front(&tray), Some(numbers[0]));
    tray.get_mut(numbers[0]).expect("it is there").used = true;
    tray.get_mut(numbers[1]).expect("it is there").tile = Tile::Unreadable("no".to_owned());
    assert_eq!(tray.left(), 1);
    assert!(tray.go_on());
    assert_eq!(front(&tray), Some(numbers[2]));
    tray.get_mut(numbers[2]).expect("it is there").used = true;
    assert!(!tray.go_on());
    assert_eq!(front(&tray), Some(numbers[2]), "it stays where it is");
    // More of them beside these, and others in their place.
    tray.bring(vec![file("d.png")], true);
    assert_eq!((tray.pictures().len(), front(&tray)), (4, Some(4)));
    tray.bring(vec![file("e.png")], false);
    assert_eq!((tray.pictures().len(), front(&tray)), (1, Some(5)));
}
