//! Files packed for browsers that are not given brotli: over plain http none of them asks for it (they do not
//! trust proxies with it), so that this is what most phones get.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Built-in files as gzip (RFC 1952), each packed when it is first asked for. They are as many as the program
/// holds, so nothing is ever let go.
#[derive(Clone, Default)]
pub(crate) struct GzipShelf(Arc<Mutex<HashMap<&'static str, Bytes>>>);

impl GzipShelf {
    /// The file under this tag, packed; `None` if that makes it no smaller.
    pub async fn packed(&self, etag: &'static str, bytes: &'static [u8]) -> Option<Bytes> {
        if let Some(packed) = self.lock().get(etag) {
            return Some(packed.clone());
        }
        let shelf = self.clone();
        let pack = move || {
            let packed = pack(bytes)?;
            shelf.lock().insert(etag, packed.clone());
            Some(packed)
        };
        tokio::task::spawn_blocking(pack).await.ok()?
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<&'static str, Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pack(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_file_is_packed_once_and_comes_out_the_same() {
        static TEXT: &[u8] = &[b'a'; 5_000];
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let shelf = GzipShelf::default();
        let first = runtime.block_on(shelf.packed("\"a\"", TEXT)).unwrap();
        let again = runtime.block_on(shelf.packed("\"a\"", TEXT)).unwrap();
        assert_eq!(first.as_ptr(), again.as_ptr());
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&first[..]).read_to_end(&mut back).unwrap();
        assert_eq!(back, TEXT);
        assert_eq!(runtime.block_on(shelf.packed("\"b\"", b"x")), None);
    }
}
