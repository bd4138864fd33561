//! Pictures of the unit's screen: asked for by a script, taken by the thread that owns the screen.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::mpsc::{self, Sender};

/// One picture, 8-bit RGB, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}

/// The answer to a request.
pub type Reply = Sender<Result<Picture, String>>;

/// Asks the thread that owns the screen.
pub struct Camera {
    ask: Box<dyn Fn(Reply) + Send>,
}

impl Camera {
    /// `ask` hands the request over to the screen's thread; dropping the reply means that it is gone.
    pub fn new(ask: impl Fn(Reply) + Send + 'static) -> Self {
        Self { ask: Box::new(ask) }
    }

    /// Takes a picture and writes it as a PNG file.
    ///
    /// # Errors
    /// The screen is gone or cannot be drawn, or the file cannot be written.
    pub fn take(&self, path: &Path) -> Result<(), String> {
        let (reply, answer) = mpsc::channel();
        (self.ask)(reply);
        let picture = answer.recv().map_err(|_| "the screen is gone".to_owned())??;
        write_png(path, &picture).map_err(|error| format!("{}: {error}", path.display()))
    }
}

fn write_png(path: &Path, picture: &Picture) -> Result<(), png::EncodingError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&picture.rgb)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_written_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p.png");
        let picture = Picture { width: 2, height: 1, rgb: vec![255, 0, 0, 1, 2, 3] };
        let given = picture.clone();
        Camera::new(move |reply| drop(reply.send(Ok(given.clone())))).take(&path).unwrap();
        let mut reader =
            png::Decoder::new(std::io::BufReader::new(File::open(&path).unwrap())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, &pixels[..6]), (2, 1, &picture.rgb[..]));
    }

    #[test]
    fn a_screen_that_is_gone_is_no_hang() {
        let dir = tempfile::tempdir().unwrap();
        let error = Camera::new(drop).take(&dir.path().join("p.png")).unwrap_err();
        assert_eq!(error, "the screen is gone");
        let error = Camera::new(|reply| drop(reply.send(Err("dark".into())))).take(dir.path()).unwrap_err();
        assert_eq!(error, "dark");
    }
}
