//! The two ways to compute Grad-CAM against each other, against finite differences and against numbers by hand.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::activation::{softplus, tanh};
use burn::tensor::{Device, Tensor, TensorData};
use explain::{Method, Score, evidence, gradient, pooled_linear_cam};

use crate::{noise, relative_error};

/// The same mathematics in two orders of `f32` operations; sums here have at most 200 terms, so rounding stays below
/// 200 * 6e-8.
const SAME_MATHS: f32 = 1e-5;

/// Central differences of a smooth head with step `h = 2^-6`: the neglected term is `h^2 / 6 = 4e-5` times the third
/// derivative over the first, and rounding of the logits adds `6e-8 / h = 4e-6` over a derivative of about 0.1.
const CENTRAL_DIFFERENCE: f32 = 1e-3;

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.try_into_vec_as().expect("Flex reads back")
}

fn grad_cam(
    features: Tensor<4>,
    classes: &[usize],
    head: impl Fn(Tensor<4>) -> Tensor<2>,
) -> Tensor<3> {
    let scores: Vec<Score> = classes.iter().map(|&class| class.into()).collect();
    evidence(Method::GradCam, features, &scores, head)
}

/// Global average pool and a linear layer.
fn pooled_linear(weight: Tensor<2>, bias: Tensor<1>) -> impl Fn(Tensor<4>) -> Tensor<2> {
    move |features| {
        let [n, channels, _, _] = features.dims();
        let pooled = features.mean_dims(&[2, 3]).reshape([n, channels]);
        pooled.matmul(weight.clone()) + bias.clone().unsqueeze()
    }
}

/// Grad-CAM of one image by central differences through the real head. Summing a channel's gradient over its cells is
/// differentiating along "the whole channel up", so one pair of evaluations a channel is enough.
fn difference_cam(
    features: &Tensor<4>,
    class: usize,
    step: f32,
    head: impl Fn(Tensor<4>) -> Tensor<2>,
) -> Vec<f32> {
    let [_, channels, height, width] = features.dims();
    let cells = height * width;
    let image = values(features.clone());
    let score = |channel: usize, shift: f32| {
        let mut shifted = image.clone();
        for value in &mut shifted[channel * cells..][..cells] {
            *value += shift;
        }
        let shifted = tensor(shifted, [1, channels, height, width], &features.device());
        f64::from(values(head(shifted))[class])
    };
    let mut map = vec![0.0; cells];
    for channel in 0..channels {
        let slope = (score(channel, step) - score(channel, -step)) / (2.0 * f64::from(step));
        let alpha = slope / cells as f64;
        for (cell, value) in map.iter_mut().zip(&image[channel * cells..]) {
            *cell += alpha * f64::from(*value);
        }
    }
    map.into_iter().map(|value| value as f32).collect()
}

/// A convolution, a `BatchNorm` and a linear layer: what follows an early layer of a residual network, in small.
#[derive(Module, Debug)]
struct ConvHead {
    conv: Conv2d,
    norm: BatchNorm,
    linear: Linear,
}

const CHANNELS: usize = 3;
const SIDE: usize = 5;
const CLASSES: usize = 4;

impl ConvHead {
    /// All parameters on `device`, running statistics as after one training batch.
    fn new(device: &Device) -> Self {
        let width = 6;
        let mut conv = Conv2dConfig::new([CHANNELS, width], [3, 3])
            .with_bias(false)
            .init(device);
        conv.weight = Param::from_tensor(tensor(
            noise(width * CHANNELS * 9, 11),
            [width, CHANNELS, 3, 3],
            device,
        ));
        let norm = BatchNormConfig::new(width).init(device);
        let mut linear = LinearConfig::new(width, CLASSES)
            .with_bias(false)
            .init(device);
        linear.weight =
            Param::from_tensor(tensor(noise(width * CLASSES, 12), [width, CLASSES], device));

        let head = Self { conv, norm, linear };
        let _ = head.forward(features(8, 13, device).autodiff());
        head
    }

    fn forward(&self, features: Tensor<4>) -> Tensor<2> {
        let hidden = tanh(self.norm.forward(self.conv.forward(features)));
        let [n, width, _, _] = hidden.dims();
        softplus(
            self.linear
                .forward(hidden.mean_dims(&[2, 3]).reshape([n, width])),
            1.0,
        )
    }

    fn running_statistics(&self) -> [Vec<f32>; 2] {
        [&self.norm.running_mean, &self.norm.running_var]
            .map(|state| values(state.value_sync().inner()))
    }
}

fn features(n: usize, seed: u64, device: &Device) -> Tensor<4> {
    tensor(
        noise(n * CHANNELS * SIDE * SIDE, seed),
        [n, CHANNELS, SIDE, SIDE],
        device,
    )
}

#[test]
fn closed_form_by_hand() {
    // Two channels of 2 x 2 cells and two classes, so alpha = w / 4.
    //   A_0 = [1 2; 3 4], A_1 = [0 4; 0 -4]
    //   class 0: w = (4, 2),  alpha = (1, 1/2):   A_0 + A_1 / 2    = [ 1  4;  3  2]
    //   class 1: w = (-8, 1), alpha = (-2, 1/4):  -2 A_0 + A_1 / 4 = [-2 -3; -6 -9]
    // All of it is exact in binary.
    let device = Device::flex();
    let features = tensor(
        vec![1.0, 2.0, 3.0, 4.0, 0.0, 4.0, 0.0, -4.0],
        [1, 2, 2, 2],
        &device,
    );
    let weight = tensor(vec![4.0, -8.0, 2.0, 1.0], [2, 2], &device);
    let expected = [[1.0, 4.0, 3.0, 2.0], [-2.0, -3.0, -6.0, -9.0]];

    let closed = pooled_linear_cam(features.clone(), weight.clone());
    assert_eq!(closed.dims(), [1, 2, 2, 2]);
    assert_eq!(values(closed), expected.concat());

    let head = pooled_linear(weight, Tensor::zeros([2], &device));
    for (class, expected) in expected.iter().enumerate() {
        let autodiff = grad_cam(features.clone(), &[class], &head);
        assert_eq!(autodiff.dims(), [1, 2, 2]);
        assert_eq!(values(autodiff), expected);
    }
}

#[test]
fn closed_form_equals_autodiff_equals_finite_differences() {
    let device = Device::flex();
    let [n, channels, side, classes] = [3, 64, 4, 10];
    let features = tensor(
        noise(n * channels * side * side, 1),
        [n, channels, side, side],
        &device,
    );
    let weight = tensor(noise(channels * classes, 2), [channels, classes], &device);
    let bias = tensor(noise(classes, 3), [classes], &device);
    let head = pooled_linear(weight.clone(), bias);

    let closed = pooled_linear_cam(features.clone(), weight);
    for class in 0..classes {
        let of_class = closed.clone().slice([0..n, class..class + 1]);
        let autodiff = grad_cam(features.clone(), &[class], &head);
        assert!(relative_error(&values(of_class.clone()), &values(autodiff)) <= SAME_MATHS);
        for image in 0..n {
            // The head is linear, so any step is exact but for rounding, and a big one drowns the rounding.
            let differences = difference_cam(
                &features.clone().slice([image..image + 1]),
                class,
                64.0,
                &head,
            );
            let closed = values(of_class.clone().slice([image..image + 1]));
            assert!(relative_error(&closed, &differences) <= SAME_MATHS);
        }
    }
}

#[test]
fn cells_of_a_closed_form_map_add_up_to_the_logit_without_its_bias() {
    let device = Device::flex();
    let features = tensor(noise(2 * 8 * 49, 4), [2, 8, 7, 7], &device);
    let weight = tensor(noise(8 * 5, 5), [8, 5], &device);
    let logits = pooled_linear(weight.clone(), Tensor::zeros([5], &device))(features.clone());
    let sums = pooled_linear_cam(features, weight).sum_dims(&[2, 3]);
    assert!(relative_error(&values(sums), &values(logits)) <= SAME_MATHS);
}

#[test]
fn autodiff_equals_finite_differences_for_a_non_linear_head_on_the_plain_device() {
    let device = Device::flex();
    let head = ConvHead::new(&device).valid();
    let features = features(1, 21, &device);
    for class in 0..CLASSES {
        let autodiff = grad_cam(features.clone(), &[class], |x| head.forward(x));
        let differences = difference_cam(&features, class, 1.0 / 64.0, |x| head.forward(x));
        let error = relative_error(&values(autodiff), &differences);
        assert!(error <= CENTRAL_DIFFERENCE, "class {class}: {error}");
    }
}

#[test]
fn parameters_on_the_autodiff_device_change_nothing() {
    let plain = ConvHead::new(&Device::flex()).valid();
    // As in the middle of training, but for the flag of the `BatchNorm`.
    let mut training = plain.clone().train();
    training.norm.training = plain.norm.training.clone();
    assert!(training.linear.weight.val().is_autodiff());
    let features = features(2, 22, &Device::flex());
    let expected = grad_cam(features.clone(), &[1], |x| plain.forward(x));
    let actual = grad_cam(features, &[1], |x| training.forward(x));
    assert!(relative_error(&values(actual), &values(expected)) <= SAME_MATHS);
}

#[test]
fn batch_equals_one_by_one() {
    let device = Device::flex();
    let head = ConvHead::new(&device).valid();
    let features = features(4, 23, &device);
    let classes = [2, 0, 3, 2];
    let weight = tensor(noise(CHANNELS * CLASSES, 24), [CHANNELS, CLASSES], &device);

    let batch = values(grad_cam(features.clone(), &classes, |x| head.forward(x)));
    let closed = values(pooled_linear_cam(features.clone(), weight.clone()));
    let [mut alone, mut closed_alone] = [Vec::new(), Vec::new()];
    for (image, class) in classes.into_iter().enumerate() {
        let one = features.clone().slice([image..image + 1]);
        alone.extend(values(grad_cam(one.clone(), &[class], |x| head.forward(x))));
        closed_alone.extend(values(pooled_linear_cam(one, weight.clone())));
    }
    assert!(relative_error(&batch, &alone) <= SAME_MATHS);
    assert!(relative_error(&closed, &closed_alone) <= SAME_MATHS);
}

#[test]
fn explaining_leaves_the_running_statistics_of_a_valid_head_alone() {
    let device = Device::flex();
    let trained = ConvHead::new(&device);
    let head = trained.valid();
    let before = head.running_statistics();
    assert_eq!(before, trained.running_statistics());
    assert_ne!(before[0], vec![0.0; 6], "statistics of a trained model");

    let _ = grad_cam(features(4, 31, &device), &[0], |x| head.forward(x));
    assert_eq!(head.running_statistics(), before);
    assert_eq!(trained.running_statistics(), before);
}

#[test]
fn explaining_through_a_head_in_training_mode_would_change_them() {
    // The trap that the documentation of `gradient` warns of, on a plain device. It also shows that the test above can
    // fail. Should Burn close the trap one day, the warning can go.
    let device = Device::flex();
    let head = ConvHead::new(&device);
    let before = head.running_statistics();
    let _ = grad_cam(features(4, 31, &device), &[0], |x| head.forward(x));
    assert_ne!(head.running_statistics(), before);
}

#[test]
fn features_with_a_graph_are_cut_from_it_and_maps_are_plain() {
    let device = Device::flex();
    let head = ConvHead::new(&device).valid();
    let plain = features(2, 41, &device);
    let tracked = plain.clone().autodiff().require_grad().mul_scalar(1.0);
    assert!(tracked.is_tracked());

    let expected = grad_cam(plain.clone(), &[1], |x| head.forward(x));
    let actual = grad_cam(tracked.clone(), &[1], |x| head.forward(x));
    assert!(!actual.is_autodiff() && !expected.is_autodiff());
    assert_eq!(values(actual), values(expected));

    let weight = tensor(noise(CHANNELS * CLASSES, 42), [CHANNELS, CLASSES], &device);
    let expected = pooled_linear_cam(plain, weight.clone());
    let actual = pooled_linear_cam(tracked, weight.autodiff().require_grad());
    assert!(!actual.is_autodiff());
    assert_eq!(values(actual), values(expected));
}

#[test]
#[should_panic(expected = "class 4 asked for, but the head has 4")]
fn a_class_that_the_head_does_not_have() {
    let device = Device::flex();
    let head = ConvHead::new(&device).valid();
    let _ = grad_cam(features(1, 51, &device), &[CLASSES], |x| head.forward(x));
}

#[test]
#[should_panic(expected = "2 scores for 3 images")]
fn too_few_classes() {
    let device = Device::flex();
    let head = ConvHead::new(&device).valid();
    let _ = grad_cam(features(3, 52, &device), &[0, 1], |x| head.forward(x));
}

/// Central differences of a score with respect to every cell, in `f64`.
fn difference_gradient(features: &Tensor<4>, score: impl Fn(Tensor<4>) -> f64) -> Vec<f32> {
    let step = 1.0 / 64.0;
    let image = values(features.clone());
    let at = |cell: usize, shift: f32| {
        let mut shifted = image.clone();
        shifted[cell] += shift;
        score(tensor(shifted, features.dims(), &features.device()))
    };
    (0..image.len())
        .map(|cell| ((at(cell, step) - at(cell, -step)) / (2.0 * f64::from(step))) as f32)
        .collect()
}

#[test]
fn the_gradient_of_a_difference_equals_finite_differences_in_every_cell() {
    let device = Device::flex();
    let head = ConvHead::new(&device).valid();
    let features = features(1, 61, &device);
    let score = |class, against| Score { class, against };
    for score in [score(2, None), score(0, Some(3))] {
        let expected = difference_gradient(&features, |x| {
            let logits = values(head.forward(x));
            let rival = score.against.map_or(0.0, |rival| f64::from(logits[rival]));
            f64::from(logits[score.class]) - rival
        });
        let found = values(gradient(features.clone(), &[score], |x| head.forward(x)));
        // A cell's slope is about 0.01, so rounding of the logits (6e-8 over the step 1/64) weighs more than above.
        assert!(relative_error(&found, &expected) <= 2.0 * CENTRAL_DIFFERENCE);
    }
}

#[test]
fn what_speaks_for_both_classes_cancels_in_a_contrast() {
    let device = Device::flex();
    let head = ConvHead::new(&device).valid();
    let features = features(2, 62, &device);
    let of = |score: Score| gradient(features.clone(), &[score], |x| head.forward(x));
    let contrast = of(Score {
        class: 1,
        against: Some(2),
    });
    let difference = of(1.into()) - of(2.into());
    assert!(relative_error(&values(contrast), &values(difference)) <= SAME_MATHS);
    let nothing = of(Score {
        class: 1,
        against: Some(1),
    });
    assert_eq!(values(nothing), vec![0.0; 2 * CHANNELS * SIDE * SIDE]);
}
