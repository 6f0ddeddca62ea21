//! Fitting the latent space of a network whose latents are known.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ClassId, LabelledImages, Seed};
use vae_core::{
    Component, LatentFit, RegionConfig, Typical, TypicalChoice, TypicalRule, Vae, VaeConfig,
    VaeError, fit_latent,
};

use crate::{assert_close, digit, gaussians, odd, odd_images, shaped, tiny, vae};

/// What one latent dimension makes of an image of one grey `g`: `mean = slope * g + offset`.
struct Dim {
    slope: f32,
    offset: f32,
    log_var: f32,
}

/// An encoder of known output, and a decoder that draws middle grey.
///
/// Every convolution of the encoder averages, so that a pixel inside its last feature map has the grey of the whole
/// image; the head reads row 1, column 1 of the 4x4 map. The outermost pixels would see the padding.
fn grey_reader(dims: &[Dim]) -> Vae {
    struct Zero;
    impl ModuleMapper for Zero {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            param.map(|old| old.zeros_like())
        }
    }
    let config = VaeConfig {
        latent_dim: dims.len(),
        channels: vec![1, 1, 1],
        blocks: 0,
        ..tiny()
    };
    let mut vae = vae(&config, 0).map(&mut Zero);
    let average = |weight: Param<Tensor<4>>| {
        weight.map(|old| {
            let share = 1.0 / old.shape().num_elements() as f32;
            old + share
        })
    };
    let encoder = &mut vae.encoder;
    for level in &mut encoder.levels {
        level.conv.weight = average(level.conv.weight.clone());
    }
    let device = Device::flex();
    let row = |value: &dyn Fn(&Dim) -> f32| dims.iter().map(value).collect::<Vec<f32>>();
    let mut slopes = vec![0.0; 16 * dims.len()];
    slopes[5 * dims.len()..6 * dims.len()].copy_from_slice(&row(&|dim| dim.slope));
    let slopes = TensorData::new(slopes, [16, dims.len()]);
    let bias = |value: &dyn Fn(&Dim) -> f32| {
        Some(Param::from_data(
            TensorData::from(row(value).as_slice()),
            &device,
        ))
    };
    encoder.mean.weight = Param::from_data(slopes, &device);
    encoder.mean.bias = bias(&|dim| dim.offset);
    encoder.log_var.bias = bias(&|dim| dim.log_var);
    vae
}

/// Images of one grey each.
fn greys(greys: &[u8], labels: &[u8], classes: usize) -> LabelledImages {
    let image = |&grey: &u8| vec![grey; digit().values()];
    let pixels = greys.iter().flat_map(image).collect();
    let labels = labels.iter().map(|&label| u16::from(label)).collect();
    LabelledImages::new(digit(), pixels, labels, classes).unwrap()
}

/// Black and white in turn, black in class 0 and white in class 1.
fn black_and_white(count: usize) -> LabelledImages {
    let label = |i: usize| (i % 2) as u8;
    let labels: Vec<u8> = (0..count).map(label).collect();
    let shades: Vec<u8> = labels.iter().map(|label| label * 255).collect();
    greys(&shades, &labels, 2)
}

fn three_dims() -> Vae {
    let dim = |slope, offset, log_var| Dim {
        slope,
        offset,
        log_var,
    };
    grey_reader(&[
        dim(4.0, -1.0, 0.25f32.ln()),
        dim(-2.0, 0.5, 0.0),
        dim(0.0, 0.25, -2.0),
    ])
}

/// Half of the images have the posterior means (-1, 0.5, 0.25), half (3, -1.5, 0.25), all the variances (0.25, 1, e^-2).
///
/// - mean: 1, -0.5, 0.25; variance of the posterior mean: 4, 1, 0
/// - standard deviation: sqrt(4.25) = 2.061553, sqrt(2) = 1.414214, e^-1 = 0.367879
/// - what they tell, (ln of the aggregate variance - log-variance) / 2: ln(4.25 / 0.25) / 2 = 1.416607, ln(2) / 2 =
///   0.346574, and nothing where mean and variance are the same for all images
/// - middle grey is 0.5 from both black and white
#[test]
fn the_statistics_are_those_of_the_encoder() {
    /// Rounding in three averaging layers.
    const TOLERANCE: f32 = 1e-5;
    // More than one chunk of 500.
    let fit = fit_latent(
        &three_dims(),
        [&black_and_white(600); 2],
        2,
        gaussians(1),
        Seed(1),
    )
    .unwrap();
    assert_eq!(fit.space.statistics.n, 600);
    assert_close(&fit.space.statistics.mean, &[1.0, -0.5, 0.25], TOLERANCE);
    assert_close(
        &fit.space.statistics.mean_variance,
        &[4.0, 1.0, 0.0],
        TOLERANCE,
    );
    assert_close(
        &fit.space.statistics.std,
        &[2.061_553, std::f32::consts::SQRT_2, 0.367_879],
        TOLERANCE,
    );
    assert_close(
        &fit.space.statistics.kl_nats,
        &[1.416_607, 0.346_574, 0.0],
        TOLERANCE,
    );
    assert_close(&[fit.pixel_sigma], &[0.5], TOLERANCE);
    assert_eq!(fit.space.statistics.order_by_kl(), [0, 1, 2]);
    assert_eq!(fit.space.statistics.active_units(), 2);
}

/// The anchors are means of 300 draws: their standard errors are 0.5, 1 and 0.368 over sqrt(300), 0.058 at most.
#[test]
fn each_class_is_anchored_at_its_own_images() {
    const TOLERANCE: f32 = 4.0 * 0.058;
    let fit = fit_latent(
        &three_dims(),
        [&black_and_white(600); 2],
        2,
        gaussians(1),
        Seed(1),
    )
    .unwrap();
    assert!(fit.space.regions.is_sound(2, 3));
    assert_close(
        &fit.space.regions.anchor(ClassId(0)),
        &[-1.0, 0.5, 0.25],
        TOLERANCE,
    );
    assert_close(
        &fit.space.regions.anchor(ClassId(1)),
        &[3.0, -1.5, 0.25],
        TOLERANCE,
    );
}

/// Two dimensions that see the grey with opposite signs, with a standard deviation of 0.2 each.
fn opposed() -> Vae {
    let dim = |slope, offset| Dim {
        slope,
        offset,
        log_var: 0.04f32.ln(),
    };
    grey_reader(&[dim(4.0, -2.0), dim(-4.0, 2.0)])
}

/// `L L'` of a factor stored row by row: variance, covariance, variance.
fn covariance(component: &Component) -> [f32; 3] {
    let [a, b, c] = component.cholesky[..] else {
        panic!("{component:?}");
    };
    [a * a, a * b, b * b + c * c]
}

/// 150 black and 50 white images: blobs around (-2, 2) and (2, -2), 28 standard deviations apart.
#[test]
fn a_mixture_finds_two_separate_blobs() {
    /// 4 standard errors of a mean, 0.2 / sqrt(50).
    const MEAN_TOLERANCE: f32 = 0.113;
    /// 4 standard errors of a variance, 0.04 sqrt(2 / 50), and the ridge of 0.0001.
    const VARIANCE_TOLERANCE: f32 = 0.0322;
    let shades: Vec<u8> = (0..200).map(|i| if i % 4 == 3 { 255 } else { 0 }).collect();
    let images = greys(&shades, &[0; 200], 1);
    for seed in 0..5 {
        let fit = fit_latent(&opposed(), [&images; 2], 1, gaussians(2), Seed(seed)).unwrap();
        let mut components = fit.space.regions.0[0].components.clone();
        components.sort_by(|a, b| a.mean[0].total_cmp(&b.mean[0]));
        let [black, white] = &components[..] else {
            panic!("{components:?}");
        };
        assert_close(&[black.weight, white.weight], &[0.75, 0.25], 1e-5);
        assert_close(&black.mean, &[-2.0, 2.0], MEAN_TOLERANCE);
        assert_close(&white.mean, &[2.0, -2.0], MEAN_TOLERANCE);
        for component in [black, white] {
            assert_close(
                &covariance(component),
                &[0.04, 0.0, 0.04],
                VARIANCE_TOLERANCE,
            );
        }
    }
}

/// 100 black images of class 0 and 100 white ones of class 1, and five white ones that are labelled 0. With them class 0
/// would have its mean at (-2, 2) + 5/105 (4, -4) = (-1.81, 1.81).
#[test]
fn images_that_belong_to_another_class_by_their_latents_are_left_out() {
    /// 4 standard errors of a mean, 0.2 / sqrt(100).
    const TOLERANCE: f32 = 0.08;
    let shades: Vec<u8> = (0..205).map(|i| if i < 100 { 0 } else { 255 }).collect();
    let labels: Vec<u8> = (0..205)
        .map(|i| u8::from((100..200).contains(&i)))
        .collect();
    let images = greys(&shades, &labels, 2);
    let fit_with = |typical| {
        let config = RegionConfig {
            typical: Typical::AtLeast(typical),
            ..gaussians(1)
        };
        fit_latent(&opposed(), [&images; 2], 2, config, Seed(3)).unwrap()
    };
    let counts = |fit: &LatentFit| [0, 1].map(|class| fit.space.regions.0[class].images);
    // Unless typical images are asked for, a region is of all.
    assert_eq!(RegionConfig::default().typical, Typical::AtLeast(0.0));
    assert_eq!(counts(&fit_with(0.0)), [105, 100]);
    let fit = fit_with(0.9);
    assert_eq!(counts(&fit), [100, 100]);
    assert_close(
        &fit.space.regions.anchor(ClassId(0)),
        &[-2.0, 2.0],
        TOLERANCE,
    );
    assert_close(
        &fit.space.regions.anchor(ClassId(1)),
        &[2.0, -2.0],
        TOLERANCE,
    );
}

/// Black and white lie far apart, so all ten held-out images of each class are given to it, and all images are typical.
#[test]
fn held_out_images_are_encoded_where_typical_ones_are_chosen() {
    let (images, held_out) = (black_and_white(40), black_and_white(20));
    let chosen = RegionConfig {
        typical: Typical::Chosen(TypicalRule::default()),
        ..gaussians(1)
    };
    let fit = |held_out, config| fit_latent(&opposed(), [&images, held_out], 2, config, Seed(3));
    let found = fit(&held_out, chosen).unwrap().space;
    let all = TypicalChoice {
        threshold: 0.5,
        held_out: 10,
        right: 10,
    };
    assert_eq!(found.typical, [all; 2]);
    let pixels = held_out.pixels().unwrap().to_vec();
    let unlabelled = LabelledImages::unlabelled(digit(), pixels).unwrap();
    refused(fit(&unlabelled, chosen), "0 labels of 20 images");
    // A threshold that is given needs none.
    let given = fit(&unlabelled, gaussians(1)).unwrap().space;
    assert_eq!(given.regions, found.regions);
    assert!(given.typical.is_empty());
}

#[test]
fn a_fit_tells_what_usual_latents_are() {
    let fit = fit_latent(
        &three_dims(),
        [&black_and_white(600); 2],
        2,
        gaussians(1),
        Seed(1),
    )
    .unwrap();
    let realism = fit.space.realism.unwrap();
    assert!(realism.is_sound());
    assert_eq!(realism.n, 600);
    // Middle grey, which the decoder draws for all, has the mean (1, -0.5, 0.25): from both (-1, 0.5, 0.25) and
    // (3, -1.5, 0.25) that is 2 / 2.061553 and 1 / 1.414214 spreads away, sqrt((0.941176 + 0.5) / 3) = 0.693108.
    assert_close(&realism.drift, &[0.693_108; 101], 1e-4);
}

/// Greys 0 to 255 have a variance of (256^2 - 1) / 12 / 255^2 = 0.083987. Seen with slopes 4 and -4 that is
/// 1.343788 [[1, -1], [-1, 1]], and the posterior adds 0.04 to both variances.
#[test]
fn a_region_has_the_full_covariance_of_its_class() {
    /// 4 standard errors: the greys are fixed, so what varies is their product with the noise,
    /// 2 * 1.16 * 0.2 / sqrt(256) = 0.029.
    const TOLERANCE: f32 = 4.0 * 0.029;
    let shades: Vec<u8> = (0..=255).collect();
    let images = greys(&shades, &[0; 256], 1);
    let fit = fit_latent(&opposed(), [&images; 2], 1, gaussians(1), Seed(2)).unwrap();
    let component = &fit.space.regions.0[0].components[0];
    assert_close(
        &covariance(component),
        &[1.3838, -1.3438, 1.3838],
        TOLERANCE,
    );
    assert_eq!(component.weight, 1.0);
}

/// A covariance in 2 dimensions asks for 4 points a component; 11 points carry 2 components.
#[test]
fn few_points_carry_few_components() {
    let fit = fit_latent(
        &opposed(),
        [&greys(&[9; 11], &[0; 11], 1); 2],
        1,
        gaussians(5),
        Seed(0),
    )
    .unwrap();
    assert_eq!(fit.space.regions.0[0].components.len(), 2);
    let fit = fit_latent(
        &opposed(),
        [&greys(&[9; 2], &[0; 2], 1); 2],
        1,
        gaussians(5),
        Seed(0),
    )
    .unwrap();
    assert_eq!(fit.space.regions.0[0].components.len(), 1);
    assert!(fit.space.regions.is_sound(1, 2));
}

#[test]
fn the_seed_decides_the_samples_and_nothing_else() {
    let fit =
        |seed| fit_latent(&opposed(), [&black_and_white(40); 2], 2, gaussians(2), seed).unwrap();
    assert_eq!(fit(Seed(1)), fit(Seed(1)));
    assert_eq!(fit(Seed(1)).space.statistics, fit(Seed(2)).space.statistics);
    assert_ne!(fit(Seed(1)).space.regions, fit(Seed(2)).space.regions);
}

fn refused(result: Result<LatentFit, VaeError>, word: &str) {
    match result {
        Err(error @ (VaeError::LatentSpace(_) | VaeError::NotFinite(_))) => {
            assert!(error.to_string().contains(word), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_class_needs_two_images() {
    let one = greys(&[0, 0, 255], &[0, 0, 1], 2);
    refused(
        fit_latent(&opposed(), [&one; 2], 2, gaussians(1), Seed(0)),
        "1 images",
    );
    let none = greys(&[0, 0], &[0, 0], 2);
    refused(
        fit_latent(&opposed(), [&none; 2], 2, gaussians(1), Seed(0)),
        "0 images",
    );
}

#[test]
fn weights_that_are_not_finite_are_noticed() {
    let images = black_and_white(8);
    let spoil = |bias: &mut Option<Param<Tensor<1>>>| {
        *bias = bias.take().map(|bias| bias.map(|old| old * f32::NAN));
    };
    let mut vae = opposed();
    spoil(&mut vae.encoder.mean.bias);
    refused(
        fit_latent(&vae, [&images; 2], 2, gaussians(1), Seed(0)),
        "encoder",
    );
    let mut vae = opposed();
    spoil(&mut vae.decoder.out.bias);
    refused(
        fit_latent(&vae, [&images; 2], 2, gaussians(1), Seed(0)),
        "decoder",
    );
}

#[test]
fn colour_images_are_described_class_by_class_and_as_a_whole() {
    let vae = shaped(&tiny(), odd(), 1);
    let images = odd_images(60);
    // The network is fresh and tells no class from another, so all images count as typical.
    let all = RegionConfig {
        typical: Typical::AtLeast(0.0),
        ..gaussians(2)
    };
    let fit = |images: &LabelledImages, classes| {
        fit_latent(&vae, [images; 2], classes, all, Seed(1)).unwrap()
    };
    let by_class = fit(&images, 3);
    by_class.space.check(3, 3).unwrap();
    assert_eq!(by_class.space.statistics.n, 60);
    assert_eq!(by_class.space.regions.0[1].images, 20);
    let unlabelled = LabelledImages::unlabelled(odd(), images.pixels().unwrap().to_vec()).unwrap();
    let whole = fit(&unlabelled, 0);
    whole.space.check(3, 0).unwrap();
    assert_eq!(whole.space.regions.0[0].images, 60);
    assert_eq!(whole.space.statistics, by_class.space.statistics);
    // Labels that are there need not be used.
    assert_eq!(fit(&images, 0), whole);
    refused(
        fit_latent(&vae, [&unlabelled; 2], 3, gaussians(2), Seed(1)),
        "0 labels of 60 images",
    );
}

/// A decoder without weights draws middle grey, and black images are 0.5 from it in each of their 3 * 20 * 32 values.
#[test]
fn the_error_is_measured_by_value() {
    let config = VaeConfig {
        blocks: 0,
        ..tiny()
    };
    let mut vae = shaped(&config, odd(), 1);
    vae.decoder.out.weight = vae.decoder.out.weight.map(|old| old.zeros_like());
    vae.decoder.out.bias = vae
        .decoder
        .out
        .bias
        .map(|bias| bias.map(|old| old.zeros_like()));
    let black = LabelledImages::unlabelled(odd(), vec![0; 4 * odd().values()]).unwrap();
    let fit = fit_latent(&vae, [&black; 2], 0, gaussians(1), Seed(1)).unwrap();
    assert_close(&[fit.pixel_sigma], &[0.5], 1e-6);
}
