//! A convolution with its weights packed once, for any number of images.

use crate::loops::{Convolution, Direct, FewOutputs, Winograd, vectorized};
use crate::maps::{Aligned, LANES};
use crate::pack::{Packed, WeightOrder};
use crate::tiles::Tiles;
use crate::{Geometry, Maps, Path};

/// What happens to the result of a convolution before it is written.
#[derive(Debug, Clone, Copy)]
pub enum Epilogue<'a> {
    /// Nothing.
    Plain,
    /// Negative values become 0.
    Relu,
    /// Other maps of the same shape are added.
    Add(&'a Maps),
    /// Other maps of the same shape are added, then negative values become 0.
    AddRelu(&'a Maps),
}

/// A convolution whose weights were packed once.
#[derive(Debug, Clone)]
pub struct Layer {
    geometry: Geometry,
    images: usize,
    in_channels: usize,
    out_channels: usize,
    path: Path,
    weights: Weights,
    bias: Vec<f32>,
}

/// The weights in the order that the path needs.
#[derive(Debug, Clone)]
enum Weights {
    Direct(Vec<Packed>),
    FewOutputs(Vec<Packed>),
    Winograd(Tiles, Aligned),
}

impl Layer {
    /// Packs the weights, in Burn's order: `[out_channels, in_channels, kernel, kernel]`, for a transposed convolution
    /// `[in_channels, out_channels, kernel, kernel]`. One value of `bias` a channel.
    ///
    /// # Panics
    /// If the geometry is not supported, or the counts do not fit together.
    #[must_use]
    pub fn new(geometry: Geometry, in_channels: usize, weights: &[f32], bias: &[f32]) -> Self {
        Self::for_group(1, geometry, in_channels, weights, bias)
    }

    /// The same for `images` images at a time.
    pub(crate) fn for_group(
        images: usize,
        geometry: Geometry,
        in_channels: usize,
        weights: &[f32],
        bias: &[f32],
    ) -> Self {
        let path = Path::of(geometry, in_channels, bias.len());
        let path = path.unwrap_or_else(|| panic!("{geometry:?} is not supported"));
        let order = WeightOrder::new(geometry, in_channels, bias.len());
        assert_eq!(weights.len(), order.len(), "weights of the layer");
        let mut padded = bias.to_vec();
        padded.resize(bias.len().next_multiple_of(LANES), 0.0);
        Self {
            geometry,
            images,
            in_channels,
            out_channels: bias.len(),
            path,
            weights: Weights::new(path, order, weights, images),
            bias: padded,
        }
    }

    /// The loop that computes it.
    #[must_use]
    pub fn path(&self) -> Path {
        self.path
    }

    /// Maps with the shape of the output.
    #[must_use]
    pub fn output(&self) -> Maps {
        let [images, channels, side] = self.output_shape();
        Maps::group(images, channels, side)
    }

    /// Maps with the shape of the input.
    #[must_use]
    pub fn input(&self) -> Maps {
        let [images, channels, side] = self.input_shape();
        Maps::group(images, channels, side)
    }

    /// Images, channels and side.
    pub(crate) fn output_shape(&self) -> [usize; 3] {
        [self.images, self.out_channels, self.geometry.out_side]
    }

    /// Images, channels and side.
    pub(crate) fn input_shape(&self) -> [usize; 3] {
        [self.images, self.in_channels, self.geometry.in_side]
    }

    /// Computes the layer for one image.
    ///
    /// # Panics
    /// If the shapes of the maps are not those of the layer.
    pub fn run(&self, input: &Maps, output: &mut Maps, epilogue: Epilogue<'_>) {
        assert_eq!(input.shape(), self.input_shape());
        assert_eq!(output.shape(), self.output_shape());
        match &self.weights {
            Weights::Direct(phases) => {
                for Packed { phase, weights } in phases {
                    let of = self.call(weights, input, output, epilogue);
                    vectorized(Direct { phase, of });
                }
            }
            Weights::FewOutputs(phases) => {
                for Packed { phase, weights } in phases {
                    let of = self.call(weights, input, output, epilogue);
                    vectorized(FewOutputs { phase, of });
                }
            }
            Weights::Winograd(tiles, weights) => tiles.with_scratch(input.pitch(), |scratch| {
                let of = self.call(weights, input, output, epilogue);
                vectorized(Winograd { tiles, of, scratch });
            }),
        }
    }

    fn call<'a>(
        &'a self,
        weights: &'a [f32],
        input: &'a Maps,
        output: &'a mut Maps,
        epilogue: Epilogue<'a>,
    ) -> Convolution<'a> {
        let (residual, relu) = match epilogue {
            Epilogue::Plain => (None, false),
            Epilogue::Relu => (None, true),
            Epilogue::Add(maps) => (Some(maps), false),
            Epilogue::AddRelu(maps) => (Some(maps), true),
        };
        assert!(residual.is_none_or(|maps| maps.shape() == output.shape()));
        Convolution {
            weights,
            in_channels: self.in_channels,
            input: &input.values,
            in_pitch: input.pitch(),
            out_pitch: output.pitch(),
            output: &mut output.values,
            bias: &self.bias,
            residual: residual.map(|maps| maps.values.as_slice()),
            relu,
        }
    }
}

impl Weights {
    fn new(path: Path, order: WeightOrder, weights: &[f32], images: usize) -> Self {
        if path == Path::FewOutputs {
            return Self::FewOutputs(order.pack_for_few_outputs(weights, images));
        }
        let phases = order.pack(weights, images);
        match phases.as_slice() {
            [Packed { phase, weights }] if path == Path::Winograd => {
                let tiles = Tiles::new(order.geometry, order.in_channels, images);
                let transformed = tiles.transform(phase, weights);
                Self::Winograd(tiles, transformed)
            }
            _ => Self::Direct(phases),
        }
    }
}
