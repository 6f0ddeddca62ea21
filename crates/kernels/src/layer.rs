use crate::loops::{Convolution, Direct, OneChannel, Winograd, one_channel_weights, vectorized};
use crate::maps::{Aligned, LANES};
use crate::pack::{Packed, WeightOrder};
use crate::tiles::Tiles;
use crate::{Geometry, Maps};

/// What happens to the result of a convolution before it is written.
#[derive(Debug, Clone, Copy)]
pub enum Finish<'a> {
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
    in_channels: usize,
    out_channels: usize,
    way: Way,
    bias: Vec<f32>,
}

/// How a layer is computed, with the weights in the order that this needs.
#[derive(Debug, Clone)]
enum Way {
    Direct(Vec<Packed>),
    OneChannel(Vec<Packed>),
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
        assert!(geometry.is_supported(), "{geometry:?} is not supported");
        let order = WeightOrder::new(geometry, in_channels, bias.len());
        assert_eq!(weights.len(), order.len(), "weights of the layer");
        let mut padded = bias.to_vec();
        padded.resize(bias.len().next_multiple_of(LANES), 0.0);
        Self {
            geometry,
            in_channels,
            out_channels: bias.len(),
            way: Way::new(geometry, order, order.pack(weights)),
            bias: padded,
        }
    }

    /// Maps with the shape of the output.
    #[must_use]
    pub fn output(&self) -> Maps {
        Maps::zeros(self.out_channels, self.geometry.out_side)
    }

    /// Maps with the shape of the input.
    #[must_use]
    pub fn input(&self) -> Maps {
        Maps::zeros(self.in_channels, self.geometry.in_side)
    }

    /// Computes the layer for one image.
    ///
    /// # Panics
    /// If the shapes of the maps are not those of the layer.
    pub fn run(&self, input: &Maps, output: &mut Maps, finish: Finish<'_>) {
        assert_eq!(shape(input), (self.in_channels, self.geometry.in_side));
        assert_eq!(shape(output), (self.out_channels, self.geometry.out_side));
        match &self.way {
            Way::Direct(phases) => {
                for Packed { phase, weights } in phases {
                    let of = self.call(weights, input, output, finish);
                    vectorized(Direct { phase, of });
                }
            }
            Way::OneChannel(phases) => {
                for Packed { phase, weights } in phases {
                    let of = self.call(weights, input, output, finish);
                    vectorized(OneChannel { phase, of });
                }
            }
            Way::Winograd(tiles, weights) => tiles.with_room(input.pitch(), |room| {
                let of = self.call(weights, input, output, finish);
                vectorized(Winograd { tiles, of, room });
            }),
        }
    }

    fn call<'a>(
        &'a self,
        weights: &'a [f32],
        input: &'a Maps,
        output: &'a mut Maps,
        finish: Finish<'a>,
    ) -> Convolution<'a> {
        let (residual, relu) = match finish {
            Finish::Plain => (None, false),
            Finish::Relu => (None, true),
            Finish::Add(maps) => (Some(maps), false),
            Finish::AddRelu(maps) => (Some(maps), true),
        };
        assert!(residual.is_none_or(|maps| shape(maps) == shape(output)));
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

fn shape(maps: &Maps) -> (usize, usize) {
    (maps.channels(), maps.side())
}

impl Way {
    fn new(geometry: Geometry, order: WeightOrder, mut phases: Vec<Packed>) -> Self {
        let whole_vectors = order.in_channels > 0 && order.in_channels.is_multiple_of(LANES);
        if whole_vectors && order.out_channels == 1 {
            for Packed { weights, .. } in &mut phases {
                *weights = Aligned::from_iter(0, one_channel_weights(weights));
            }
            return Self::OneChannel(phases);
        }
        match (Tiles::new(geometry, order.in_channels), phases.as_slice()) {
            (Some(tiles), [Packed { phase, weights }]) => {
                let transformed = tiles.transform(phase, weights);
                Self::Winograd(tiles, transformed)
            }
            _ => Self::Direct(phases),
        }
    }
}
