//! Covers as JPEG, each packed once however many phones ask for it.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use tokio::sync::Mutex;

use crate::screen::Cover;

/// Covers kept: the current one, and those a phone may still be asking for.
const KEPT: usize = 6;
/// Of the packing, 1 to 100.
const QUALITY: u8 = 88;

/// Packed covers, the newest last.
#[derive(Default)]
pub(crate) struct ArtShelf {
    packed: Mutex<VecDeque<(String, Bytes)>>,
}

impl ArtShelf {
    /// The cover of this hash: one that was packed already, or the current one.
    pub async fn jpeg(&self, hash: &str, current: Option<&Arc<Cover>>) -> Option<Bytes> {
        // Held while one is packed, so that the others wait for it instead of packing it too.
        let mut packed = self.packed.lock().await;
        if let Some((_, bytes)) = packed.iter().find(|(known, _)| known == hash) {
            return Some(bytes.clone());
        }
        let cover = Arc::clone(current.filter(|cover| cover.hash == hash)?);
        let bytes = tokio::task::spawn_blocking(move || pack(&cover)).await.ok()??;
        if packed.len() == KEPT {
            packed.pop_front();
        }
        packed.push_back((hash.to_owned(), bytes.clone()));
        Some(bytes)
    }
}

fn pack(cover: &Cover) -> Option<Bytes> {
    // JPEG knows no transparency: what is see-through lies on black, as on the unit's screen.
    let blend = |part: u8, alpha: u8| u8::try_from(u16::from(part) * u16::from(alpha) / 255).unwrap_or(255);
    let rgb: Vec<u8> = cover
        .rgba
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|[r, g, b, alpha]| [r, g, b].map(|part| blend(*part, *alpha)))
        .collect();
    if rgb.is_empty() || rgb.len() != cover.width as usize * cover.height as usize * 3 {
        return None;
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .write_image(&rgb, cover.width, cover.height, ExtendedColorType::Rgb8)
        .inspect_err(|error| tracing::warn!(%error, "a cover cannot be packed"))
        .ok()?;
    Some(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(hash: &str) -> Arc<Cover> {
        let rgba = [[200, 40, 40, 255]; 64].concat();
        Arc::new(Cover {
            hash: hash.into(),
            width: 8,
            height: 8,
            rgba,
            accent: [0; 3],
            path: "cover.png".into(),
        })
    }

    #[test]
    fn a_cover_is_packed_once_and_stays_for_those_who_are_late() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let shelf = ArtShelf::default();
            let first = shelf.jpeg("a", Some(&cover("a"))).await.unwrap();
            let picture = image::load_from_memory(&first).unwrap().to_rgb8();
            assert_eq!((picture.width(), picture.height()), (8, 8));
            assert!(picture.get_pixel(4, 4).0[0] > 180);
            let late = shelf.jpeg("a", Some(&cover("b"))).await.unwrap();
            assert_eq!(first.as_ptr(), late.as_ptr());
            assert_eq!(shelf.jpeg("c", Some(&cover("b"))).await, None);
            assert_eq!(shelf.jpeg("c", None).await, None);
            for n in 0..KEPT {
                let hash = n.to_string();
                shelf.jpeg(&hash, Some(&cover(&hash))).await.unwrap();
            }
            assert_eq!(shelf.jpeg("a", None).await, None, "old ones are let go");
        });
    }

    #[test]
    fn a_picture_that_is_none_is_no_panic() {
        let broken = Cover { rgba: vec![1, 2, 3], ..(*cover("x")).clone() };
        assert_eq!(pack(&broken), None);
        assert_eq!(pack(&Cover { width: 0, height: 0, ..broken }), None);
    }
}
