//! The picture of a window, in tiles: a tile whose triangles are those of the last pass is left as it is, and the others
//! are painted by all processors.

use std::hash::{BuildHasher as _, Hasher as _};
use std::ops::Range;

use eframe::egui::Rect;
use eframe::epaint::{ClippedPrimitive, Mesh, Primitive, Vertex};
use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::{
    color::packed,
    texture::{Texture, Textures},
    triangle::{Target, Triangle},
};

/// Columns and rows of a tile: its pixels fit into the nearest cache.
const TILE: [usize; 2] = [128, 64];

/// A picture, black at first.
#[derive(Default)]
pub struct Picture {
    size: [usize; 2],
    tiles: Vec<Tile>,
}

/// A rectangle of pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Its columns in the picture.
    pub columns: Range<usize>,
    /// Its rows.
    pub rows: Range<usize>,
}

struct Tile {
    area: Area,
    pixels: Vec<u32>,
    /// Of everything that decides how it looks.
    fingerprint: Option<u64>,
    changed: bool,
    /// Of the coming picture.
    triangles: Vec<Piece>,
}

/// A triangle as far as it lies in a tile.
#[derive(Clone, Copy)]
struct Piece {
    primitive: u32,
    /// Its first index in the mesh.
    first: u32,
}

/// A mesh with what it is painted with.
struct Layer<'a> {
    mesh: &'a Mesh,
    texture: &'a Texture,
    clip: Area,
}

impl Picture {
    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Paints a pass. Paint callbacks are for a GPU, and nothing of them appears.
    pub fn paint(
        &mut self,
        size: [usize; 2],
        primitives: &[ClippedPrimitive],
        textures: &Textures,
        pixels_per_point: f32,
    ) {
        if size != self.size {
            *self = Self::new(size);
        }
        let layers: Vec<Layer<'_>> = primitives
            .iter()
            .filter_map(|primitive| Layer::new(primitive, textures, pixels_per_point, size))
            .collect();
        self.distribute(&layers, pixels_per_point);
        self.tiles
            .par_iter_mut()
            .for_each(|tile| tile.paint(&layers, pixels_per_point));
    }

    /// Copies the tiles that the last pass changed, or all, to `pixels`, which has the size of the picture, and tells
    /// where they are.
    pub fn copy(&self, all: bool, pixels: &mut [u32]) -> Vec<Area> {
        let tiles = self.tiles.iter().filter(|tile| all || tile.changed);
        tiles
            .map(|tile| {
                let Area { columns, rows } = &tile.area;
                let of_tile = tile.pixels.chunks_exact(columns.len());
                for (row, from) in rows.clone().zip(of_tile) {
                    let start = row * self.size[0];
                    pixels[start + columns.start..start + columns.end].copy_from_slice(from);
                }
                tile.area.clone()
            })
            .collect()
    }

    fn new(size: [usize; 2]) -> Self {
        let cut = |side: usize, step: usize| {
            let starts = (0..side).step_by(step);
            starts.map(move |start| start..side.min(start + step))
        };
        let rows = cut(size[1], TILE[1]);
        let areas = rows.flat_map(|rows| {
            cut(size[0], TILE[0]).map(move |columns| Area {
                columns,
                rows: rows.clone(),
            })
        });
        Self {
            size,
            tiles: areas.map(Tile::new).collect(),
        }
    }

    /// Tells each tile which triangles it needs, in the order that they are painted in.
    fn distribute(&mut self, layers: &[Layer<'_>], scale: f32) {
        for tile in &mut self.tiles {
            tile.triangles.clear();
        }
        let tiles_a_row = self.size[0].div_ceil(TILE[0]);
        for (primitive, layer) in (0..).zip(layers) {
            for (first, corners) in (0..).step_by(3).zip(layer.mesh.indices.chunks_exact(3)) {
                let corner = |i: usize| layer.mesh.vertices[corners[i] as usize].pos;
                let around = Rect::from_points(&[corner(0), corner(1), corner(2)]);
                let area = pixels(around, scale).overlap(&layer.clip);
                if area.columns.is_empty() || area.rows.is_empty() {
                    continue;
                }
                for y in area.rows.start / TILE[1]..=(area.rows.end - 1) / TILE[1] {
                    for x in area.columns.start / TILE[0]..=(area.columns.end - 1) / TILE[0] {
                        let tile = &mut self.tiles[y * tiles_a_row + x];
                        tile.triangles.push(Piece { primitive, first });
                    }
                }
            }
        }
    }
}

/// The pixels that a rectangle in points may touch.
fn pixels(rect: Rect, scale: f32) -> Area {
    let down = |points: f32| (points * scale).max(0.0) as usize;
    let up = |points: f32| (points * scale).max(0.0) as usize + 1;
    Area {
        columns: down(rect.left())..up(rect.right()),
        rows: down(rect.top())..up(rect.bottom()),
    }
}

impl Area {
    fn overlap(&self, other: &Self) -> Self {
        let both = |a: &Range<usize>, b: &Range<usize>| a.start.max(b.start)..a.end.min(b.end);
        Self {
            columns: both(&self.columns, &other.columns),
            rows: both(&self.rows, &other.rows),
        }
    }
}

impl<'a> Layer<'a> {
    fn new(
        primitive: &'a ClippedPrimitive,
        textures: &'a Textures,
        scale: f32,
        [width, height]: [usize; 2],
    ) -> Option<Self> {
        let Primitive::Mesh(mesh) = &primitive.primitive else {
            return None;
        };
        // As egui's own renderers round it.
        let edge = |points: f32| (points * scale).round().max(0.0) as usize;
        let clip = primitive.clip_rect;
        Some(Self {
            mesh,
            texture: textures.get(mesh.texture_id)?,
            clip: Area {
                columns: edge(clip.left())..edge(clip.right()).min(width),
                rows: edge(clip.top())..edge(clip.bottom()).min(height),
            },
        })
    }

    fn corners(&self, piece: Piece) -> [Vertex; 3] {
        let indices = &self.mesh.indices[piece.first as usize..];
        let corner = |i: usize| self.mesh.vertices[indices[i] as usize];
        [corner(0), corner(1), corner(2)]
    }
}

impl Tile {
    fn new(area: Area) -> Self {
        Self {
            pixels: vec![0; area.columns.len() * area.rows.len()],
            area,
            fingerprint: None,
            changed: false,
            triangles: Vec::new(),
        }
    }

    fn paint(&mut self, layers: &[Layer<'_>], scale: f32) {
        let fingerprint = Some(self.fingerprint(layers, scale));
        self.changed = fingerprint != self.fingerprint;
        self.fingerprint = fingerprint;
        if !self.changed {
            return;
        }
        self.pixels.fill(0);
        let mut target = Target {
            pixels: &mut self.pixels,
            columns: self.area.columns.clone(),
            rows: self.area.rows.clone(),
        };
        for piece in &self.triangles {
            let layer = &layers[piece.primitive as usize];
            let mut corners = layer.corners(*piece);
            for corner in &mut corners {
                corner.pos *= scale;
            }
            if let Some(triangle) = Triangle::new(corners, layer.texture) {
                let Area { columns, rows } = self.area.overlap(&layer.clip);
                triangle.paint(&mut target, &columns, &rows);
            }
        }
    }

    fn fingerprint(&self, layers: &[Layer<'_>], scale: f32) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        hasher.write_u32(scale.to_bits());
        let mut last = None;
        let pair = |a: f32, b: f32| (u64::from(a.to_bits()) << 32) | u64::from(b.to_bits());
        for piece in &self.triangles {
            let layer = &layers[piece.primitive as usize];
            if last.replace(piece.primitive) != Some(piece.primitive) {
                let Area { columns, rows } = &layer.clip;
                for edge in [columns.start, columns.end, rows.start, rows.end] {
                    hasher.write_usize(edge);
                }
                hasher.write_u64(layer.texture.revision);
            }
            for Vertex { pos, uv, color } in layer.corners(*piece) {
                hasher.write_u64(pair(pos.x, pos.y));
                hasher.write_u64(pair(uv.x, uv.y));
                hasher.write_u32(packed(color));
            }
        }
        hasher.finish()
    }
}
