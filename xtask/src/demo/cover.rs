//! The album's artwork: a road towards a striped sun, in four lights.

use anyhow::Result;

/// Pixels of an edge.
pub const EDGE: u32 = 600;

/// Colours from the top of the sky to the ground, 0 to 255.
pub struct Light {
    sky: [[f32; 3]; 3],
    sun: [[f32; 3]; 2],
    hills: [[f32; 3]; 3],
    road: [f32; 3],
    line: [f32; 3],
    sun_height: f32,
    stars: bool,
}

/// Late sun over the coast.
pub const COAST: Light = Light {
    sky: [[38.0, 24.0, 74.0], [196.0, 62.0, 96.0], [255.0, 176.0, 98.0]],
    sun: [[255.0, 236.0, 160.0], [255.0, 112.0, 92.0]],
    hills: [[122.0, 44.0, 92.0], [78.0, 30.0, 78.0], [40.0, 20.0, 56.0]],
    road: [30.0, 18.0, 44.0],
    line: [255.0, 196.0, 120.0],
    sun_height: 0.42,
    stars: false,
};
/// Street lamps at night.
pub const NIGHT: Light = Light {
    sky: [[6.0, 10.0, 30.0], [14.0, 30.0, 66.0], [40.0, 74.0, 116.0]],
    sun: [[250.0, 244.0, 220.0], [236.0, 178.0, 92.0]],
    hills: [[22.0, 44.0, 78.0], [14.0, 30.0, 56.0], [8.0, 18.0, 36.0]],
    road: [6.0, 12.0, 26.0],
    line: [255.0, 188.0, 84.0],
    sun_height: 0.34,
    stars: true,
};
/// Rain.
pub const RAIN: Light = Light {
    sky: [[44.0, 62.0, 74.0], [92.0, 122.0, 130.0], [172.0, 194.0, 188.0]],
    sun: [[226.0, 236.0, 226.0], [156.0, 190.0, 188.0]],
    hills: [[72.0, 104.0, 112.0], [46.0, 76.0, 86.0], [28.0, 52.0, 62.0]],
    road: [22.0, 40.0, 50.0],
    line: [216.0, 232.0, 222.0],
    sun_height: 0.44,
    stars: false,
};
/// First light.
pub const DAWN: Light = Light {
    sky: [[56.0, 74.0, 140.0], [214.0, 150.0, 178.0], [255.0, 222.0, 178.0]],
    sun: [[255.0, 250.0, 214.0], [255.0, 170.0, 120.0]],
    hills: [[150.0, 110.0, 160.0], [96.0, 82.0, 142.0], [54.0, 56.0, 112.0]],
    road: [40.0, 42.0, 86.0],
    line: [255.0, 232.0, 190.0],
    sun_height: 0.55,
    stars: true,
};

/// Where the ground begins, from the top.
const HORIZON: f32 = 0.62;

/// The picture as a PNG file.
///
/// # Errors
/// If the encoder fails.
pub fn png(light: &Light) -> Result<Vec<u8>> {
    let mut pixels = Vec::with_capacity((EDGE * EDGE * 3) as usize);
    for y in 0..EDGE {
        for x in 0..EDGE {
            let mut sum = [0.0; 3];
            // Four samples a pixel smooth the edges.
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let colour = colour(light, (x as f32 + dx) / EDGE as f32, (y as f32 + dy) / EDGE as f32);
                sum.iter_mut().zip(colour).for_each(|(sum, part)| *sum += part);
            }
            pixels.extend(sum.map(|part| (part / 4.0).round().clamp(0.0, 255.0) as u8));
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, EDGE, EDGE);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

fn mix(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    let share = share.clamp(0.0, 1.0);
    [0, 1, 2].map(|n| from[n] + (to[n] - from[n]) * share)
}

fn colour(light: &Light, x: f32, y: f32) -> [f32; 3] {
    if y > HORIZON {
        return ground(light, x, y);
    }
    for (index, hill) in light.hills.iter().enumerate().rev() {
        if y > ridge(index, x) {
            return *hill;
        }
    }
    sky(light, x, y)
}

/// Height of a chain of hills, the farthest first.
fn ridge(index: usize, x: f32) -> f32 {
    let (base, tall, wide, shift) =
        [(0.585, 0.085, 1.7, 0.3), (0.605, 0.06, 2.6, 1.9), (0.618, 0.035, 4.3, 4.4)][index];
    // Straight-edged hills: a triangle wave over a slower one.
    let triangle = |t: f32| 2.0 * ((t.fract() + 1.0).fract() - 0.5).abs();
    base - tall * (0.65 * triangle(x * wide + shift) + 0.35 * triangle(x * wide * 2.3 + shift * 0.7))
}

fn sky(light: &Light, x: f32, y: f32) -> [f32; 3] {
    let t = y / HORIZON;
    let base = if t < 0.55 {
        mix(light.sky[0], light.sky[1], t / 0.55)
    } else {
        mix(light.sky[1], light.sky[2], (t - 0.55) / 0.45)
    };
    let (dx, dy) = (x - 0.5, y - light.sun_height);
    let distance = (dx * dx + dy * dy).sqrt();
    const RADIUS: f32 = 0.205;
    if distance < RADIUS {
        let height = (dy + RADIUS) / (2.0 * RADIUS);
        // Stripes that grow towards the bottom.
        let stripe = (height * 11.0).fract();
        if height > 0.42 && stripe < (height - 0.36) * 0.85 {
            return base;
        }
        return mix(light.sun[0], light.sun[1], height);
    }
    let glow = (-(distance - RADIUS) * 7.0).exp() * 0.34;
    let lit = mix(base, light.sun[1], glow);
    if light.stars && star(x, y) { mix(lit, [255.0; 3], 0.75 * (1.0 - t)) } else { lit }
}

/// A few dozen fixed stars.
fn star(x: f32, y: f32) -> bool {
    let (column, row) = ((x * 24.0).floor(), (y * 24.0).floor());
    let hash = |a: f32, b: f32| ((column * a + row * b).sin() * 43_758.547).fract().abs();
    if hash(12.99, 78.23) < 0.86 {
        return false;
    }
    let (cx, cy) =
        ((column + 0.2 + 0.6 * hash(39.3, 11.1)) / 24.0, (row + 0.2 + 0.6 * hash(73.2, 52.2)) / 24.0);
    let size = 0.0012 + 0.0016 * hash(27.2, 91.7);
    (x - cx).hypot(y - cy) < size
}

fn ground(light: &Light, x: f32, y: f32) -> [f32; 3] {
    // Distance along the road in the usual perspective: 1 at the lower edge, far at the horizon.
    let near = (y - HORIZON) / (1.0 - HORIZON);
    let far = 1.0 / (near + 0.035);
    let across = (x - 0.5) / (near + 0.012);
    let earth = mix(light.hills[2], light.road, 0.35 + 0.4 * near);
    let band = if (far * 0.9 + 0.2).fract() < 0.5 { 0.0 } else { 0.10 };
    let earth = mix(earth, light.hills[1], band + 0.25 * (1.0 - near));
    if across.abs() < 0.43 {
        let edge = (across.abs() - 0.395).abs() < 0.012;
        let dash = across.abs() < 0.014 && (far * 0.9).fract() < 0.5;
        if edge || dash {
            return mix(light.line, light.road, 0.15 + 0.3 * (1.0 - near));
        }
        return mix(light.road, light.sky[2], 0.22 * (1.0 - near) * (1.0 - across.abs()));
    }
    earth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_light_is_another_picture() {
        let pictures = [&COAST, &NIGHT, &RAIN, &DAWN].map(|light| png(light).unwrap());
        for (index, picture) in pictures.iter().enumerate() {
            assert!(picture.starts_with(b"\x89PNG"));
            assert!(pictures[..index].iter().all(|other| other != picture));
        }
    }
}
