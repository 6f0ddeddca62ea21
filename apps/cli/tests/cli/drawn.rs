//! Pictures as people bring them, drawn from the shipped samples: digits photographed, scanned, framed and saved in every
//! way, and garments on a page. Each comes with the answer that is right.

use std::io::Cursor;

use datasets::{KnownDataset, LabelledImages, Seed, sample};
use image::{
    DynamicImage, GrayImage, ImageBuffer, ImageFormat, Luma, LumaA, Rgb, RgbImage,
    codecs::jpeg::JpegEncoder, imageops, imageops::FilterType,
};
use rand::RngExt as _;

/// What a picture should be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// This class.
    Class(usize),
    /// It is refused.
    Refused,
    /// It is read with a warning.
    Warned,
}

/// A picture in a file.
pub struct Drawn {
    pub kind: &'static str,
    pub model: &'static str,
    pub right: Right,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A page, 0 to 1, row by row.
type Page = ImageBuffer<Luma<f32>, Vec<f32>>;

type Rng = rand_chacha::ChaCha8Rng;

/// A kind of picture: what it is called, how its files' names end, and how a digit becomes such a file.
type Kind = (
    &'static str,
    &'static str,
    fn(&GrayImage, &mut Rng) -> Vec<u8>,
);

/// The kinds of pictures of digits that have a class.
const DIGITS: [Kind; 24] = [
    ("plain", "jpg", |digit, rng| {
        jpeg(&page(digit, rng, [480, 360], LIGHT))
    }),
    ("pencil", "jpg", |digit, rng| {
        jpeg(&page(digit, rng, [480, 360], [0.8, 0.55]))
    }),
    ("blackboard", "jpg", |digit, rng| {
        jpeg(&page(digit, rng, [480, 360], [0.15, 0.8]))
    }),
    ("large-photo", "jpg", |digit, rng| {
        jpeg(&page(digit, rng, [1600, 1200], LIGHT))
    }),
    ("screenshot-frame", "png", |digit, rng| {
        png(&framed(page(digit, rng, [480, 360], LIGHT), 1, 0.1))
    }),
    ("thick-frame", "png", |digit, rng| {
        png(&framed(page(digit, rng, [480, 360], LIGHT), 14, 0.05))
    }),
    ("white-border", "jpg", |digit, rng| {
        jpeg(&bordered(
            &page(digit, rng, [480, 360], [0.72, 0.15]),
            30,
            1.0,
        ))
    }),
    ("black-border", "jpg", |digit, rng| {
        jpeg(&bordered(&page(digit, rng, [480, 360], LIGHT), 25, 0.0))
    }),
    ("form-box", "png", |digit, rng| {
        png(&boxed(page(digit, rng, [360, 360], LIGHT), 24, 2))
    }),
    ("small-form-box", "png", |digit, rng| {
        png(&small_box(digit, rng))
    }),
    ("ruled", "jpg", |digit, rng| {
        jpeg(&ruled(page(digit, rng, [480, 360], LIGHT), 0.0))
    }),
    ("ruled-tilted", "jpg", |digit, rng| {
        jpeg(&ruled(page(digit, rng, [480, 360], LIGHT), 0.03))
    }),
    ("glare", "jpg", |digit, rng| {
        jpeg(&glare(page(digit, rng, [480, 360], [0.45, 0.17])))
    }),
    ("shadow", "jpg", |digit, rng| {
        jpeg(&shadow(page(digit, rng, [480, 360], LIGHT), rng))
    }),
    ("vignette", "jpg", |digit, rng| {
        jpeg(&vignette(page(digit, rng, [480, 360], LIGHT)))
    }),
    ("lit-from-a-side", "jpg", |digit, rng| {
        jpeg(&slope(page(digit, rng, [480, 360], LIGHT)))
    }),
    ("corner-28", "png", |digit, rng| {
        png(&corner(digit, rng, 28, 10))
    }),
    ("corner-56", "png", |digit, rng| {
        png(&corner(digit, rng, 56, 20))
    }),
    ("ten-bit", "png", |digit, _| sixteen_bits(digit, 1_020)),
    ("low-16-bit", "png", |digit, _| sixteen_bits(digit, 255)),
    ("one-bit-mask", "png", |digit, _| mask(digit)),
    ("transparent", "png", |digit, _| transparent(digit)),
    ("cmyk", "jpg", |digit, rng| {
        cmyk(
            &page(digit, rng, [480, 360], LIGHT),
            jpeg_encoder::ColorType::Cmyk,
        )
    }),
    ("ycck", "jpg", |digit, rng| {
        cmyk(
            &page(digit, rng, [480, 360], LIGHT),
            jpeg_encoder::ColorType::CmykAsYcck,
        )
    }),
];

/// Paper and pen.
const LIGHT: [f32; 2] = [0.88, 0.18];

/// A set of pictures: so many of each kind. Another seed takes other digits and other places.
pub fn set(each: usize, seed: Seed) -> Vec<Drawn> {
    let digits = sample(KnownDataset::Mnist);
    let mut rng = seed.rng();
    let mut set = Vec::new();
    for number in 0..each {
        for (kind, ending, draw) in DIGITS {
            let (digit, label) = pick(&digits, &mut rng);
            let bytes = draw(&digit, &mut rng);
            set.push(drawn(
                kind,
                "mnist",
                Right::Class(label),
                number,
                ending,
                bytes,
            ));
        }
        set.extend(others(&digits, &mut rng, number));
        set.extend(garments(&mut rng, number));
    }
    set
}

fn drawn(
    kind: &'static str,
    model: &'static str,
    right: Right,
    number: usize,
    ending: &str,
    bytes: Vec<u8>,
) -> Drawn {
    Drawn {
        kind,
        model,
        right,
        name: format!("{kind}-{number}.{ending}"),
        bytes,
    }
}

/// Digits that fade in, are turned by the camera, broke off, or are two.
fn others(digits: &LabelledImages, rng: &mut Rng, number: usize) -> Vec<Drawn> {
    let (digit, label) = pick(digits, rng);
    let faded = drawn(
        "fade-in",
        "mnist",
        Right::Class(label),
        number,
        "gif",
        fade_in(&digit),
    );
    let (digit, label) = pick(digits, rng);
    let turned = turned(&page(&digit, rng, [360, 480], LIGHT));
    let turned = drawn(
        "turned",
        "mnist",
        Right::Class(label),
        number,
        "jpg",
        turned,
    );
    let (digit, _) = pick(digits, rng);
    let mut cut = jpeg(&page(&digit, rng, [480, 360], LIGHT));
    cut.truncate(cut.len() * rng.random_range(30..90) / 100);
    let cut = drawn("cut", "mnist", Right::Refused, number, "jpg", cut);
    let mut sheet = Page::from_pixel(520, 300, Luma([LIGHT[0]]));
    for left in [40, 280] {
        let (digit, _) = pick(digits, rng);
        let at = [left + rng.random_range(0..60), rng.random_range(40..100)];
        ink(&mut sheet, &digit, at, 150, LIGHT[1]);
    }
    let two = drawn(
        "two-digits",
        "mnist",
        Right::Warned,
        number,
        "jpg",
        jpeg(&sheet),
    );
    vec![faded, turned, cut, two]
}

/// Garments on a white page, and coloured on unevenly lit paper.
fn garments(rng: &mut Rng, number: usize) -> Vec<Drawn> {
    let clothes = sample(KnownDataset::FashionMnist);
    let (garment, label) = pick(&clothes, rng);
    let mut sheet = Page::from_pixel(640, 800, Luma([0.95]));
    let at = [rng.random_range(40..300), rng.random_range(40..460)];
    negative(&mut sheet, &garment, at, 300);
    let uncropped = drawn(
        "garment-uncropped",
        "fashion-mnist",
        Right::Class(label),
        number,
        "jpg",
        jpeg(&sheet),
    );
    let (garment, label) = pick(&clothes, rng);
    let tint = [
        rng.random_range(0.5..1.0),
        rng.random_range(0.5..1.0),
        rng.random_range(0.5..1.0),
    ];
    let coloured = coloured(&garment, tint);
    let coloured = drawn(
        "garment-coloured",
        "fashion-mnist",
        Right::Class(label),
        number,
        "jpg",
        coloured,
    );
    vec![uncropped, coloured]
}

fn pick(images: &LabelledImages, rng: &mut Rng) -> (GrayImage, usize) {
    let index = rng.random_range(0..images.len());
    let shape = images.shape();
    let (width, height) = (shape.width() as u32, shape.height() as u32);
    let image = GrayImage::from_raw(width, height, images.values(index).to_vec());
    let label = images.label(index).expect("a label").index();
    (image.expect("one image"), label)
}

/// The image enlarged, 0 to 1, with edges as sharp as a pen's.
fn large(image: &GrayImage, side: u32) -> Page {
    let wide = imageops::resize(image, side, side, FilterType::CatmullRom);
    Page::from_fn(side, side, |x, y| {
        let ink = f32::from(wide.get_pixel(x, y)[0]) / 255.0;
        Luma([((ink - 0.3) / 0.4).clamp(0.0, 1.0)])
    })
}

/// Draws a digit with a pen of this level.
fn ink(page: &mut Page, digit: &GrayImage, [left, top]: [u32; 2], side: u32, pen: f32) {
    for (x, y, ink) in large(digit, side).enumerate_pixels() {
        if left + x < page.width() && top + y < page.height() {
            let level = &mut page.get_pixel_mut(left + x, top + y)[0];
            *level += (pen - *level) * ink[0];
        }
    }
}

/// A digit of half the page's height, somewhere in the middle, with the grain of a camera.
fn page(
    digit: &GrayImage,
    rng: &mut Rng,
    [width, height]: [u32; 2],
    [paper, pen]: [f32; 2],
) -> Page {
    let mut page = Page::from_pixel(width, height, Luma([paper]));
    let shorter = width.min(height);
    let side = shorter * rng.random_range(50..75) / 100;
    let at = |whole: u32, rng: &mut Rng| {
        let free = whole - side;
        free / 4 + rng.random_range(0..=free / 2)
    };
    let place = [at(width, rng), at(height, rng)];
    ink(&mut page, digit, place, side, pen);
    for level in page.pixels_mut() {
        level[0] += rng.random_range(-0.02..0.02);
    }
    page
}

fn framed(mut page: Page, thickness: u32, level: f32) -> Page {
    let (width, height) = page.dimensions();
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let inside =
            x >= thickness && y >= thickness && x + thickness < width && y + thickness < height;
        if !inside {
            pixel[0] = level;
        }
    }
    page
}

fn bordered(page: &Page, width: u32, level: f32) -> Page {
    let size = (page.width() + 2 * width, page.height() + 2 * width);
    let mut sheet = Page::from_pixel(size.0, size.1, Luma([level]));
    imageops::replace(&mut sheet, page, i64::from(width), i64::from(width));
    sheet
}

/// A box of thin lines, `margin` pixels from the edge.
fn boxed(mut page: Page, margin: u32, thickness: u32) -> Page {
    let (width, height) = page.dimensions();
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let depth = [x, y, width - 1 - x, height - 1 - y]
            .into_iter()
            .min()
            .unwrap_or(0);
        if (margin..margin + thickness).contains(&depth) {
            pixel[0] = 0.4;
        }
    }
    page
}

/// A digit in a small box on a large form.
fn small_box(digit: &GrayImage, rng: &mut Rng) -> Page {
    let mut form = Page::from_pixel(600, 400, Luma([0.95]));
    let inner = boxed(page(digit, rng, [150, 150], [0.95, 0.2]), 6, 2);
    let (x, y) = (rng.random_range(60..380), rng.random_range(40..200));
    imageops::replace(&mut form, &inner, x, y);
    form
}

/// Ruled paper, a line every 45 pixels.
fn ruled(mut page: Page, slope: f32) -> Page {
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let line = (y as f32 + slope * x as f32 + 20.0).rem_euclid(45.0);
        if line < 2.0 {
            pixel[0] = pixel[0].min(0.62);
        }
    }
    page
}

fn glare(mut page: Page) -> Page {
    let width = page.width() as f32;
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let away = (x as f32 - width + 45.0).hypot(y as f32 - 32.0);
        pixel[0] += (1.0 - pixel[0]) * (1.0 - ((away - 25.0) / 25.0).clamp(0.0, 1.0));
    }
    page
}

/// The shadow of a hand: a slanting edge, some pixels soft, behind which 55 to 70 % of the light is left.
fn shadow(mut page: Page, rng: &mut Rng) -> Page {
    let width = page.width() as f32;
    let (from, left) = (rng.random_range(0.55..0.8), rng.random_range(0.55..0.7));
    let soft = rng.random_range(4.0..40.0);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let behind = (x as f32 + 0.5 * y as f32 - from * width) / soft;
        pixel[0] *= 1.0 - (1.0 - left) * behind.clamp(0.0, 1.0);
    }
    page
}

fn vignette(mut page: Page) -> Page {
    let (width, height) = (page.width() as f32, page.height() as f32);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let away = (x as f32 / width - 0.5).hypot(y as f32 / height - 0.5);
        pixel[0] *= 1.1 - 1.15 * away * away;
    }
    page
}

fn slope(mut page: Page) -> Page {
    let width = page.width() as f32;
    for (x, _, pixel) in page.enumerate_pixels_mut() {
        pixel[0] *= 1.1 - 0.7 * x as f32 / width;
    }
    page
}

/// A small digit, light on black, in the upper right part of a small sheet.
fn corner(digit: &GrayImage, rng: &mut Rng, side: u32, size: u32) -> Page {
    let mut sheet = Page::new(side, side);
    let body = imageops::crop_imm(digit, 4, 4, 20, 20).to_image();
    let small = imageops::resize(&body, size, size, FilterType::CatmullRom);
    let left = side - size - rng.random_range(2..=side / 7);
    let top = rng.random_range(2..=side / 5);
    for (x, y, pixel) in small.enumerate_pixels() {
        sheet.put_pixel(left + x, top + y, Luma([f32::from(pixel[0]) / 255.0]));
    }
    sheet
}

/// The digit, white on black, with levels from 0 to `top` of 65,535.
fn sixteen_bits(digit: &GrayImage, top: u16) -> Vec<u8> {
    let large = large(digit, 120);
    let levels = ImageBuffer::<Luma<u16>, _>::from_fn(120, 120, |x, y| {
        Luma([(large.get_pixel(x, y)[0] * f32::from(top)) as u16])
    });
    file(&levels.into(), ImageFormat::Png)
}

/// The digit as zeros and ones of 255.
fn mask(digit: &GrayImage) -> Vec<u8> {
    let large = large(digit, 140);
    let levels = GrayImage::from_fn(140, 140, |x, y| {
        Luma([u8::from(large.get_pixel(x, y)[0] > 0.5)])
    });
    file(&levels.into(), ImageFormat::Png)
}

/// Black ink on nothing.
fn transparent(digit: &GrayImage) -> Vec<u8> {
    let large = large(digit, 200);
    let levels = ImageBuffer::<LumaA<u8>, _>::from_fn(200, 200, |x, y| {
        LumaA([0, (large.get_pixel(x, y)[0] * 255.0) as u8])
    });
    file(&levels.into(), ImageFormat::Png)
}

/// An animation: black, a faint digit, the digit.
fn fade_in(digit: &GrayImage) -> Vec<u8> {
    let large = large(digit, 84);
    let frame = |share: f32| {
        let level = |x, y| (large.get_pixel(x, y)[0] * share * 255.0) as u8;
        let frame = RgbImage::from_fn(84, 84, |x, y| Rgb([level(x, y); 3]));
        image::Frame::new(DynamicImage::ImageRgb8(frame).into_rgba8())
    };
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    encoder
        .encode_frames([0.0, 0.3, 1.0].map(frame))
        .expect("an animation");
    drop(encoder);
    bytes
}

/// A photograph that was taken with the camera on its side: turned to the left, and the file says to turn it back.
fn turned(page: &Page) -> Vec<u8> {
    let plain = jpeg(&imageops::rotate270(page));
    // TIFF header, one entry: orientation (0x0112), a short, 6: turn a quarter to the right.
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat()
}

/// Draws a garment as it was photographed: bright pixels of the data set are dark cloth.
fn negative(page: &mut Page, garment: &GrayImage, [left, top]: [u32; 2], side: u32) {
    let wide = imageops::resize(garment, side, side, FilterType::CatmullRom);
    for (x, y, pixel) in wide.enumerate_pixels() {
        let level = &mut page.get_pixel_mut(left + x, top + y)[0];
        *level *= 1.0 - f32::from(pixel[0]) / 255.0 * 0.9;
    }
}

/// A garment of some colour on paper that is lit from the left.
fn coloured(garment: &GrayImage, tint: [f32; 3]) -> Vec<u8> {
    let wide = imageops::resize(garment, 420, 420, FilterType::CatmullRom);
    let picture = RgbImage::from_fn(480, 480, |x, y| {
        let paper = 0.92 - 0.22 * x as f32 / 480.0;
        let inside = (30..450).contains(&x) && (30..450).contains(&y);
        let cloth = if inside {
            f32::from(wide.get_pixel(x - 30, y - 30)[0]) / 255.0
        } else {
            0.0
        };
        Rgb(tint.map(|tint| {
            let level = paper * (1.0 - cloth) + cloth * 0.6 * tint * paper;
            (level * 255.0) as u8
        }))
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode_image(&picture)
        .expect("a JPEG");
    bytes
}

fn levels(page: &Page) -> GrayImage {
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        Luma([(page.get_pixel(x, y)[0] * 255.0).round().clamp(0.0, 255.0) as u8])
    })
}

fn png(page: &Page) -> Vec<u8> {
    file(&levels(page).into(), ImageFormat::Png)
}

fn jpeg(page: &Page) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 88)
        .encode_image(&levels(page))
        .expect("a JPEG");
    bytes
}

/// A JPEG for printing: the page in black ink, or mixed from the three colours.
fn cmyk(page: &Page, colours: jpeg_encoder::ColorType) -> Vec<u8> {
    let (width, height) = page.dimensions();
    let mixed = matches!(colours, jpeg_encoder::ColorType::Cmyk);
    let inks = |level: &Luma<u8>| {
        let ink = 255 - level[0];
        if mixed {
            [ink, ink, ink, 0]
        } else {
            [0, 0, 0, ink]
        }
    };
    let inks: Vec<u8> = levels(page).pixels().flat_map(inks).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 92);
    encoder
        .encode(&inks, width as u16, height as u16, colours)
        .expect("a JPEG");
    bytes
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a file");
    bytes.into_inner()
}
