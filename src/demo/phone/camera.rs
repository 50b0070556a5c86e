//! The phone's camera: finds a QR code in a picture (a screenshot of the page, a photograph saved as PNG).

use std::io::Cursor;

/// A picture of this many pixels is larger than any screenshot.
const MOST_PIXELS: usize = 64_000_000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    #[error("the picture isn't a PNG that can be read: {0}")]
    Picture(String),
    #[error("the picture is too large")]
    TooLarge,
    #[error("there is no QR code in the picture")]
    NoCode,
    #[error("there are several QR codes in the picture")]
    Several,
}

/// A picture in shades of grey, 0 is black.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The text of the one QR code in a PNG. Small and large codes are both looked for: the picture is also read at double and
/// at half its size.
///
/// # Errors
/// [`CameraError`].
pub fn read_png(png: &[u8]) -> Result<String, CameraError> {
    let grey = decode(png)?;
    let sizes = [(1, 1), (2, 1), (1, 2), (1, 3)];
    let mut found: Vec<String> = Vec::new();
    for (up, down) in sizes {
        for text in codes(&grey, up, down) {
            if !found.contains(&text) {
                found.push(text);
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(text), true) => Ok(text),
        (Some(_), false) => Err(CameraError::Several),
        (None, _) => Err(CameraError::NoCode),
    }
}

/// The codes of the picture at `up / down` of its size.
fn codes(grey: &Grey, up: usize, down: usize) -> Vec<String> {
    let (width, height) = (grey.width * up / down, grey.height * up / down);
    if width * height > MOST_PIXELS || width < 21 || height < 21 {
        return Vec::new();
    }
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey.mean(x, y, up, down));
    prepared
        .detect_grids()
        .iter()
        .filter_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
        .collect()
}

impl Grey {
    /// The shade of a pixel of the picture resized: the mean of what falls into it.
    fn mean(&self, x: usize, y: usize, up: usize, down: usize) -> u8 {
        let (left, top) = (x * down / up, y * down / up);
        let side = down.div_ceil(up);
        let mut sum = 0_usize;
        let mut count = 0_usize;
        for row in top..(top + side).min(self.height) {
            for column in left..(left + side).min(self.width) {
                sum += usize::from(self.pixels[row * self.width + column]);
                count += 1;
            }
        }
        // A mean of bytes is a byte.
        (sum / count.max(1)) as u8
    }
}

fn decode(png: &[u8]) -> Result<Grey, CameraError> {
    let broken = |error: png::DecodingError| CameraError::Picture(error.to_string());
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width.saturating_mul(height) > MOST_PIXELS {
        return Err(CameraError::TooLarge);
    }
    let size = reader.output_buffer_size().ok_or(CameraError::TooLarge)?;
    let mut bytes = vec![0; size];
    let frame = reader.next_frame(&mut bytes).map_err(broken)?;
    let channels = frame.color_type.samples();
    let pixels = bytes
        .chunks_exact(frame.line_size)
        .take(height)
        .flat_map(|line| line[..width * channels].chunks_exact(channels))
        .map(shade)
        .collect();
    Ok(Grey {
        width,
        height,
        pixels,
    })
}

/// The shade of one pixel; what is transparent lies on white.
fn shade(pixel: &[u8]) -> u8 {
    let over_white = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        (value * alpha + 255 * (255 - alpha)) / 255
    };
    let luma = |r: u32, g: u32, b: u32| (r * 299 + g * 587 + b * 114) / 1000;
    let value = match *pixel {
        [grey] => u32::from(grey),
        [grey, alpha] => over_white(grey, alpha),
        [r, g, b] => luma(r.into(), g.into(), b.into()),
        [r, g, b, alpha] => luma(over_white(r, alpha), over_white(g, alpha), over_white(b, alpha)),
        _ => 255,
    };
    // Every branch yields 0..=255.
    value as u8
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A screenshot: a white card with a code on a ground of one shade, `scale` pixels to a module.
    pub(crate) fn screenshot(text: &str, scale: usize, ground: u8) -> Vec<u8> {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).unwrap();
        let modules = code.width();
        let dark = code.to_colors();
        let margin = 40;
        let side = (modules + 8) * scale + 2 * margin;
        let mut pixels = Vec::with_capacity(side * side * 3);
        for y in 0..side {
            for x in 0..side {
                let module = |at: usize| at.checked_sub(margin).map(|inside| inside / scale);
                let shade = match (module(x), module(y)) {
                    (Some(x), Some(y)) if x < modules + 8 && y < modules + 8 => {
                        let inside = (4..modules + 4).contains(&x) && (4..modules + 4).contains(&y);
                        let is_dark = inside && dark[(y - 4) * modules + x - 4] == qrcode::Color::Dark;
                        if is_dark { 20 } else { 255 }
                    }
                    _ => ground,
                };
                pixels.extend([shade; 3]);
            }
        }
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, side as u32, side as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        png
    }

    const PAYLOAD: &str = "mobileSign:https://qr.example.kz/s/AAAAAAAAAAAAAAAAAAAAAA/mgovSign";

    #[test]
    fn a_code_is_read_at_any_size_on_light_and_dark_pages() {
        for scale in [2, 3, 6, 7, 14] {
            for ground in [255, 18] {
                assert_eq!(
                    read_png(&screenshot(PAYLOAD, scale, ground)).as_deref(),
                    Ok(PAYLOAD),
                    "{scale} pixels to a module on {ground}"
                );
            }
        }
    }

    #[test]
    fn a_picture_without_a_code_says_so() {
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 64, 64);
        encoder.set_color(png::ColorType::Grayscale);
        encoder
            .write_header()
            .unwrap()
            .write_image_data(&[255; 64 * 64])
            .unwrap();
        assert_eq!(read_png(&png), Err(CameraError::NoCode));
        assert!(matches!(read_png(b"GIF89a"), Err(CameraError::Picture(_))));
    }
}
