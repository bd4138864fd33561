//! The web remote's files, from inside the program or from a folder.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};

use super::answer::{Answer, problem};
use super::config::WebFiles;
use super::routes::only_reads;
use super::secret;
use super::server::Server;
use crate::remote_files::{self, WebFile};

/// The page that every address of the remote begins with.
const PAGE: &str = "index.html";
/// The largest file of a folder that is served.
const LARGEST: u64 = 32 * 1024 * 1024;

/// A file, ready to be sent.
struct File {
    mime: &'static str,
    etag: HeaderValue,
    bytes: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    is_hashed: bool,
}

pub(crate) async fn answer(server: Arc<Server>, request: Request<Body>) -> Answer {
    if !only_reads(request.method()) {
        return problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This cannot be done here.");
    }
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") || path == "ws" {
        return not_found();
    }
    let name = if path.is_empty() { PAGE } else { path };
    let found = match find(&server, name, request.headers()).await {
        None if is_page(request.headers(), path) => find(&server, PAGE, request.headers()).await,
        found => found,
    };
    match found {
        Some(file) => send(file, &request),
        None => not_found(),
    }
}

fn not_found() -> Answer {
    problem(StatusCode::NOT_FOUND, "not_found", "There is nothing here.")
}

/// Whether it is the address of a page within the remote, which its one page shows.
fn is_page(headers: &HeaderMap, path: &str) -> bool {
    let wants_page = headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    wants_page && !path.starts_with("assets/")
}

async fn find(server: &Server, path: &str, headers: &HeaderMap) -> Option<File> {
    match &server.files {
        WebFiles::Embedded => {
            let file = remote_files::web_file(path)?;
            // What brotli makes no smaller, such as a picture, gzip does not either.
            let wants_gzip = file.brotli.is_some() && !takes(headers, "br") && takes(headers, "gzip");
            let gzip = if wants_gzip { server.gzip.packed(file.etag, file.bytes).await } else { None };
            Some(File { gzip, ..embedded(file) })
        }
        WebFiles::Folder(folder) => {
            let (folder, path) = (folder.clone(), path.to_owned());
            tokio::task::spawn_blocking(move || on_disk(&folder, &path)).await.ok()?
        }
    }
}

fn embedded(file: &'static WebFile) -> File {
    File {
        mime: file.mime,
        etag: HeaderValue::from_static(file.etag),
        bytes: Bytes::from_static(file.bytes),
        brotli: file.brotli.map(Bytes::from_static),
        gzip: None,
        is_hashed: file.is_hashed(),
    }
}

fn on_disk(folder: &Path, path: &str) -> Option<File> {
    let relative = PathBuf::from(path);
    // A path is one of names only; `%2e%2e` stays what it is, since nothing is decoded.
    if path.contains('\\') || !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let folder = folder.canonicalize().ok()?;
    let read = |path: PathBuf| {
        let path = path.canonicalize().ok()?;
        let about = path.metadata().ok()?;
        let is_served = path.starts_with(&folder) && about.is_file() && about.len() <= LARGEST;
        is_served.then(|| std::fs::read(path).ok()).flatten().map(Bytes::from)
    };
    let bytes = read(folder.join(&relative))?;
    let brotli = read(folder.join(format!("{path}.br")));
    let etag = format!("\"{}\"", &secret::hex(&secret::digest(&bytes))[..16]);
    Some(File {
        mime: mime(path),
        etag: HeaderValue::from_str(&etag).ok()?,
        bytes,
        brotli,
        gzip: None,
        is_hashed: path.starts_with("assets/"),
    })
}

/// By the name's ending (WHATWG MIME sniffing is off by `nosniff`, so it must be right).
fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn send(file: File, request: &Request<Body>) -> Answer {
    let headers = request.headers();
    let is_known = headers.get_all(header::IF_NONE_MATCH).iter().any(|known| knows(known, &file.etag));
    let brotli = file.brotli.clone().filter(|_| takes(headers, "br"));
    let (bytes, coding) = match (brotli, file.gzip) {
        (Some(packed), _) => (packed, Some("br")),
        (None, Some(packed)) => (packed, Some("gzip")),
        (None, None) => (file.bytes, None),
    };
    let length = bytes.len();
    let body = match *request.method() {
        Method::HEAD => Body::empty(),
        _ if is_known => Body::empty(),
        _ => Body::from(bytes),
    };
    let mut answer = Response::new(body);
    let kept = if file.is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let to = answer.headers_mut();
    to.insert(header::ETAG, file.etag);
    to.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if file.brotli.is_some() {
        to.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if is_known {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return answer;
    }
    let to = answer.headers_mut();
    to.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.mime));
    to.insert(header::CONTENT_LENGTH, length.into());
    if let Some(coding) = coding {
        to.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    answer
}

/// Weak comparison with each tag of the list (RFC 9110, section 13.1.2).
fn knows(known: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(known), Ok(etag)) = (known.to_str(), etag.to_str()) else { return false };
    known.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Whether a coding is taken (RFC 9110, section 12.5.3): named, and not with a weight of zero.
fn takes(headers: &HeaderMap, name: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(name));
        let is_refused = parts
            .filter_map(|part| part.strip_prefix("q="))
            .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
        is_named && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (line, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("BR;q=0.5", true),
            ("gzip", false),
            ("br;q=0", false),
            ("br; q=0.0, gzip", false),
            ("brotli", false),
            ("", false),
        ] {
            assert_eq!(super::takes(&headers(header::ACCEPT_ENCODING, line), "br"), takes, "{line}");
        }
    }

    #[test]
    fn tags_are_compared_weakly() {
        let tag = HeaderValue::from_static("\"abc\"");
        for (known, is_known) in
            [("\"abc\"", true), ("W/\"abc\"", true), ("\"x\", \"abc\"", true), ("*", true), ("\"ab\"", false)]
        {
            assert_eq!(knows(&HeaderValue::from_static(known), &tag), is_known, "{known}");
        }
    }

    #[test]
    fn nothing_outside_of_the_folder_is_read() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "x").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("assets")).unwrap();
        std::fs::write(folder.path().join("assets/a.js"), "js").unwrap();
        std::fs::write(folder.path().join("assets/a.js.br"), "b").unwrap();
        let file = on_disk(folder.path(), "assets/a.js").unwrap();
        assert_eq!((&file.bytes[..], file.mime), (&b"js"[..], "text/javascript; charset=utf-8"));
        assert!(file.is_hashed && file.brotli.is_some());
        let name = outside.path().file_name().unwrap().to_str().unwrap();
        for path in [
            &format!("../{name}/secret"),
            "assets",
            "",
            "/etc/passwd",
            "assets/../../x",
            "assets\\a.js",
            "./x",
        ] {
            assert!(on_disk(folder.path(), path).is_none(), "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("link")).unwrap();
            assert!(on_disk(folder.path(), "link").is_none());
        }
    }

    #[test]
    fn pages_are_what_a_browser_goes_to() {
        let accept = headers(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        assert!(is_page(&accept, "music/albums") && is_page(&accept, "search"));
        assert!(!is_page(&accept, "assets/gone.js"));
        assert!(!is_page(&headers(header::ACCEPT, "*/*"), "music"));
    }
}
