// Paints a frame that lies in the models' own buffers: the image crisp, the evidence smooth, as `picture.rs` does on the CPU.

const SCALE: u32 = 4u; // Cells of the picture for each image pixel; HEATMAP_SCALE in picture.rs.
const COLORS: u32 = 256u;
const OFF_BORDERS: f32 = 0.015625; // Of a cell; see off_borders in picture.rs.

// Pairs are rows, then columns.
struct Settings {
    opacity: f32,       // 0 paints no evidence.
    raw_max: f32,       // The value of the evidence that gets the last colour.
    size: vec2<u32>,    // Pixels of the image.
    map: vec2<u32>,     // Cells of the evidence map.
    area: vec2<u32>,    // What the map covers, in pixels: the image, or the square around it.
    offset: vec2<u32>,  // Where the image begins in it, in pixels.
    map_first: u32,     // Index of the map's first cell in `maps`.
    channels: u32,      // 1 for grey; 3 for red, green and blue, one plane after the other.
    linear: u32,        // 1 where the target turns linear light into sRGB by itself.
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
    let raw = maps[settings.map_first + row * settings.map.y + column];
    return clamp(raw / settings.raw_max, 0.0, 1.0);
}

// Bilinear between the centres of the map's cells. `center` is in pixels of the image: rows, then columns.
fn evidence(center: vec2<f32>) -> f32 {
    let last = settings.map - 1u;
    let share = (center + vec2<f32>(settings.offset)) / vec2<f32>(settings.area);
    let position = clamp(share * vec2<f32>(settings.map) - 0.5, vec2<f32>(0.0), vec2<f32>(last));
    let low = vec2<u32>(position);
    let high = min(low + 1u, last);
    let part = position - floor(position);
    let above = mix(cell(low.x, low.y), cell(low.x, high.y), part.y);
    let below = mix(cell(high.x, low.y), cell(high.x, high.y), part.y);
    return mix(above, below, part.x);
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

// The colour of a pixel of the image, in 0..255.
fn under(at: vec2<u32>) -> vec3<f32> {
    let plane = settings.size.x * settings.size.y;
    let first = at.x * settings.size.y + at.y;
    if settings.channels == 1u {
        return vec3<f32>(clamp(image[first], 0.0, 1.0) * 255.0);
    }
    let rgb = vec3<f32>(image[first], image[first + plane], image[first + 2u * plane]);
    return clamp(rgb, vec3<f32>(0.0), vec3<f32>(1.0)) * 255.0;
}

@fragment
fn shade(corner: Corner) -> @location(0) vec4<f32> {
    let cells = settings.size * SCALE;
    let share = max(corner.at.yx, vec2<f32>(0.0));
    let at = min(vec2<u32>(share * vec2<f32>(cells) + OFF_BORDERS), cells - 1u);
    let pixel = under(at / SCALE);
    var shown = pixel;
    if settings.opacity > 0.0 && settings.raw_max > 0.0 {
        let value = evidence((vec2<f32>(at) + 0.5) / f32(SCALE));
        shown = mix(pixel, color(value), settings.opacity * value);
    }
    let srgb = round(shown) / 255.0;
    if settings.linear == 1u {
        return vec4<f32>(linear_from_srgb(srgb), 1.0);
    }
    return vec4<f32>(srgb, 1.0);
}
