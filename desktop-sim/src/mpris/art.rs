//! The cover as a file, because desktops read it from one.

use std::fs;
use std::path::{Path, PathBuf};

use firmware_app::screen::Cover;

/// The file of the cover that was told last; it goes when there is another one.
pub struct ArtFile {
    folder: PathBuf,
    hash: String,
    url: Option<String>,
}

impl ArtFile {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, hash: String::new(), url: None }
    }

    /// The address of the cover's file, written if it is another one.
    pub fn url(&mut self, cover: Option<&Cover>) -> Option<String> {
        let hash = cover.map_or("", |cover| cover.hash.as_str());
        if hash != self.hash {
            self.hash = hash.to_owned();
            self.url = cover.and_then(|cover| {
                let written = write(&self.folder, cover);
                written.inspect_err(|error| tracing::debug!(%error, "no cover for the desktop")).ok()
            });
        }
        self.url.clone()
    }
}

fn write(folder: &Path, cover: &Cover) -> Result<String, Box<dyn std::error::Error>> {
    // Nothing else lies there.
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let path = std::path::absolute(folder.join(format!("{}.png", cover.hash)))?;
    let mut encoder = png::Encoder::new(fs::File::create(&path)?, cover.width, cover.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&cover.rgba)?;
    Ok(file_url(&path))
}

/// RFC 8089, with everything escaped that RFC 3986 does not call unreserved.
fn file_url(path: &Path) -> String {
    let escaped = path.to_string_lossy().bytes().fold(String::new(), |mut url, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                url.push(char::from(byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
        url
    });
    format!("file://{escaped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_becomes_a_file_and_the_last_one_goes() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("a ü");
        let cover = |hash: &str| Cover {
            hash: hash.into(),
            width: 2,
            height: 1,
            rgba: vec![255; 8],
            accent: [0; 3],
            path: PathBuf::new(),
        };
        let mut art = ArtFile::new(folder.clone());
        let url = art.url(Some(&cover("one"))).unwrap();
        assert!(url.starts_with("file:///") && url.ends_with("/a%20%C3%BC/one.png"), "{url}");
        assert!(folder.join("one.png").is_file());
        assert!(art.url(Some(&cover("two"))).unwrap().ends_with("two.png"));
        assert!(!folder.join("one.png").exists());
        assert_eq!(art.url(None), None);
        let short = Cover { rgba: Vec::new(), ..cover("three") };
        assert_eq!(art.url(Some(&short)), None);
    }
}
