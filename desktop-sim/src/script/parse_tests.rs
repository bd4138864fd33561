//! What scripts are understood, and what is said about the others.

use super::*;
use hal::{Key, Knob};
use proptest::prelude::*;
use serde_json::json;

fn sample() -> Value {
    json!({ "volume_db": 0.0, "page": "", "now": { "title": "" } })
}

fn parse(text: &str) -> Result<Script, Vec<Mistake>> {
    script(text, Path::new("/s"), &sample())
}

fn only(text: &str) -> Step {
    let mut lines = parse(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}")).lines;
    assert_eq!(lines.len(), 1, "{text}");
    lines.remove(0).step
}

#[test]
fn every_command_is_understood() {
    let ms = Duration::from_millis;
    for (line, step) in [
        ("play", Step::Play(None)),
        ("play My Music/a b.flac", Step::Play(Some("My Music/a b.flac".into()))),
        ("play \"x\"", Step::Play(Some("x".into()))),
        ("pause", Step::Pause),
        ("next", Step::Next),
        ("previous", Step::Previous),
        ("seek 12.5", Step::Seek(12.5)),
        ("seek 90s", Step::Seek(90.0)),
        ("volume -12", Step::Volume(-12.0)),
        ("volume −12dB", Step::Volume(-12.0)),
        ("turn volume +3", Step::Turn(Knob::Volume, 3)),
        ("turn select -1", Step::Turn(Knob::Select, -1)),
        ("turn select 2", Step::Turn(Knob::Select, 2)),
        ("press select", Step::Press(Key::Select, SHORT_PRESS)),
        ("press select 800ms", Step::Press(Key::Select, ms(800))),
        ("press preset6 2s", Step::Press(Key::Preset(6), ms(2000))),
        ("press play", Step::Press(Key::PlayPause, SHORT_PRESS)),
        ("wait 500ms", Step::Wait(ms(500))),
        ("wait 1.5s", Step::Wait(ms(1500))),
        ("wait 2min", Step::Wait(ms(120_000))),
        ("screenshot a/b.png", Step::Screenshot("a/b.png".into())),
        ("media plug STICK a b/c", Step::MediaPlug { name: "STICK".into(), folder: "a b/c".into() }),
        (
            "media plug \"MY \\\"1\\\"\"  \"a b\"",
            Step::MediaPlug { name: "MY \"1\"".into(), folder: "a b".into() },
        ),
        ("media yank MY STICK", Step::MediaYank("MY STICK".into())),
        ("media yank \"X\"", Step::MediaYank("X".into())),
        ("ignition off", Step::Ignition(false)),
        ("ignition on", Step::Ignition(true)),
        ("kill", Step::Kill),
        ("theme day", Step::Day(true)),
        ("theme night", Step::Day(false)),
        ("preset Late Night", Step::Preset("Late Night".into())),
        ("eq 3 -4.5", Step::Eq { band: 3, gain_db: -4.5 }),
    ] {
        assert_eq!(only(line), step, "{line}");
    }
    for (_, key) in keys::KEYS.iter().map(|(name, key)| (name, *key)) {
        let name = keys::KEYS.iter().find(|(_, k)| *k == key).unwrap().0;
        assert_eq!(only(&format!("press {name}")), Step::Press(key, SHORT_PRESS));
    }
}

#[test]
fn all_mistakes_are_reported_with_their_lines() {
    let mistakes = parse("pause\n\nplai x\n# fine\nwait 5\nexpect pages == x\nnext\n").unwrap_err();
    let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [3, 5, 6]);
    assert_eq!(mistakes[0].to_string(), "line 3: plai x: `plai` is no command; --help lists them all");
    assert_eq!(mistakes[1].to_string(), "line 5: wait 5: `5` is no time; write 500ms, 25s or 2min");
    assert!(mistakes[2].why.contains("there is no `pages`"), "{}", mistakes[2]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    for line in [
        "pause now",
        "next 3",
        "seek",
        "seek -1",
        "seek NaN",
        "volume",
        "volume loud",
        "volume inf",
        "volume 1e99",
        "turn volume",
        "turn volume 0",
        "turn volume 1.5",
        "turn tuner +1",
        "turn volume +99999",
        "press",
        "press any",
        "press preset7",
        "press select long",
        "wait",
        "wait 10h",
        "wait -1s",
        "wait 1e9s",
        "wait s",
        "wait 1.2.3s",
        "wait 25 s",
        "expect page",
        "screenshot",
        "screenshot a.jpg",
        "media",
        "media eject X",
        "media plug",
        "media plug X",
        "media plug \"\" dir",
        "media plug \"X dir",
        "media yank",
        "media yank \"\"",
        "ignition maybe",
        "theme dusk",
        "preset",
        "eq 0 3",
        "eq 32 3",
        "eq 1",
        "eq 1 x",
        "play \"open",
        "kill -9",
        "play \"\"",
        "preset \" \"",
    ] {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn comments_blank_lines_and_foreign_line_ends_are_no_matter() {
    let script = parse("\u{feff}# a\r\n\r\n  pause  # b\r\n\tnext\r\n").unwrap();
    let steps: Vec<Step> = script.lines.iter().map(|line| line.step.clone()).collect();
    assert_eq!(steps, [Step::Pause, Step::Next]);
    assert_eq!(script.lines[0].number, 3);
    assert_eq!(script.lines[0].text, "pause");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}(\n\\PC{0,40}){0,4}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_arguments_make_a_command_panic(
        command in prop::sample::select(vec!["play", "media plug", "media yank", "seek", "volume", "turn volume", "press", "wait", "expect page", "eq", "preset"]),
        rest in "[-+0-9a-z.\"\\\\ #ms\u{2212}]{0,16}",
    ) {
        let _ = parse(&format!("{command} {rest}"));
    }

    #[test]
    fn any_path_survives_in_quotes(path in "[^\\p{C}]{0,20}[a-z#][^\\p{C}]{0,20}") {
        let line = format!("play \"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""));
        prop_assert_eq!(only(&line), Step::Play(Some(path)));
    }

    #[test]
    fn waits_are_read_to_the_millisecond(ms in 0_u64..10_000_000) {
        prop_assert_eq!(only(&format!("wait {ms}ms")), Step::Wait(Duration::from_millis(ms)));
    }

    #[test]
    fn mistakes_name_exactly_the_bad_lines(good in prop::collection::vec(any::<bool>(), 0..20)) {
        let text: String = good.iter().map(|ok| if *ok { "pause\n" } else { "bogus\n" }).collect();
        let wanted: Vec<usize> = good.iter().enumerate().filter(|(_, ok)| !**ok).map(|(i, _)| i + 1).collect();
        let found: Vec<usize> = parse(&text).err().unwrap_or_default().iter().map(|m| m.line).collect();
        prop_assert_eq!(found, wanted);
    }
}
