//! Choosing which images are typical, on images that were held out.

use datasets::{ClassId, Seed};
use latent_space::{
    Encodings, Given, LatentSpace, LatentSpaceError, RegionConfig, TYPICAL_THRESHOLDS, Typical,
    TypicalChoice, TypicalRule,
};
use proptest::prelude::*;

const RULE: TypicalRule = TypicalRule { share: 0.99 };

fn given(probability: f64, is_right: bool) -> Given {
    Given {
        probability,
        is_right,
    }
}

fn choice(threshold: f32, held_out: usize, right: usize) -> TypicalChoice {
    TypicalChoice {
        threshold,
        held_out,
        right,
    }
}

/// 99 right images that the regions are sure of, and four wrong ones: at 0.4 and at 0.6, and two at 0.85. From 0.5 on
/// 99 of 102 are right, from 0.8 on 99 of 101, from 0.9 on 99 of 99.
#[test]
fn the_least_threshold_that_reaches_the_share_is_chosen() {
    let mut held_out = vec![given(0.99, true); 99];
    held_out.extend([0.4, 0.6, 0.85, 0.85].map(|p| given(p, false)));
    let training = [1.0; 10];
    assert_eq!(RULE.choose(&training, &held_out), choice(0.9, 99, 99));
    let less = TypicalRule { share: 0.98 };
    assert_eq!(less.choose(&training, &held_out), choice(0.8, 101, 99));
    let none = TypicalRule { share: 0.0 };
    assert_eq!(none.choose(&training, &held_out), choice(0.5, 102, 99));
    // 99 of 100 is enough for 99 %.
    held_out.truncate(101);
    assert_eq!(RULE.choose(&training, &held_out), choice(0.5, 100, 99));
}

/// Half of the training images have at least 0.95: with one less, 0.95 would leave too few, and the best share below it counts.
#[test]
fn at_least_half_of_the_training_images_are_left() {
    let held_out = [
        given(0.97, true),
        given(0.93, true),
        given(0.91, false),
        given(0.6, false),
    ];
    let mut training = [0.95, 0.999, 0.9, 0.6];
    assert_eq!(RULE.choose(&training, &held_out), choice(0.95, 1, 1));
    training[0] = 0.94;
    // From 0.8 on 2 of 3 are right, from 0.9 on as well: the least of the two.
    assert_eq!(RULE.choose(&training, &held_out), choice(0.8, 3, 2));
    // Two of three lie where another class is likelier: then all are taken.
    let training = [0.4, 0.4, 0.9];
    assert_eq!(RULE.choose(&training, &held_out), choice(0.0, 4, 2));
}

#[test]
fn without_held_out_images_all_are_taken() {
    assert_eq!(RULE.choose(&[0.9; 4], &[]), choice(0.0, 0, 0));
    assert_eq!(choice(0.0, 0, 0).share(), 0.0);
    assert_eq!(choice(0.5, 8, 6).share(), 0.75);
}

/// Settings that were written when a threshold was all that there was, and those of today.
#[test]
fn settings_are_a_number_or_a_rule() {
    let read = |text: &str| ron::from_str::<RegionConfig>(text).map(|config| config.typical);
    assert_eq!(
        read("(components: 8, typical: 0.9)"),
        Ok(Typical::AtLeast(0.9))
    );
    assert_eq!(read("(typical: 0)"), Ok(Typical::AtLeast(0.0)));
    assert_eq!(read("()"), Ok(Typical::AtLeast(0.0)));
    let rule = Typical::Chosen(TypicalRule { share: 0.95 });
    assert_eq!(read("(typical: (share: 0.95))"), Ok(rule));
    assert!(read("(typical: (shore: 0.95))").is_err());
    for typical in [Typical::AtLeast(0.5), rule] {
        let config = RegionConfig {
            components: 3,
            typical,
        };
        let text = ron::to_string(&config).unwrap();
        assert_eq!(ron::from_str(&text), Ok(config), "{text}");
    }
    // Checkpoints know settings by this text.
    let debug = format!("{:?}", RegionConfig::default());
    assert_eq!(debug, "RegionConfig { components: 8, typical: 0.0 }");
}

fn held_out() -> impl Strategy<Value = Vec<Given>> {
    let image = (0.1..1.0, any::<bool>()).prop_map(|(odds, is_right): (f64, bool)| {
        // Most thresholds lie close to 1.
        given(1.0 - odds.powi(6), is_right)
    });
    prop::collection::vec(image, 0..80)
}

fn training() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0.1..1.0).prop_map(|odds: f64| 1.0 - odds.powi(6)), 1..80)
}

proptest! {
    #[test]
    fn no_lower_threshold_reaches_the_share(training in training(), held_out in held_out(), share in 0.0..1.0) {
        let rule = TypicalRule { share };
        let chosen = rule.choose(&training, &held_out);
        let at = |threshold: f32| {
            let left = held_out.iter().filter(|image| image.probability >= f64::from(threshold));
            let right = left.clone().filter(|image| image.is_right).count();
            choice(threshold, left.count(), right)
        };
        prop_assert_eq!(chosen, at(chosen.threshold));
        let left = |threshold: f32| training.iter().filter(|p| **p >= f64::from(threshold)).count();
        prop_assert!(2 * left(chosen.threshold) >= training.len());
        for threshold in TYPICAL_THRESHOLDS {
            let other = at(threshold);
            if threshold < chosen.threshold {
                prop_assert!(other.share() < share && other.share() < chosen.share());
            } else if chosen.share() < share && 2 * left(threshold) >= training.len() {
                prop_assert!(other.share() <= chosen.share());
            }
        }
    }

    #[test]
    fn who_asks_for_more_gets_no_lower_threshold(
        training in training(), held_out in held_out(), shares in [0.0_f64..1.0, 0.0..1.0],
    ) {
        let chosen = |share: f64| TypicalRule { share }.choose(&training, &held_out);
        let (less, more) = (chosen(shares[0].min(shares[1])), chosen(shares[0].max(shares[1])));
        prop_assert!(less.threshold <= more.threshold && less.share() <= more.share());
    }
}

/// Two classes in one dimension, 40 images each around -1 and 1, and besides `between` images of each class that lie on the other
/// one's side of the middle, at 0.3 and -0.3.
fn line(between: usize) -> Encodings {
    let around = |middle: f32| (0..40).map(move |i| middle + 0.1 * (i % 8) as f32 - 0.35);
    let (left, right) = (vec![0.3; between], vec![-0.3; between]);
    let sides = [around(-1.0).chain(left), around(1.0).chain(right)];
    let latents: Vec<f32> = sides.into_iter().flatten().collect();
    let all = latents.len();
    Encodings {
        dims: 1,
        log_vars: vec![0.0; all],
        samples: latents.clone(),
        means: latents,
        labels: (0..all)
            .map(|image| ClassId(u16::from(image >= all / 2)))
            .collect(),
        classes: 2,
    }
}

fn fit(images: [&Encodings; 2], typical: Typical) -> Result<LatentSpace, LatentSpaceError> {
    let config = RegionConfig {
        components: 1,
        typical,
    };
    let as_they_are = |_: &[usize], means: &[f32]| means.to_vec();
    LatentSpace::fit(images, config, Seed(1), as_they_are)
}

/// Of the training images 42 are of each class: the mean of the right ones is (40 - 2 * 0.3) / 42 = 0.938, their variance 0.127. So
/// the first regions give the two at 0.3 to the right class with 1 / (1 + exp((0.638^2 - 1.238^2) / (2 * 0.127))) = 0.988, and the nearest of
/// the 40, at 0.65, with more than 0.999. One held-out image of each class lies there as well: 40 of 41 are right up to 0.98, and from
/// 0.99 on 40 of 40.
#[test]
fn a_region_is_fitted_at_the_threshold_that_was_chosen() {
    let (images, held_out) = (line(2), line(1));
    let space = fit([&images, &held_out], Typical::Chosen(RULE)).unwrap();
    space.check(1, 2).unwrap();
    assert_eq!(space.typical, [choice(0.99, 40, 40); 2]);
    let counts = space.regions.0.iter().map(|region| region.images);
    assert_eq!(counts.collect::<Vec<_>>(), [40, 40]);
    let by_hand = fit([&images, &Encodings::default()], Typical::AtLeast(0.99));
    let by_hand = by_hand.unwrap();
    assert!(by_hand.typical.is_empty());
    assert_eq!(by_hand.regions, space.regions);
}

#[test]
fn held_out_images_are_needed_and_have_to_fit() {
    let images = line(0);
    let chosen = |held_out: &Encodings| fit([&images, held_out], Typical::Chosen(RULE));
    let says = |held_out: &Encodings, words: &str| {
        let error = chosen(held_out).unwrap_err();
        assert!(matches!(error, LatentSpaceError::Encodings(_)), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    };
    says(&Encodings::default(), "0 images");
    let more = Encodings {
        classes: 3,
        ..line(0)
    };
    says(&more, "held-out images have 1 dimensions and 3 classes");
    // Without classes there is nothing to choose.
    let unlabelled = Encodings {
        classes: 0,
        labels: Vec::new(),
        ..line(0)
    };
    let space = fit([&unlabelled; 2], Typical::Chosen(RULE)).unwrap();
    assert!(space.typical.is_empty());
}
