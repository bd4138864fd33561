//! Writes `OUT_DIR/web_files.rs`: every file of the built web remote as a `WebFile`.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Lists `web-remote/dist`; without a built remote the list holds one page that says how to build it.
pub fn embed() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let dist = manifest.join("../web-remote/dist");
    // A folder that is missing would make this run on every build; without it only its parent is watched.
    let watched = if dist.is_dir() { "../web-remote/dist" } else { "build" };
    println!("cargo::rerun-if-changed={watched}");
    let mut entries = Vec::new();
    if dist.join("index.html").is_file() {
        list(&dist.canonicalize()?, "", &mut entries)?;
    } else {
        entries.push(("index.html".to_owned(), manifest.join("build/not_built.html")));
    }
    entries.sort();
    let mut source = String::from("[\n");
    for (path, file) in &entries {
        write_entry(&mut source, path, file, &entries)?;
    }
    source.push_str("]\n");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("web_files.rs");
    std::fs::write(out, source)?;
    Ok(())
}

fn list(folder: &Path, prefix: &str, entries: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| format!("{name:?} is not UTF-8"))?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{prefix}{name}/"), entries)?;
        } else if !name.starts_with('.') {
            entries.push((format!("{prefix}{name}"), entry.path()));
        }
    }
    Ok(())
}

fn write_entry(
    source: &mut String,
    path: &str,
    file: &Path,
    entries: &[(String, PathBuf)],
) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", file.display());
    if path.ends_with(".br") || path.ends_with(".gz") {
        return Ok(());
    }
    let bytes = |file: &Path| format!("include_bytes!({:?})", file.display().to_string());
    let packed = |ending: &str| {
        let name = format!("{path}{ending}");
        let found = entries.iter().find(|(path, _)| *path == name);
        found.map_or_else(|| "None".to_owned(), |(_, file)| format!("Some({})", bytes(file)))
    };
    let (brotli, gzip) = (packed(".br"), packed(".gz"));
    writeln!(
        source,
        "    WebFile {{ path: {path:?}, mime: {:?}, etag: {:?}, bytes: {}, brotli: {brotli}, gzip: {gzip} }},",
        mime(path),
        format!("\"{:016x}\"", fnv(&std::fs::read(file)?)),
        bytes(file),
    )?;
    Ok(())
}

/// The media types of what a remote is made of (RFC 2046, 8081, 9239; WebAssembly Web API).
fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        // The silence behind the lock screen's controls.
        Some("flac") => "audio/flac",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// FNV-1a, 64 bits: tells one build's file from another's, which is all an entity tag is for.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
