// Paints a frame that lies in the models' own buffers: the image crisp, the evidence smooth, as `canvas.rs` does on the CPU.

const SIDE: u32 = 28u; // Image pixels a side.
const SCALE: u32 = 4u; // Cells of the picture for each image pixel; HEATMAP_SCALE in canvas.rs.
const COLORS: u32 = 256u;
const OFF_BORDERS: f32 = 0.015625; // Of a cell; see OFF_BORDERS in canvas.rs.

struct Settings {
    opacity: f32,   // 0 paints no evidence.
    raw_max: f32,   // The value of the evidence that gets the last colour.
    map_side: u32,  // Cells of the evidence map a side.
    map_first: u32, // Index of its first cell in `maps`.
    linear: u32,    // 1 where the target turns linear light into sRGB by itself.
    unused_0: u32,
    unused_1: u32,
    unused_2: u32,
}

@group(0) @binding(0) var<storage, read> image: array<f32>;
@group(0) @binding(1) var<storage, read> maps: array<f32>;
@group(0) @binding(2) var<uniform> settings: Settings;
@group(0) @binding(3) var<uniform> colors: array<vec4<f32>, COLORS>;

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) at: vec2<f32>, // 0..1 from the top left corner of the picture.
}

// One triangle that covers the viewport, which egui has set to the picture.
@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    let at = vec2<f32>(f32((index << 1u) & 2u), f32(index & 2u));
    return Corner(vec4<f32>(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0), at);
}

// Share of the largest evidence in a cell of the map.
fn cell(row: u32, column: u32) -> f32 {
    let raw = maps[settings.map_first + row * settings.map_side + column];
    return clamp(raw / settings.raw_max, 0.0, 1.0);
}

// Bilinear between the centres of the map's cells.
fn evidence(center: vec2<f32>) -> f32 {
    let last = settings.map_side - 1u;
    let position = clamp(center * f32(settings.map_side) - 0.5, vec2<f32>(0.0), vec2<f32>(f32(last)));
    let low = vec2<u32>(position);
    let high = min(low + 1u, vec2<u32>(last));
    let part = position - floor(position);
    let above = mix(cell(low.y, low.x), cell(low.y, high.x), part.x);
    let below = mix(cell(high.y, low.x), cell(high.y, high.x), part.x);
    return mix(above, below, part.y);
}

// In 0..255, whole numbers as on the CPU.
fn color(value: f32) -> vec3<f32> {
    let position = clamp(value, 0.0, 1.0) * f32(COLORS - 1u);
    let low = u32(position);
    let high = min(low + 1u, COLORS - 1u);
    return round(mix(colors[low].rgb, colors[high].rgb, fract(position)));
}

fn linear_from_srgb(srgb: vec3<f32>) -> vec3<f32> {
    let low = srgb / 12.92;
    let high = pow((srgb + 0.055) / 1.055, vec3<f32>(2.4));
    return select(high, low, srgb <= vec3<f32>(0.04045));
}

@fragment
fn shade(corner: Corner) -> @location(0) vec4<f32> {
    let cells = SIDE * SCALE;
    let at = min(vec2<u32>(max(corner.at, vec2<f32>(0.0)) * f32(cells) + OFF_BORDERS), vec2<u32>(cells - 1u));
    let pixel = at / SCALE;
    let grey = vec3<f32>(clamp(image[pixel.y * SIDE + pixel.x], 0.0, 1.0) * 255.0);
    var shown = grey;
    if settings.opacity > 0.0 && settings.raw_max > 0.0 {
        let value = evidence((vec2<f32>(at) + 0.5) / f32(cells));
        shown = mix(grey, color(value), settings.opacity * value);
    }
    let srgb = round(shown) / 255.0;
    if settings.linear == 1u {
        return vec4<f32>(linear_from_srgb(srgb), 1.0);
    }
    return vec4<f32>(srgb, 1.0);
}
