//! Every format, made by real encoders, field by field against ffprobe.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use common::{Scene, run, without_tools};
use library::{TrackInfo, read_track};
use std::path::Path;

const RATE: u32 = 44_100;
const FRAMES: u32 = 100_003;
const TAGS: [(&str, &str); 6] = [
    ("title", "Wörd – Προβα 音"),
    ("artist", "Ann Other"),
    ("album", "The Álbum"),
    ("album_artist", "Various"),
    ("track", "3/12"),
    ("disc", "2/2"),
];

/// What ffprobe says: tags with lower-case names, and the duration of the stream.
fn probe(path: &Path) -> (std::collections::HashMap<String, String>, f64, serde_json::Value) {
    let json = run(
        "ffprobe",
        &[
            "-v",
            "error",
            "-show_format",
            "-show_streams",
            "-select_streams",
            "a:0",
            "-of",
            "json",
            path.to_str().unwrap(),
        ],
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut tags = std::collections::HashMap::new();
    for place in [&json["streams"][0]["tags"], &json["format"]["tags"]] {
        for (key, value) in place.as_object().into_iter().flatten() {
            tags.insert(key.to_lowercase(), value.as_str().unwrap_or_default().to_owned());
        }
    }
    let stream = json["streams"][0].clone();
    let duration =
        stream["duration"].as_str().or(json["format"]["duration"].as_str()).unwrap().parse().unwrap();
    (tags, duration, stream)
}

/// Compares all fields with ffprobe's, the duration within `tolerance` seconds.
fn agrees_with_ffprobe(path: &Path, tolerance: f64) -> TrackInfo {
    let info = read_track(path).unwrap();
    let (tags, duration, stream) = probe(path);
    let tag = |name: &str| tags.get(name).cloned().unwrap_or_default();
    assert_eq!(info.title, tag("title"), "{path:?}");
    assert_eq!(info.artist, tag("artist"), "{path:?}");
    assert_eq!(info.album, tag("album"), "{path:?}");
    assert_eq!(info.album_artist, tag("album_artist"), "{path:?}");
    let number = |name: &str| tag(name).split('/').next().and_then(|text| text.parse::<u32>().ok());
    assert_eq!(info.track, number("track"), "{path:?}");
    assert_eq!(info.disc, number("disc"), "{path:?}");
    let found = info.duration_s.unwrap();
    eprintln!("{:?}: {found:.6} s, ffprobe {duration:.6} s, {}", path.file_name().unwrap(), info.format);
    assert!((found - duration).abs() <= tolerance, "{path:?}: {found} and ffprobe {duration}");
    let rate: f64 = stream["sample_rate"].as_str().unwrap().parse().unwrap();
    assert!(info.format.contains(&format!("{} kHz", rate / 1000.0)), "{path:?}: {}", info.format);
    info
}

/// A file of `FRAMES` frames made by ffmpeg with all tags.
fn by_ffmpeg(scene: &Scene, name: &str, options: &[&str]) -> std::path::PathBuf {
    scene.wav("in.wav", RATE, FRAMES);
    let (input, output) = (scene.text("in.wav"), scene.text(name));
    let tags: Vec<String> = TAGS.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut arguments = vec!["-v", "error", "-y", "-i", &input];
    for tag in &tags {
        arguments.extend(["-metadata", tag]);
    }
    arguments.extend(options);
    arguments.push(&output);
    run("ffmpeg", &arguments);
    scene.file(name)
}

fn exact() -> f64 {
    f64::from(FRAMES) / f64::from(RATE)
}

fn has_all_tags(info: &TrackInfo) {
    assert_eq!(info.title, "Wörd – Προβα 音");
    assert_eq!((info.artist.as_str(), info.album.as_str()), ("Ann Other", "The Álbum"));
    assert_eq!((info.album_artist.as_str(), info.track, info.disc), ("Various", Some(3), Some(2)));
}

#[test]
fn flac() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let info = agrees_with_ffprobe(&by_ffmpeg(&scene, "a.flac", &[]), 1e-6);
    has_all_tags(&info);
    assert_eq!(info.format, "FLAC · 44.1 kHz · 16 bit");
    assert_eq!(info.duration_s, Some(exact()));
    // Two artists, a gain, and a wrong ending, by the reference tools.
    let (wav, out) = (scene.text("in.wav"), scene.text("b.mp3"));
    run("flac", &["-s", "-f", "-T", "ARTIST=Ann", "-T", "ARTIST=Bob", "-T", "TITLE=x", "-o", &out, &wav]);
    run("metaflac", &["--set-tag=REPLAYGAIN_TRACK_GAIN=-6.48 dB", &out]);
    let info = read_track(&scene.file("b.mp3")).unwrap();
    assert_eq!((info.artist.as_str(), info.replaygain_db), ("Ann, Bob", Some(-6.48)));
    assert_eq!(info.duration_s, Some(exact()));
}

#[test]
fn flac_24_bit_96_khz() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let path =
        by_ffmpeg(&scene, "a.flac", &["-ar", "96000", "-sample_fmt", "s32", "-bits_per_raw_sample", "24"]);
    assert_eq!(agrees_with_ffprobe(&path, 1e-6).format, "FLAC · 96 kHz · 24 bit");
}

#[test]
fn mp3_with_id3v2() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    for version in ["3", "4"] {
        let options = ["-c:a", "libmp3lame", "-b:a", "192k", "-id3v2_version", version];
        let path = by_ffmpeg(&scene, &format!("v2{version}.mp3"), &options);
        // ffprobe leaves the encoder's padding at the end in; the LAME header states it, and so do we.
        let info = agrees_with_ffprobe(&path, 0.06);
        has_all_tags(&info);
        assert!((info.duration_s.unwrap() - exact()).abs() < 1e-9, "{:?}", info.duration_s);
        assert_eq!(info.format, "MP3 · 44.1 kHz · 192 kbit/s");
    }
}

#[test]
fn mp3_by_lame_old_tags_and_no_header() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let wav = scene.wav("in.wav", RATE, FRAMES);
    let (wav, v1, bare) = (wav.to_str().unwrap(), scene.text("v1.mp3"), scene.text("bare.mp3"));
    run(
        "lame",
        &[
            "--quiet",
            "-V2",
            "--id3v1-only",
            "--tt",
            "Old",
            "--ta",
            "Ann",
            "--tl",
            "LP",
            "--tn",
            "7",
            wav,
            &v1,
        ],
    );
    let info = agrees_with_ffprobe(&scene.file("v1.mp3"), 0.06);
    assert_eq!((info.title.as_str(), info.artist.as_str(), info.album.as_str()), ("Old", "Ann", "LP"));
    assert_eq!(info.track, Some(7));
    assert!((info.duration_s.unwrap() - exact()).abs() < 1e-9);
    // Constant bitrate, no header that states the length.
    run("lame", &["--quiet", "-b", "128", "-t", wav, &bare]);
    let info = agrees_with_ffprobe(&scene.file("bare.mp3"), 0.001);
    assert_eq!(info.format, "MP3 · 44.1 kHz · 128 kbit/s");
    assert_eq!(info.title, "");
}

#[test]
fn id3_text_in_latin_1_and_utf_16() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let wav = scene.wav("in.wav", RATE, 5000);
    for (encoding, title) in [("--id3v2-latin1", "Grüße"), ("--id3v2-utf16", "Grüße – 音")] {
        let out = scene.text("t.mp3");
        run(
            "lame",
            &["--quiet", "--add-id3v2", encoding, "--tt", title, "--ta", "Ö", wav.to_str().unwrap(), &out],
        );
        let info = read_track(&scene.file("t.mp3")).unwrap();
        assert_eq!((info.title.as_str(), info.artist.as_str()), (title, "Ö"));
    }
}

#[test]
fn several_artists_and_user_text_in_id3v2_4_and_old_id3v2_2() {
    let scene = Scene::new();
    let mut frames = frame4(b"TPE1", b"\x03Ann\0Bob");
    frames.extend(frame4(b"TXXX", b"\x03REPLAYGAIN_TRACK_GAIN\0-3.5 dB"));
    frames.extend(frame4(b"TIT2", b"\x01\xff\xfeH\0i\0\n\0!\0"));
    let info = read_track(&scene.write("a.mp3", &tagged(4, 0, &frames))).unwrap();
    assert_eq!(
        (info.artist.as_str(), info.title.as_str(), info.replaygain_db),
        ("Ann, Bob", "Hi !", Some(-3.5))
    );
    let mut old = b"TT2\0\0\x04\0Abc".to_vec();
    old.extend(b"TRK\0\0\x05\0 4/9");
    let info = read_track(&scene.write("b.mp3", &tagged(2, 0, &old))).unwrap();
    assert_eq!((info.title.as_str(), info.track), ("Abc", Some(4)));
    // Unsynchronised as a whole: 0xFF 0x00 stands for 0xFF.
    let unsynchronised = b"TIT2\0\0\0\x07\0\0\x01\xff\x00\xfe\xe9\0A\0".to_vec();
    let info = read_track(&scene.write("c.mp3", &tagged(3, 0x80, &unsynchronised))).unwrap();
    assert_eq!(info.title, "éA");
}

fn frame4(id: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [id.as_slice(), &[0, 0, 0, u8::try_from(data.len()).unwrap(), 0, 0], data].concat()
}

/// An MP3 of twenty silent frames behind an ID3v2 tag.
fn tagged(major: u8, flags: u8, frames: &[u8]) -> Vec<u8> {
    let size = u8::try_from(frames.len()).unwrap();
    assert!(size < 128);
    let mut file = [b"ID3".as_slice(), &[major, 0, flags, 0, 0, 0, size], frames].concat();
    for _ in 0..20 {
        file.extend([0xff, 0xfb, 0x90, 0x00]);
        file.extend([0; 413]);
    }
    file
}

#[test]
fn ape_tags_behind_mpeg() {
    let scene = Scene::new();
    let mut items = Vec::new();
    for (key, value) in
        [("Title", "Ape"), ("Artist", "Ann\0Bob"), ("Track", "5/9"), ("REPLAYGAIN_TRACK_GAIN", "+1.25 dB")]
    {
        items.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        items.extend([0; 4]);
        items.extend(key.bytes().chain([0]).chain(value.bytes()));
    }
    let mut file = tagged(3, 0, b"");
    let size = u32::try_from(items.len()).unwrap() + 32;
    file.extend(&items);
    file.extend(b"APETAGEX");
    for number in [2000, size, 4, 0, 0, 0] {
        file.extend(u32::to_le_bytes(number));
    }
    let info = read_track(&scene.write("a.mp3", &file)).unwrap();
    assert_eq!((info.title.as_str(), info.artist.as_str()), ("Ape", "Ann, Bob"));
    assert_eq!((info.track, info.replaygain_db), (Some(5), Some(1.25)));
    assert!((info.duration_s.unwrap() - 20.0 * 417.0 * 8.0 / 128_000.0).abs() < 1e-9);
}

#[test]
fn m4a_aac_and_alac() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let aac = agrees_with_ffprobe(&by_ffmpeg(&scene, "a.m4a", &["-c:a", "aac", "-b:a", "128k"]), 0.001);
    has_all_tags(&aac);
    assert!(aac.format.starts_with("AAC · 44.1 kHz · "), "{}", aac.format);
    assert!((aac.duration_s.unwrap() - exact()).abs() < 1e-9, "{:?} {}", aac.duration_s, exact());
    let alac = agrees_with_ffprobe(&by_ffmpeg(&scene, "l.m4a", &["-c:a", "alac"]), 1e-5);
    has_all_tags(&alac);
    assert_eq!(alac.format, "ALAC · 44.1 kHz · 16 bit");
    let front = by_ffmpeg(&scene, "f.m4a", &["-c:a", "alac", "-movflags", "+faststart"]);
    has_all_tags(&agrees_with_ffprobe(&front, 1e-5));
}

#[test]
fn adts() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    // Estimated from the first frames, by ffprobe too.
    let info = agrees_with_ffprobe_stream_only(&by_ffmpeg(&scene, "a.aac", &["-c:a", "aac", "-b:a", "128k"]));
    assert!(info.format.starts_with("AAC · 44.1 kHz"), "{}", info.format);
    let estimate = info.duration_s.unwrap();
    assert!((estimate - exact()).abs() < 0.1 * exact(), "{estimate}");
}

fn agrees_with_ffprobe_stream_only(path: &Path) -> TrackInfo {
    let (_, _, stream) = probe(path);
    assert_eq!(stream["codec_name"], "aac");
    read_track(path).unwrap()
}

#[test]
fn ogg_vorbis_and_opus() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let wav = scene.wav("in.wav", RATE, FRAMES);
    let (wav, ogg, opus) = (wav.to_str().unwrap(), scene.text("a.ogg"), scene.text("a.opus"));
    run(
        "oggenc",
        &[
            "-Q",
            "-q5",
            "-t",
            "Wörd",
            "-a",
            "Ann",
            "-l",
            "LP",
            "-N",
            "3",
            "-c",
            "DISCNUMBER=2",
            "-c",
            "ALBUMARTIST=Various",
            "-o",
            &ogg,
            wav,
        ],
    );
    let info = agrees_with_ffprobe(&scene.file("a.ogg"), 1e-5);
    assert_eq!(info.duration_s, Some(exact()));
    assert!(info.format.starts_with("Vorbis · 44.1 kHz"), "{}", info.format);
    run(
        "opusenc",
        &[
            "--quiet",
            "--title",
            "Wörd",
            "--artist",
            "Ann",
            "--artist",
            "Bob",
            "--comment",
            "R128_TRACK_GAIN=-1024",
            wav,
            &opus,
        ],
    );
    let info = read_track(&scene.file("a.opus")).unwrap();
    let (_, duration, _) = probe(&scene.file("a.opus"));
    assert_eq!(
        (info.title.as_str(), info.artist.as_str(), info.replaygain_db),
        ("Wörd", "Ann, Bob", Some(1.0))
    );
    assert_eq!(info.format, "Opus · 48 kHz");
    // ffprobe counts the pre-skip of 312 frames; RFC 7845 takes it off.
    let found = info.duration_s.unwrap();
    assert!(
        (duration - found - 312.0 / 48_000.0).abs() < 1e-5 || (duration - found).abs() < 1e-5,
        "{found} {duration}"
    );
    assert!((found - exact()).abs() < 1.0 / 48_000.0, "{found} {}", exact());
    let flac = by_ffmpeg(&scene, "f.oga", &["-c:a", "flac"]);
    let info = agrees_with_ffprobe(&flac, 1e-5);
    assert_eq!(info.format, "FLAC · 44.1 kHz · 16 bit");
}

#[test]
fn wav_and_aiff() {
    if without_tools() {
        return;
    }
    let scene = Scene::new();
    let wav = by_ffmpeg(&scene, "a.wav", &[]);
    let info = read_track(&wav).unwrap();
    assert_eq!((info.title.as_str(), info.artist.as_str()), ("Wörd – Προβα 音", "Ann Other"));
    assert_eq!((info.album.as_str(), info.track), ("The Álbum", Some(3)));
    assert_eq!((info.format.as_str(), info.duration_s), ("WAV · 44.1 kHz · 16 bit", Some(exact())));
    agrees_with_ffprobe_duration(&wav);
    let wide = by_ffmpeg(&scene, "w.wav", &["-c:a", "pcm_s24le", "-ar", "192000"]);
    assert_eq!(read_track(&wide).unwrap().format, "WAV · 192 kHz · 24 bit");
    let aiff = by_ffmpeg(&scene, "a.aiff", &["-write_id3v2", "1"]);
    let info = agrees_with_ffprobe(&aiff, 1e-6);
    has_all_tags(&info);
    assert_eq!((info.format.as_str(), info.duration_s), ("AIFF · 44.1 kHz · 16 bit", Some(exact())));
}

fn agrees_with_ffprobe_duration(path: &Path) {
    let (_, duration, _) = probe(path);
    assert!((read_track(path).unwrap().duration_s.unwrap() - duration).abs() < 1e-6);
}
