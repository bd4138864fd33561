//! What our reader, ffprobe and mutagen say of files, in the same words.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// Fields by name; absent where a reader says nothing. Absent as a whole where it cannot read the file.
pub type Fields = BTreeMap<&'static str, String>;

/// Text fields, by our names.
const TEXT: [&str; 10] = [
    "title",
    "artist",
    "album",
    "album_artist",
    "genre",
    "composer",
    "artist_sort",
    "album_artist_sort",
    "album_sort",
    "title_sort",
];

/// mutagen in words; Debian's python3-mutagen.
const MUTAGEN: &str = include_str!("mutagen_reader.py");

/// What we play, in ffprobe's words.
const CODECS: [&str; 6] = ["aac", "alac", "flac", "mp3", "opus", "vorbis"];

/// The example program of `library`, built.
///
/// # Errors
/// If it does not build.
pub fn build_ours() -> Result<PathBuf> {
    process::run(&mut process::cargo(["build", "-q", "-p", "library", "--example", "tags"])?)?;
    Ok(process::target_dir()?.join("debug/examples").join(format!("tags{}", std::env::consts::EXE_SUFFIX)))
}

/// What we read.
///
/// # Errors
/// If the example does not answer for every file.
pub fn ours(program: &Path, files: &[PathBuf]) -> Result<Vec<Option<Fields>>> {
    let answers = answers(&mut Command::new(program), files)?;
    Ok(answers.iter().map(|answer| answer.get("error").is_none().then(|| our_fields(answer))).collect())
}

fn our_fields(answer: &Value) -> Fields {
    let mut fields = Fields::new();
    for name in TEXT {
        put(&mut fields, name, answer[name].as_str().unwrap_or_default());
    }
    for name in ["track", "track_total", "disc", "disc_total", "year"] {
        put(&mut fields, name, &answer[name].as_u64().map(|number| number.to_string()).unwrap_or_default());
    }
    if answer["compilation"] == true {
        put(&mut fields, "compilation", "1");
    }
    for (name, decimals) in [("track_gain", 2), ("album_gain", 2), ("duration_s", 3)] {
        if let Some(number) = answer[name].as_f64() {
            let name = if name == "duration_s" { "duration" } else { name };
            put(&mut fields, name, &format!("{number:.decimals$}"));
        }
    }
    fields
}

/// What mutagen reads.
///
/// # Errors
/// If Python or mutagen is missing, or does not answer for every file.
pub fn mutagen(files: &[PathBuf]) -> Result<Vec<Option<Fields>>> {
    // Debian's Python: another one in the search path does not have Debian's modules.
    let python = Path::new("/usr/bin/python3");
    let mut command = Command::new(if python.is_file() { python } else { Path::new("python3") });
    let answers = answers(command.args(["-c", MUTAGEN]), files)?;
    Ok(answers.iter().map(|answer| answer.get("error").is_none().then(|| mutagen_fields(answer))).collect())
}

fn mutagen_fields(answer: &Value) -> Fields {
    let tags = &answer["tags"];
    let all = |name: &str| -> Vec<&str> {
        tags[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let first = |name: &str| all(name).into_iter().next().unwrap_or_default();
    let mut fields = Fields::new();
    for name in ["artist", "album_artist", "genre", "composer"] {
        let mut names: Vec<String> = Vec::new();
        all(name).into_iter().map(clean).filter(|name| !name.is_empty()).for_each(|name| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        put(&mut fields, name, &names.join(", "));
    }
    for name in TEXT {
        put(&mut fields, name, first(name));
    }
    put_pair(&mut fields, "track", "track_total", first("track"), first("track_total"));
    put_pair(&mut fields, "disc", "disc_total", first("disc"), first("disc_total"));
    put(&mut fields, "year", &year(first("date")));
    put(&mut fields, "compilation", flag(first("compilation")));
    put_gain(&mut fields, "track_gain", first("track_gain"), first("r128_track"));
    put_gain(&mut fields, "album_gain", first("album_gain"), first("r128_album"));
    put_duration(&mut fields, answer["duration"].as_f64());
    fields
}

/// What ffprobe reads, the codec being one that we play.
///
/// # Errors
/// If ffprobe cannot be started.
pub fn ffprobe(files: &[PathBuf]) -> Result<Vec<Option<Fields>>> {
    let half = files.len().div_ceil(2);
    std::thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(half.max(1))
            .map(|part| scope.spawn(move || part.iter().map(|file| probe(file)).collect::<Result<Vec<_>>>()))
            .collect();
        let mut all = Vec::new();
        for part in parts {
            all.extend(part.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??);
        }
        Ok(all)
    })
}

fn probe(file: &Path) -> Result<Option<Fields>> {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-show_format", "-show_streams", "-select_streams", "a:0", "-of", "json"]);
    let output = command.arg(file).stdin(Stdio::null()).output().context("cannot start ffprobe")?;
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let stream = &answer["streams"][0];
    let codec = stream["codec_name"].as_str().unwrap_or_default();
    if !(CODECS.contains(&codec) || codec.starts_with("pcm_")) {
        return Ok(None);
    }
    let mut tags = BTreeMap::new();
    for place in [&stream["tags"], &answer["format"]["tags"]] {
        for (key, value) in place.as_object().into_iter().flatten() {
            tags.entry(key.to_lowercase()).or_insert(value.as_str().unwrap_or_default());
        }
    }
    let tag = |names: &[&str]| names.iter().find_map(|name| tags.get(*name)).copied().unwrap_or_default();
    let mut fields = Fields::new();
    for name in TEXT {
        put(&mut fields, name, tag(&[name]));
    }
    put(&mut fields, "album_artist", tag(&["album_artist", "albumartist", "album artist"]));
    put(&mut fields, "artist_sort", tag(&["artist-sort", "artistsort", "sort_artist", "soar", "tsop"]));
    put(&mut fields, "album_artist_sort", tag(&["albumartistsort", "sort_album_artist", "tso2"]));
    put(&mut fields, "album_sort", tag(&["album-sort", "albumsort", "sort_album", "tsoa"]));
    put(&mut fields, "title_sort", tag(&["title-sort", "titlesort", "sort_name", "tsot"]));
    put_pair(&mut fields, "track", "track_total", tag(&["track"]), tag(&["tracktotal", "totaltracks"]));
    put_pair(&mut fields, "disc", "disc_total", tag(&["disc"]), tag(&["disctotal", "totaldiscs"]));
    put(&mut fields, "year", &year(tag(&["date", "year", "tdor", "tory"])));
    put(&mut fields, "compilation", flag(tag(&["compilation", "itunescompilation"])));
    put_gain(&mut fields, "track_gain", tag(&["replaygain_track_gain"]), tag(&["r128_track_gain"]));
    put_gain(&mut fields, "album_gain", tag(&["replaygain_album_gain"]), tag(&["r128_album_gain"]));
    let duration = stream["duration"].as_str().or(answer["format"]["duration"].as_str());
    put_duration(&mut fields, duration.and_then(|text| text.parse().ok()));
    Ok(Some(fields))
}

/// One JSON object a line for one file name a line.
fn answers(command: &mut Command, files: &[PathBuf]) -> Result<Vec<Value>> {
    let line = process::shown(command);
    let line = line.lines().next().unwrap_or_default().to_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {line}"))?;
    let names: Vec<String> = files.iter().map(|file| file.to_string_lossy().into_owned() + "\n").collect();
    let mut input = child.stdin.take().context("no standard input")?;
    let writer =
        std::thread::spawn(move || names.iter().try_for_each(|name| input.write_all(name.as_bytes())));
    let output = child.wait_with_output()?;
    let written = writer.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?;
    let answers: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .with_context(|| format!("what {line} says"))?;
    anyhow::ensure!(
        written.is_ok() && answers.len() == files.len(),
        "{line} answered for {} of {} files: {}",
        answers.len(),
        files.len(),
        String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default()
    );
    Ok(answers)
}

/// On one line and without what nobody sees.
fn clean(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter(
            |character| !matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'),
        )
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn put(fields: &mut Fields, name: &'static str, value: &str) {
    let value = clean(value);
    if !value.is_empty() {
        fields.entry(name).or_insert(value);
    }
}

fn put_pair(fields: &mut Fields, name: &'static str, of: &'static str, value: &str, total: &str) {
    let (number, inner) = value.split_once('/').unwrap_or((value, ""));
    for (name, text) in [(name, number), (of, inner), (of, total)] {
        let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
        if let Some(number) = digits.parse::<u32>().ok().filter(|&number| number > 0) {
            put(fields, name, &number.to_string());
        }
    }
}

fn put_gain(fields: &mut Fields, name: &'static str, replaygain: &str, r128: &str) {
    let digits: String =
        replaygain.trim().chars().take_while(|c| c.is_ascii_digit() || "+-.".contains(*c)).collect();
    let gain =
        digits.parse().ok().or_else(|| r128.trim().parse::<f64>().ok().map(|steps| steps / 256.0 + 5.0));
    if let Some(gain) = gain {
        put(fields, name, &format!("{gain:.2}"));
    }
}

fn put_duration(fields: &mut Fields, seconds: Option<f64>) {
    if let Some(seconds) = seconds.filter(|&seconds| seconds > 0.0) {
        put(fields, "duration", &format!("{seconds:.3}"));
    }
}

fn flag(text: &str) -> &'static str {
    if matches!(text.trim(), "" | "0" | "False" | "false") { "" } else { "1" }
}

/// The first four digits in a row.
fn year(date: &str) -> String {
    let numbers = date.split(|character: char| !character.is_ascii_digit());
    let year =
        numbers.filter(|digits| digits.len() == 4 || digits.len() == 8).map(|digits| &digits[..4]).next();
    year.filter(|&year| year != "0000").unwrap_or_default().trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_for_the_same_thing() {
        let mut fields = Fields::new();
        put_pair(&mut fields, "track", "track_total", "03/12", "");
        put_gain(&mut fields, "track_gain", "-6.5 dB", "");
        put_gain(&mut fields, "album_gain", "", "-256");
        assert_eq!((fields["track"].as_str(), fields["track_total"].as_str()), ("3", "12"));
        assert_eq!((fields["track_gain"].as_str(), fields["album_gain"].as_str()), ("-6.50", "4.00"));
        assert_eq!(
            (year("2004-05-01"), year("x 0000"), year("")),
            ("2004".into(), String::new(), String::new())
        );
        assert_eq!(clean(" a\n\u{202e}b "), "a b");
    }

    #[test]
    fn our_answer_in_fields() {
        let answer = serde_json::json!({ "title": "x", "track": 3, "compilation": true, "duration_s": 1.5 });
        let fields = our_fields(&answer);
        assert_eq!(fields.len(), 4);
        assert_eq!(fields["duration"], "1.500");
    }
}
