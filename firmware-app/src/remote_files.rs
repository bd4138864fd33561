//! The web remote as it was built, inside the program: the unit needs no folder and no network for it.

/// One file of the web remote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebFile {
    /// Below the root of the site, without a leading `/`: `index.html`, `assets/remote.ABC.js`.
    pub path: &'static str,
    /// Value of `Content-Type`.
    pub mime: &'static str,
    /// Value of `ETag`, with its quotes; other bytes have another one.
    pub etag: &'static str,
    /// As it is.
    pub bytes: &'static [u8],
    /// Packed with brotli (RFC 7932), where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// Packed with gzip (RFC 1952), where that is smaller: browsers take brotli by HTTPS and from their own
    /// machine only, and a unit on the car's network speaks plain HTTP.
    pub gzip: Option<&'static [u8]>,
}

impl WebFile {
    /// Whether another build gives other content another name, so that it may be kept for ever.
    pub fn is_hashed(&self) -> bool {
        self.path.starts_with("assets/")
    }
}

static FILES: &[WebFile] = &include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// Every file, sorted by path. Always holds `index.html`; that is all it holds when the program was built
/// without the remote, and the page then says so.
pub fn web_files() -> &'static [WebFile] {
    FILES
}

/// The file at `path`, without a leading `/`.
pub fn web_file(path: &str) -> Option<&'static WebFile> {
    let at = FILES.binary_search_by(|file| file.path.cmp(path)).ok()?;
    FILES.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_path_and_nothing_else_is() {
        for file in web_files() {
            assert_eq!(web_file(file.path), Some(file));
        }
        for path in [
            "",
            "/",
            "/index.html",
            "index.html.br",
            "index.html.gz",
            ".gitignore",
            "../Cargo.toml",
            "assets",
        ] {
            assert_eq!(web_file(path), None, "{path}");
        }
    }

    #[test]
    fn the_page_is_always_there() {
        let page = web_file("index.html").unwrap();
        assert_eq!(page.mime, "text/html; charset=utf-8");
        assert!(page.bytes.starts_with(b"<!doctype html>"));
        assert!(!page.is_hashed());
    }

    #[test]
    fn packed_files_are_smaller_and_each_has_its_own_tag() {
        let mut tags: Vec<&str> = web_files().iter().map(|file| file.etag).collect();
        assert!(tags.iter().all(|tag| tag.len() == 18 && tag.starts_with('"') && tag.ends_with('"')));
        let all = tags.len();
        tags.sort_unstable();
        tags.dedup();
        assert_eq!(tags.len(), all);
        for file in web_files() {
            for packed in [file.brotli, file.gzip].into_iter().flatten() {
                assert!(packed.len() < file.bytes.len(), "{}", file.path);
            }
        }
    }
}
