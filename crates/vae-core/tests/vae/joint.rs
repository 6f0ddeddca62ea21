//! Networks with a head: what it sees, what training teaches it from all labels and from a few, and what it needs.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{Augmentation, LabelledImages, Seed};
use training::Checkpoints;
use vae_core::{
    HeadConfig, InferenceVae, JointConfig, Prior, TrainConfig, TrainedVae, Vae, VaeConfig,
    VaeError, draw_labelled,
};

use crate::network::{images_of, latents};
use crate::train::{digits, run, settings, train_as};
use crate::{assert_close, digit, floats, odd, odd_images, shaped, tiny, weights};

/// As [`tiny`], with a head that sees two of the three latent dimensions.
fn tiny_joint(hidden: usize) -> VaeConfig {
    VaeConfig {
        prior: Prior::Normal,
        head: Some(HeadConfig { dims: 2, hidden }),
        ..tiny()
    }
}

/// As [`settings`], with a head that learns.
fn joint_settings(joint: JointConfig) -> TrainConfig {
    TrainConfig {
        joint,
        ..settings()
    }
}

/// Four labelled images, and the others changed a little.
fn few() -> JointConfig {
    JointConfig {
        labels: Some(4),
        // A head of these few steps is sure of nothing.
        confidence: 0.5,
        augmentation: Augmentation::digits(),
        ..JointConfig::default()
    }
}

fn set<const D: usize>(param: &mut Param<Tensor<D>>, values: &[f32]) {
    let data = TensorData::new(values.to_vec(), param.dims());
    *param = Param::from_data(data, &Device::flex());
}

/// The logits of one latent, in both forms.
fn logits(vae: &Vae, latent: [f32; 3]) -> Vec<f32> {
    let tensor = Tensor::from_data(TensorData::from([latent]), &Device::flex());
    let logits = floats(vae.class_logits(tensor).unwrap());
    let host = InferenceVae::new(vae).class_logits(&latent).unwrap();
    assert_close(&host, &logits, 1e-6);
    logits
}

/// Rows of the weights are latent dimensions: 2 * [1, 3] - 1 * [2, 0.5] + [0.5, 0] = [0.5, 5.5], whatever the third one is.
#[test]
fn a_linear_head_sees_the_first_dimensions_by_hand() {
    let mut vae = shaped(&tiny_joint(0), digit(), 4);
    let head = vae.head.as_mut().unwrap();
    assert_eq!((head.dims(), head.classes()), (2, 2));
    set(&mut head.out.weight, &[1.0, 3.0, 2.0, 0.5]);
    set(head.out.bias.as_mut().unwrap(), &[0.5, 0.0]);
    for third in [0.0, -7.0] {
        assert_close(&logits(&vae, [2.0, -1.0, third]), &[0.5, 5.5], 1e-6);
    }
}

/// The hidden layer gives 2 * 1 - 1 * 1 = 1 and 2 * -1 - 1 * 1 = -3, of which the `ReLU` leaves 1 and 0.
#[test]
fn a_hidden_layer_has_a_relu_by_hand() {
    let mut vae = shaped(&tiny_joint(2), digit(), 4);
    let head = vae.head.as_mut().unwrap();
    let hidden = head.hidden.as_mut().unwrap();
    set(&mut hidden.weight, &[1.0, -1.0, 1.0, 1.0]);
    set(hidden.bias.as_mut().unwrap(), &[0.0, 0.0]);
    set(&mut head.out.weight, &[4.0, 0.25, 100.0, 100.0]);
    set(head.out.bias.as_mut().unwrap(), &[0.0, 1.0]);
    assert_close(&logits(&vae, [2.0, -1.0, 9.0]), &[4.0, 1.25], 1e-6);
}

#[test]
fn the_inference_form_gives_the_same_logits() {
    for (hidden, shape) in [(0, digit()), (5, odd())] {
        let vae = shaped(&tiny_joint(hidden), shape, 9);
        let fast = InferenceVae::new(&vae);
        let means = vae.encode(images_of(shape, 3, &Device::flex())).mean;
        let expected = floats(vae.class_logits(means.clone()).unwrap());
        let found: Vec<f32> = floats(means)
            .chunks(3)
            .flat_map(|latent| fast.class_logits(latent).unwrap())
            .collect();
        assert_close(&found, &expected, 1e-5);
    }
    let plain = shaped(&tiny(), digit(), 9);
    assert!(plain.class_logits(latents(&plain, 2)).is_none());
    let none = InferenceVae::new(&plain).class_logits(&[0.0; 3]);
    assert!(none.is_none());
}

/// The head is drawn last, so a seed gives encoder and decoder the weights that it gives them without one.
#[test]
fn a_head_changes_no_other_weight() {
    let normal = VaeConfig {
        prior: Prior::Normal,
        ..tiny()
    };
    let plain = weights(&shaped(&normal, digit(), 4));
    let joint = weights(&shaped(&tiny_joint(5), digit(), 4));
    assert!(joint[..plain.len()] == plain);
}

/// Without a hidden layer 2 * 2 + 2 numbers; with one of five 2 * 5 + 5 and 5 * 2 + 2.
#[test]
fn the_numbers_of_a_head_are_counted() {
    let normal = VaeConfig {
        prior: Prior::Normal,
        ..tiny()
    };
    let plain = normal.parameters(digit(), 2).unwrap();
    for (hidden, expected) in [(0, 6), (5, 27)] {
        let config = tiny_joint(hidden);
        assert_eq!(config.parameters(digit(), 2).unwrap(), plain + expected);
        let vae = config.init(odd(), 7, &Device::flex()).unwrap();
        let counted = config.parameters(odd(), 7).unwrap();
        assert_eq!(counted, vae.num_params());
    }
    let halves = [7, 8, 1].map(|dims| HeadConfig::of_half(dims).dims);
    assert_eq!(halves, [4, 4, 1]);
}

#[test]
fn a_file_holds_the_head_and_an_old_one_has_none() {
    let joint = tiny_joint(5);
    let text = ron::to_string(&joint).unwrap();
    assert!(text.contains("head:Some((dims:2,hidden:5))"), "{text}");
    assert_eq!(ron::from_str::<VaeConfig>(&text).unwrap(), joint);
    assert!(joint.uses_labels());
    assert_eq!(joint.classes_in_latents(10), 10);
    let text = ron::to_string(&tiny()).unwrap();
    assert!(!text.contains("head"), "{text}");
}

#[test]
fn what_a_head_needs_is_told() {
    let refused = |config: &VaeConfig, classes: usize, words: &[&str]| {
        let error = config.init(digit(), classes, &Device::flex()).unwrap_err();
        for word in words {
            assert!(error.to_string().contains(word), "{error}");
        }
        assert!(config.parameters(digit(), classes).is_err());
    };
    for dims in [0, 4] {
        let config = VaeConfig {
            head: Some(HeadConfig { dims, hidden: 0 }),
            ..tiny_joint(0)
        };
        refused(&config, 2, &["dims of the head", "from 1 to the 3"]);
    }
    refused(&tiny_joint(5000), 2, &["hidden of the head is 5000"]);
    let centres = VaeConfig {
        prior: Prior::ClassCentres,
        ..tiny_joint(0)
    };
    refused(&centres, 2, &["prior is class-centres", "needs normal"]);
    let conditional = VaeConfig {
        conditional: true,
        ..tiny_joint(0)
    };
    refused(&conditional, 2, &["conditional is true", "head"]);
    refused(&tiny_joint(0), 0, &["classes is 0", "head"]);
}

fn trained(joint: JointConfig) -> TrainedVae {
    let settings = joint_settings(joint);
    let trained = run(&tiny_joint(4), &settings, None, usize::MAX);
    trained.unwrap().unwrap()
}

/// Zeros and ones are the easiest digits: 72 steps find most of them, where guessing would find half. Residual blocks and a hidden
/// layer would need more.
#[test]
fn the_head_learns_from_all_labels_and_from_few() {
    let more = TrainConfig {
        epochs: 6,
        ..joint_settings(JointConfig::default())
    };
    for joint in [JointConfig::default(), few()] {
        let joint = JointConfig {
            head_weight: 100.0,
            confidence: 0.9,
            ..joint
        };
        let settings = TrainConfig {
            joint,
            ..more.clone()
        };
        let config = VaeConfig {
            blocks: 0,
            channels: vec![8, 16, 16],
            ..tiny_joint(0)
        };
        let trained = run(&config, &settings, None, usize::MAX);
        let trained = trained.unwrap().unwrap();
        let last = &trained.history.last().unwrap().metrics;
        let error = last["held_out_head_error"];
        assert!(error < 0.25, "{error}");
        assert_eq!(last.len(), 6, "{last:?}");
        // A region for each class, as of any VAE that is not conditional.
        trained.latent.space.check(3, 2).unwrap();
    }
}

#[test]
fn an_interrupted_run_shows_the_same_images() {
    let dir = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(dir.path());
    let settings = joint_settings(few());
    let go = |after| run(&tiny_joint(4), &settings, Some(&checkpoints), after).unwrap();
    assert!(go(5).is_none());
    let resumed = go(usize::MAX).unwrap();
    assert!(weights(&resumed.vae) == weights(&trained(few()).vae));
}

#[test]
fn the_terms_take_part_as_they_are_weighted() {
    let all = weights(&trained(JointConfig::default()).vae);
    let with_features = weights(
        &trained(JointConfig {
            feature_weight: 10.0,
            ..JointConfig::default()
        })
        .vae,
    );
    assert!(with_features != all, "the feature term takes no part");
    assert!(with_features.iter().all(|weight| weight.is_finite()));
    assert!(weights(&trained(few()).vae) != all, "all labels are used");
}

fn relabelled(images: &LabelledImages, change: impl Fn(usize, u16) -> u16) -> LabelledImages {
    let labels = images.labels().iter().enumerate();
    let labels = labels.map(|(i, label)| change(i, *label)).collect();
    let classes = images.classes();
    LabelledImages::new(
        images.shape(),
        images.pixels().unwrap().to_vec(),
        labels,
        classes,
    )
    .unwrap()
}

/// Two images that keep no label change theirs with each other, so that the draw stays as it is.
#[test]
fn the_label_of_an_image_that_was_not_drawn_is_not_looked_at() {
    let (images, held_out) = digits();
    let joint = few();
    let draw = |images: &LabelledImages| draw_labelled(images, 2, 4, joint.labels_seed).unwrap();
    let drawn = draw(&images);
    let others = || (0..images.len()).filter(|i| !drawn.contains(i));
    let pairs = others().flat_map(|i| others().map(move |j| (i, j)));
    let swapped = pairs
        .filter(|(i, j)| images.labels()[*i] < images.labels()[*j])
        .map(|(i, j)| relabelled(&images, |at, l| if at == i || at == j { 1 - l } else { l }))
        .find(|swapped| draw(swapped) == drawn)
        .expect("some pair is not in the way of the draw");
    let settings = joint_settings(joint.clone());
    let train = |images: &LabelledImages| {
        let trained = train_as(&tiny_joint(4), &settings, [images, &held_out], 2);
        weights(&trained.unwrap().unwrap().vae)
    };
    assert!(train(&images) == train(&swapped));
    // That of one that was drawn is.
    let first = drawn[0];
    let wrong = relabelled(&images, |at, l| if at == first { 1 - l } else { l });
    assert_ne!(draw(&wrong), drawn);
}

#[test]
fn colour_images_that_are_not_square_train_with_a_head() {
    let images = odd_images(54);
    let part = |range: std::ops::Range<usize>| images.subset(&range.collect::<Vec<_>>());
    let joint = JointConfig {
        labels: Some(7),
        feature_weight: 1.0,
        augmentation: Augmentation::pictures(),
        ..few()
    };
    let parts = [&part(0..48), &part(48..54)];
    let trained = train_as(&tiny_joint(4), &joint_settings(joint), parts, 3);
    let trained = trained.unwrap().unwrap();
    assert_eq!(trained.vae.head.as_ref().unwrap().classes(), 3);
    let error = trained.history[1].metrics["held_out_head_error"];
    assert!((0.0..=1.0).contains(&error));
}

/// Classes of 20, 20 and 8 images: 30 are ten of each but for the last, which has only eight, so that eleven come from the others.
#[test]
fn labelled_images_are_drawn_evenly_by_the_seed() {
    let images = odd_images(60);
    let uneven: Vec<usize> = (0..60).filter(|i| i % 3 < 2 || *i < 24).collect();
    let images = images.subset(&uneven);
    let drawn = |count, seed| draw_labelled(&images, 3, count, Seed(seed)).unwrap();
    let counts = |drawn: &[usize]| {
        let of = |class| {
            drawn
                .iter()
                .filter(|i| images.labels()[**i] == class)
                .count()
        };
        [0, 1, 2].map(of)
    };
    assert_eq!(counts(&drawn(6, 1)), [2, 2, 2]);
    assert_eq!(counts(&drawn(7, 1)), [3, 2, 2]);
    assert_eq!(counts(&drawn(30, 1)), [11, 11, 8]);
    assert_eq!(drawn(48, 1), (0..48).collect::<Vec<_>>());
    assert_eq!(drawn(6, 1), drawn(6, 1));
    assert_ne!(drawn(6, 1), drawn(6, 2));
    // More labels are the same ones and others.
    let more = drawn(12, 1);
    assert!(drawn(6, 1).iter().all(|i| more.contains(i)));
    for (count, words) in [(2, "each of the 3 classes"), (49, "there are 48 images")] {
        let error = draw_labelled(&images, 3, count, Seed(0)).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn settings_of_a_head_that_cannot_work_are_refused() {
    let refused = |joint: JointConfig, words: &str| {
        let error = run(&tiny_joint(4), &joint_settings(joint), None, 1).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    };
    let default = JointConfig::default;
    refused(
        JointConfig {
            head_weight: -1.0,
            ..default()
        },
        "head_weight is -1",
    );
    refused(
        JointConfig {
            feature_weight: f64::NAN,
            ..default()
        },
        "feature_weight is NaN",
    );
    refused(
        JointConfig {
            confidence: 1.5,
            ..default()
        },
        "confidence is 1.5",
    );
    refused(
        JointConfig {
            labels: Some(1),
            ..default()
        },
        "labels is 1",
    );
    let wide = Augmentation {
        scale: 2.0,
        ..Augmentation::none()
    };
    let joint = JointConfig {
        augmentation: wide,
        ..default()
    };
    let error = run(&tiny_joint(4), &joint_settings(joint), None, 1).unwrap_err();
    assert!(matches!(error, VaeError::Dataset(_)), "{error:?}");
}
