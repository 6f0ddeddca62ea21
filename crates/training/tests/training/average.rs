//! The averaged weights against numbers by hand.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::Tensor;
use training::average_weights;

use crate::{Toy, values};

/// Sets every weight and running statistic to one number.
struct Fill(f32);

impl ModuleMapper for Fill {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|old| old.zeros_like() + self.0)
    }
}

/// 0.25 * 1 + 0.75 * 5 = 4 and 0.5 * 4 + 0.5 * 5 = 4.5, exact in binary.
#[test]
fn weights_and_running_statistics_move_by_the_decay() {
    let model = Toy::new(3).train();
    let average = model.valid().map(&mut Fill(1.0));
    let model = model.map(&mut Fill(5.0));

    let average = average_weights(average, &model, 0.25);
    // 2 * 3 + 3 and 3 + 1 of the linear layers, 4 * 3 of the normalisation: scale, shift, running mean and variance.
    assert_eq!(values(&average), [4.0; 25]);
    let average = average_weights(average, &model, 0.5);
    assert_eq!(values(&average), [4.5; 25]);
    assert_eq!(values(&model), [5.0; 25]);
}

#[test]
fn the_average_carries_no_gradients() {
    let model = Toy::new(3).train();
    let average = average_weights(model.valid(), &model, 0.5);
    assert!(!average.hidden.weight.val().is_autodiff());
    assert!(!average.norm.running_mean.value().is_autodiff());
}

/// Parameters are matched by id: those of an unrelated network count for nothing.
#[test]
fn a_network_of_other_descent_changes_nothing() {
    let average = Toy::new(3).map(&mut Fill(1.0));
    let stranger = Toy::new(3).train().map(&mut Fill(5.0));
    assert_eq!(
        values(&average_weights(average, &stranger, 0.25)),
        [1.0; 25]
    );
}
