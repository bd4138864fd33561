//! Pictures of songs, in pieces: `albumart` and `readpicture`.

use std::collections::VecDeque;
use std::sync::Arc;

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use library::Art;

use super::ack::{Ack, Failure};
use super::args;
use super::commands::Cx;
use super::unit::lock;

/// Pictures kept, because clients fetch each of them in many pieces.
const KEPT: usize = 8;
/// Quality of the encoded pictures, 1 to 100.
const QUALITY: u8 = 88;

/// Pictures that were asked for last, by song; `None` of a song that has none.
#[derive(Debug, Default)]
pub(super) struct Pictures(VecDeque<(String, Option<Arc<[u8]>>)>);

impl Pictures {
    fn get(&self, uri: &str) -> Option<Option<Arc<[u8]>>> {
        self.0.iter().find(|(of, _)| of == uri).map(|(_, picture)| picture.clone())
    }

    fn put(&mut self, uri: &str, picture: Option<Arc<[u8]>>) {
        self.0.retain(|(of, _)| of != uri);
        self.0.push_back((uri.to_owned(), picture));
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }
}

pub(super) async fn run(cx: &mut Cx<'_>, name: &str, args: &[String]) -> Result<(), Failure> {
    let (uri, offset) = (args.first().map_or("", String::as_str), args.get(1).map_or("", String::as_str));
    let offset = args::number(offset)?;
    let known = lock(&cx.unit.pictures).get(uri).filter(|_| offset > 0);
    let picture = match known {
        Some(picture) => picture,
        None => {
            let picture = read(cx, uri).await?;
            lock(&cx.unit.pictures).put(uri, picture.clone());
            picture
        }
    };
    let Some(picture) = picture else {
        // As the protocol has it: one of the two says that there is none, the other says nothing.
        return if name == "albumart" { Err(Ack::no_exist("No file exists").into()) } else { Ok(()) };
    };
    let rest = picture.get(offset..).ok_or_else(|| Ack::arg("Bad file offset"))?;
    cx.out.pair("size", picture.len());
    if name == "readpicture" {
        cx.out.pair("type", "image/jpeg");
    }
    cx.out.binary(rest.get(..cx.client.binary_limit).unwrap_or(rest));
    Ok(())
}

async fn read(cx: &Cx<'_>, uri: &str) -> Result<Option<Arc<[u8]>>, Ack> {
    let place = cx.unit.media().place(uri).filter(|place| library::is_track(&place.relative));
    let place = place.ok_or_else(|| Ack::no_exist("No such song"))?;
    let Some(art) = cx.unit.art(&place).await? else { return Ok(None) };
    let encoded = tokio::task::spawn_blocking(move || jpeg(&art)).await;
    Ok(encoded.ok().flatten().map(Into::into))
}

/// The picture as JPEG, on black where it is transparent.
fn jpeg(art: &Art) -> Option<Vec<u8>> {
    let on_black =
        |part: u8, alpha: u8| u8::try_from(u16::from(part) * u16::from(alpha) / 255).unwrap_or(u8::MAX);
    let rgb: Vec<u8> = art
        .rgba
        .chunks_exact(4)
        .flat_map(|pixel| {
            [on_black(pixel[0], pixel[3]), on_black(pixel[1], pixel[3]), on_black(pixel[2], pixel[3])]
        })
        .collect();
    if u64::try_from(rgb.len()).ok()? != u64::from(art.width) * u64::from(art.height) * 3 {
        return None;
    }
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    let done = encoder.encode(&rgb, art.width, art.height, ExtendedColorType::Rgb8);
    done.inspect_err(|error| tracing::debug!(%error, "a picture cannot be encoded")).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_becomes_a_jpeg() {
        let rgba = [255, 0, 0, 255].repeat(64 * 64);
        let art = Art { hash: String::new(), width: 64, height: 64, rgba, accent: [0; 3] };
        let bytes = jpeg(&art).unwrap();
        let back = image::load_from_memory(&bytes).unwrap().into_rgb8();
        let pixel = back.get_pixel(32, 32).0;
        assert!(pixel[0] > 240 && pixel[1] < 20, "{pixel:?}");
        let short = Art { rgba: vec![0; 8], ..art };
        assert_eq!(jpeg(&short), None);
    }

    #[test]
    fn few_pictures_are_kept() {
        let mut pictures = Pictures::default();
        for n in 0..100 {
            pictures.put(&n.to_string(), None);
        }
        assert_eq!(pictures.0.len(), KEPT);
        assert!(pictures.get("99").is_some() && pictures.get("0").is_none());
    }
}
