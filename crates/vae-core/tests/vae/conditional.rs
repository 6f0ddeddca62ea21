//! Networks that are given the class: what the class does, how it is left out, and that it is learned.

use burn::module::{Module, Param};
use burn::optim::GradientsParams;
use burn::store::ModuleSnapshot as _;
use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{ClassId, ImageShape, Seed, drop_labels, image_tensor, label_data};
use rand::RngExt as _;
use vae_core::{InferenceVae, LABEL_DROP, Prior, TrainConfig, Vae, VaeConfig, elbo, fit_latent};

use crate::network::{images_of, latents};
use crate::train::{resumed, resumed_as, run, settings, train_as, train_on, trained};
use crate::{
    CLASSES, assert_close, digit, floats, gaussians, odd, odd_images, shaped, tiny, weights,
};

/// As [`tiny`], and given the class.
pub fn tiny_conditional() -> VaeConfig {
    VaeConfig {
        prior: Prior::Normal,
        conditional: true,
        ..tiny()
    }
}

/// What a class has for itself: a row of each.
fn embeddings(vae: &mut Vae) -> Vec<&mut Param<Tensor<2>>> {
    let Vae {
        encoder, decoder, ..
    } = vae;
    let levels = encoder.levels.iter_mut();
    let encoder_blocks = levels.flat_map(|level| &mut level.blocks);
    let levels = decoder.levels.iter_mut();
    let decoder_blocks = levels.flat_map(|level| &mut level.blocks);
    let blocks = encoder_blocks
        .chain(decoder_blocks)
        .chain(&mut decoder.blocks);
    let films = blocks.map(|block| &mut block.film.as_mut().unwrap().embedding);
    let offsets = [&mut encoder.class_offset, &mut decoder.class_offset];
    let offsets = offsets.map(|offset| &mut offset.as_mut().unwrap().embedding);
    films.chain(offsets).collect()
}

/// Puts numbers of -0.5 to 0.5 into every embedding.
fn with_classes_that_act(mut vae: Vae) -> Vae {
    let mut rng = Seed(11).rng();
    for embedding in embeddings(&mut vae) {
        let [rows, columns] = embedding.dims();
        let values = (0..rows * columns).map(|_| rng.random::<f32>() - 0.5);
        set(embedding, values.collect());
    }
    vae
}

fn set(embedding: &mut Param<Tensor<2>>, values: Vec<f32>) {
    let data = TensorData::new(values, embedding.dims());
    *embedding = Param::from_data(data, &Device::flex());
}

fn classes(numbers: &[i32]) -> Tensor<1, Int> {
    Tensor::from_data(TensorData::from(numbers), &Device::flex())
}

/// By hand: the decoder's first layer gives values, to which those of the class are added.
#[test]
fn an_offset_moves_the_mean_of_a_class() {
    let mut vae = shaped(&tiny_conditional(), digit(), 4);
    let offset = vae.encoder.class_offset.as_mut().unwrap();
    set(
        &mut offset.embedding,
        vec![1.0, 2.0, 3.0, -1.0, 0.0, 0.5, 0.0, 0.0, 0.0],
    );
    let images = images_of(digit(), 2, &Device::flex());
    let plain = floats(vae.encode(images.clone()).mean);
    let moved = floats(vae.encode_as(images, Some(classes(&[1, 0]))).mean);
    let differences: Vec<f32> = moved.iter().zip(&plain).map(|(a, b)| a - b).collect();
    assert_close(&differences, &[-1.0, 0.0, 0.5, 1.0, 2.0, 3.0], 1e-5);
}

/// Zeros draw nothing, so both networks have the same weights; and `x * (1 + 0) + 0` is `x` to the last bit.
#[test]
fn a_fresh_network_does_not_look_at_the_class() {
    for shape in [digit(), odd()] {
        let normal = VaeConfig {
            prior: Prior::Normal,
            ..tiny()
        };
        let plain = shaped(&normal, shape, 4);
        let vae = shaped(&tiny_conditional(), shape, 4);
        assert_eq!(plain.conditional_classes(), None);
        assert_eq!(vae.conditional_classes(), Some(CLASSES));
        let images = images_of(shape, 3, &Device::flex());
        let z = latents(&vae, 3);
        let mean = floats(plain.encode(images.clone()).mean);
        let decoded = floats(plain.decode(z.clone()));
        for given in [None, Some(classes(&[0, 1, 2]))] {
            let posterior = vae.encode_as(images.clone(), given.clone());
            assert_eq!(floats(posterior.mean), mean);
            assert_eq!(floats(vae.decode_as(z.clone(), given.clone())), decoded);
            // A network that takes no class does not look at it.
            assert_eq!(floats(plain.decode_as(z.clone(), given)), decoded);
        }
    }
}

/// At the size of the image the decoder has one channel. A scale of -1 and a shift of 2 make `x * 0 + 2` of it whatever the
/// latent is; the block without weights adds nothing, and the last convolution takes the middle pixel as it is.
#[test]
fn a_class_scales_and_shifts_by_hand() {
    let mut vae = shaped(&tiny_conditional(), digit(), 4);
    let device = Device::flex();
    let block = &mut vae.decoder.blocks[0];
    let zero = |weight: &mut Param<Tensor<4>>| {
        *weight = weight.clone().map(|old| old.zeros_like());
    };
    zero(&mut block.conv1.weight);
    zero(&mut block.conv2.weight);
    for conv in [&mut block.conv1, &mut block.conv2, &mut vae.decoder.out] {
        conv.bias = Some(Param::from_data(TensorData::from([0.0f32]), &device));
    }
    // Rows: class 0 is the identity, class 1 erases, no class doubles. A scale and a shift each.
    let film = block.film.as_mut().unwrap();
    assert_eq!(film.embedding.dims(), [CLASSES + 1, 2]);
    set(&mut film.embedding, vec![0.0, 0.0, -1.0, 2.0, 1.0, 0.0]);
    let mut middle = vec![0.0f32; 9];
    middle[4] = 1.0;
    let middle = TensorData::new(middle, [1, 1, 3, 3]);
    vae.decoder.out.weight = Param::from_data(middle, &device);

    let z = latents(&vae, 3);
    let logits = |given| floats(vae.decode_logits_as(z.clone(), given));
    assert_eq!(logits(Some(classes(&[1, 1, 1]))), vec![2.0; 3 * 784]);
    let identity = logits(Some(classes(&[0, 0, 0])));
    assert!(identity.iter().any(|logit| *logit > 0.0), "a dead network");
    let twice: Vec<f32> = identity.iter().map(|logit| 2.0 * logit).collect();
    assert_close(&logits(None), &twice, 1e-6);
    // Two is the number of no class here. Each image has its own class.
    let mixed = logits(Some(classes(&[0, 1, 2])));
    assert_eq!(mixed[..784], identity[..784]);
    assert_eq!(mixed[784..2 * 784], [2.0; 784]);
    assert_close(&mixed[2 * 784..], &twice[2 * 784..], 1e-6);
}

/// The packed form adds the same products in another order.
#[test]
fn the_inference_form_gives_the_same_in_every_class() {
    const TOLERANCE: f32 = 1e-5;
    let wide = VaeConfig {
        channels: vec![32, 17, 20],
        blocks: 2,
        ..tiny_conditional()
    };
    for (config, shape) in [
        (tiny_conditional(), digit()),
        (tiny_conditional(), odd()),
        (wide, odd()),
    ] {
        let vae = with_classes_that_act(shaped(&config, shape, 9));
        let fast = InferenceVae::new(&vae);
        let (z, images) = (latents(&vae, 3), images_of(shape, 3, &Device::flex()));
        let given = [Some(ClassId(1)), None, Some(ClassId(0))];
        let numbers = Some(classes(&[1, 2, 0]));
        let expected = floats(vae.decode_as(z.clone(), numbers.clone()));
        let found = fast.decode_all_as(&floats(z.clone()), &given);
        assert_close(&found, &expected, TOLERANCE);
        assert_ne!(expected, floats(vae.decode(z.clone())));
        let posterior = vae.encode_as(images.clone(), numbers);
        let (means, log_vars) = (floats(posterior.mean), floats(posterior.log_var));
        for (i, image) in floats(images).chunks(shape.values()).enumerate() {
            let (mean, log_var) = fast.encode_as(image, given[i]);
            assert_close(&mean, &means[3 * i..3 * i + 3], TOLERANCE);
            assert_close(&log_var, &log_vars[3 * i..3 * i + 3], TOLERANCE);
        }
        // Without a class is the class of nobody.
        let none = fast.decode_all(&floats(z.clone()));
        assert_close(&none, &floats(vae.decode(z)), TOLERANCE);
    }
}

#[test]
#[should_panic(expected = "class 2 of a network for 2 classes")]
fn the_inference_form_refuses_a_class_that_is_none() {
    let fast = InferenceVae::new(&shaped(&tiny_conditional(), digit(), 0));
    let _ = fast.decode_as(&[0.0; 3], Some(ClassId(2)), &mut fast.scratch());
}

#[test]
#[should_panic(expected = "shape")]
fn a_class_for_each_latent_is_needed() {
    let vae = shaped(&tiny_conditional(), digit(), 0);
    let _ = vae.decode_as(latents(&vae, 3), Some(classes(&[0, 1])));
}

/// Of 10,000 labels a tenth is dropped: the standard deviation of that number is sqrt(10,000 * 0.1 * 0.9) = 30.
#[test]
fn a_tenth_of_the_labels_is_dropped_by_the_seed() {
    assert_eq!(LABEL_DROP, 0.1);
    let labels: Vec<i32> = (0..10_000).map(|i| i % 7).collect();
    let dropped = |seed| -> Vec<i32> {
        let labels = TensorData::from(labels.as_slice());
        let dropped = drop_labels(labels, 7, LABEL_DROP, Seed(seed));
        assert_eq!(dropped.shape()[..], [10_000]);
        dropped.try_into_vec().unwrap()
    };
    let first = dropped(1);
    let none = first.iter().filter(|label| **label == 7).count();
    assert!(none.abs_diff(1_000) < 4 * 30, "{none}");
    let kept = first.iter().zip(&labels).filter(|(label, _)| **label != 7);
    assert!(kept.into_iter().all(|(found, label)| found == label));
    assert_eq!(dropped(1), first);
    assert_ne!(dropped(2), first);
}

/// The networks differ by a scale and a shift for each channel in front of each block: `tiny` has blocks of 2, 3 and 4 channels
/// in encoder and decoder, and one of one channel at the end. Two classes and no class: 3 * 2 * (2 * (2 + 3 + 4) + 1) = 114. And by
/// what is added to the mean, which has 3 dimensions, and to the 4 maps of 4x4 that the decoder begins with: 3 * (3 + 64) = 201.
#[test]
fn the_embeddings_are_counted() {
    let normal = VaeConfig {
        prior: Prior::Normal,
        ..tiny()
    };
    let conditional = tiny_conditional();
    let more = conditional.parameters(digit(), 2).unwrap() - normal.parameters(digit(), 2).unwrap();
    assert_eq!(more, 114 + 201);
    let deep = VaeConfig {
        blocks: 2,
        channels: Vec::new(),
        ..tiny_conditional()
    };
    for (config, shape, classes) in [
        (&conditional, digit(), 2),
        (&conditional, odd(), 1),
        (&deep, ImageShape::new(3, 64, 64).unwrap(), 10),
    ] {
        let vae = config.init(shape, classes, &Device::flex()).unwrap();
        let counted = config.parameters(shape, classes).unwrap();
        assert_eq!(counted, vae.num_params(), "{shape}");
    }
}

#[test]
fn only_a_conditional_network_has_tensors_of_classes() {
    let names = |config: &VaeConfig| -> Vec<String> {
        let vae = shaped(config, digit(), 0);
        let tensors = vae.collect(None, None, false).into_iter();
        tensors.map(|tensor| tensor.name).collect()
    };
    let (plain, conditional) = (names(&tiny()), names(&tiny_conditional()));
    assert!(!plain.iter().any(|name| name.contains("embedding")));
    let own = conditional.iter().filter(|name| name.contains("embedding"));
    // A block on each of three levels of both, one at the end, and two linear layers.
    assert_eq!(own.count(), 9);
    let named = |name: &str| conditional.iter().any(|found| found == name);
    assert!(named("encoder.levels.0.blocks.0.film.embedding"));
    assert!(named("decoder.blocks.0.film.embedding"));
    assert!(named("encoder.class_offset.embedding"));
    assert!(named("decoder.class_offset.embedding"));
}

/// A row gets a gradient from the images that take it, and only from them.
#[test]
fn the_gradient_reaches_the_rows_of_the_classes_that_are_given() {
    let device = Device::flex().autodiff();
    for shape in [digit(), odd()] {
        let vae = shaped(&tiny_conditional(), shape, 6).train();
        let given: Tensor<1, Int> = Tensor::from_ints([0, 2, 0], &device);
        let batch = images_of(shape, 3, &device);
        let posterior = vae.encode_as(batch.clone(), Some(given.clone()));
        let kl = vae.kl_per_dimension(&posterior, None).sum();
        let decoded = vae.decode_as(posterior.mean, Some(given));
        let loss = elbo::squared_error(decoded, batch).sum() + kl;
        let gradients = GradientsParams::from_grads(loss.backward(), &vae);
        let (mut reached, mut vae) = ([false; 3], vae);
        for embedding in embeddings(&mut vae) {
            let [_, columns] = embedding.dims();
            let gradient = floats(gradients.get::<2>(embedding.id).unwrap());
            for (row, values) in gradient.chunks(columns).enumerate() {
                reached[row] |= values.iter().any(|value| *value != 0.0);
            }
        }
        assert_eq!(reached, [true, false, true], "{shape}");
    }
}

/// All rows have moved away from zero, that of no class by the images whose class was dropped.
#[test]
fn training_teaches_all_classes_and_none() {
    let trained = trained(&tiny_conditional());
    let mut vae = trained.vae;
    let mut largest = [0.0f32; CLASSES + 1];
    for embedding in embeddings(&mut vae) {
        let [_, columns] = embedding.dims();
        let values = floats(embedding.val());
        for (largest, row) in largest.iter_mut().zip(values.chunks(columns)) {
            *largest = row.iter().fold(*largest, |a, b| a.max(b.abs()));
        }
    }
    assert!(largest.iter().all(|value| *value > 1e-4), "{largest:?}");
    let names: Vec<&str> = trained.history[1]
        .metrics
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names.len(), 5, "{names:?}");
    // One region over all images.
    trained.latent.space.check(3, 0).unwrap();
    assert_eq!(trained.latent.space.regions.0[0].images, 48);
}

#[test]
fn an_interrupted_run_drops_the_same_labels() {
    let config = tiny_conditional();
    assert_eq!(weights(&resumed(&config)), weights(&trained(&config).vae));
}

#[test]
fn colour_images_that_are_not_square_train_with_their_classes() {
    let trained = train_on(&odd_images(54), &tiny_conditional(), 3)
        .unwrap()
        .unwrap();
    assert_eq!(trained.vae.conditional_classes(), Some(3));
    assert!(trained.history[1].metrics["held_out_mse"].is_finite());
}

/// Each image is encoded with its own class, and the latents of all classes are described together.
#[test]
fn the_latent_space_is_that_of_images_with_their_own_classes() {
    /// Rounding of a mean over 60 images.
    const TOLERANCE: f32 = 1e-5;
    let config = tiny_conditional();
    let fresh = config.init(odd(), 3, &Device::flex()).unwrap();
    let vae = with_classes_that_act(fresh);
    let images = odd_images(60);
    let fit = fit_latent(&vae, [&images; 2], 3, gaussians(1), Seed(1)).unwrap();
    fit.space.check(3, 0).unwrap();
    assert_eq!(fit.space.regions.0[0].images, 60);
    let all: Vec<usize> = (0..60).collect();
    let batch = image_tensor(&images, &all, &Device::flex()).unwrap();
    let own = Tensor::from_data(label_data(&images, &all), &Device::flex());
    let mean_over = |posterior: vae_core::Posterior| floats(posterior.mean.mean_dim(0));
    let with_classes = mean_over(vae.encode_as(batch.clone(), Some(own.clone())));
    assert_close(&fit.space.statistics.mean, &with_classes, TOLERANCE);
    let without = mean_over(vae.encode(batch.clone()));
    let apart = with_classes.iter().zip(&without);
    assert!(
        apart.into_iter().any(|(a, b)| (a - b).abs() > 1e-3),
        "{with_classes:?}"
    );
    let of_images = vae.classes_of(&images, &all).unwrap();
    assert_eq!(of_images.into_data(), own.into_data());
}

#[test]
fn what_a_conditional_network_needs_is_told() {
    let refused = |config: &VaeConfig, classes: usize, words: &[&str]| {
        let error = config.init(digit(), classes, &Device::flex()).unwrap_err();
        for word in words {
            assert!(error.to_string().contains(word), "{error}");
        }
        assert!(config.parameters(digit(), classes).is_err());
    };
    let centres = VaeConfig {
        prior: Prior::ClassCentres,
        ..tiny_conditional()
    };
    refused(&centres, 2, &["prior is class-centres", "needs normal"]);
    let bare = VaeConfig {
        blocks: 0,
        ..tiny_conditional()
    };
    refused(&bare, 2, &["blocks is 0", "conditional"]);
    refused(
        &tiny_conditional(),
        0,
        &["conditional is true", "without labels"],
    );
}

#[test]
fn a_file_says_that_a_network_is_conditional_and_an_old_one_need_not() {
    let text = ron::to_string(&tiny_conditional()).unwrap();
    assert!(text.contains("conditional:true"), "{text}");
    assert_eq!(
        ron::from_str::<VaeConfig>(&text).unwrap(),
        tiny_conditional()
    );
    let text = ron::to_string(&tiny()).unwrap();
    assert!(!text.contains("conditional"), "{text}");
    assert!(!ron::from_str::<VaeConfig>(&text).unwrap().conditional);
    assert!(tiny().uses_labels() && tiny_conditional().uses_labels());
    assert_eq!(tiny().classes_in_latents(10), 10);
    assert_eq!(tiny_conditional().classes_in_latents(10), 0);
}

/// Classes are bright in a channel of their own. A latent of one class, drawn as another, has to be bright where that one is.
#[test]
fn a_network_trained_with_swaps_draws_the_class_that_it_is_given() {
    let settings = TrainConfig {
        epochs: 40,
        kl_start: 4.0,
        kl_warmup_epochs: 20.0,
        swap_weight: 500.0,
        ..settings()
    };
    let config = VaeConfig {
        channels: vec![8, 8, 8],
        ..tiny_conditional()
    };
    let images = odd_images(54);
    let trained = train_as(&config, &settings, [&images; 2], 3);
    let vae = trained.unwrap().unwrap().vae;
    let batch = image_tensor(&images, &[0, 1, 2], &Device::flex()).unwrap();
    let means = vae.encode_as(batch, Some(classes(&[0, 1, 2]))).mean;
    let drawn = floats(vae.decode_as(means, Some(classes(&[1, 2, 0]))));
    for (image, asked) in drawn.chunks(odd().values()).zip([1, 2, 0]) {
        let brightness = |channel: usize| {
            let pixels = &image[channel * odd().pixels()..(channel + 1) * odd().pixels()];
            pixels.iter().sum::<f32>()
        };
        let all = [0, 1, 2].map(brightness);
        let brightest = (0..3).max_by(|a, b| all[*a].total_cmp(&all[*b]));
        assert_eq!(brightest, Some(asked), "{all:?}");
    }
}

#[test]
fn a_run_that_swaps_classes_goes_on_bit_for_bit() {
    let settings = TrainConfig {
        swap_weight: 10.0,
        kl_start: 2.0,
        ..settings()
    };
    let config = tiny_conditional();
    let whole = run(&config, &settings, None, usize::MAX);
    let whole = weights(&whole.unwrap().unwrap().vae);
    assert_eq!(weights(&resumed_as(&config, &settings)), whole);
    let without = trained(&config).vae;
    assert_ne!(weights(&without), whole, "nothing was asked");
}
