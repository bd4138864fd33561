//! Times, amounts and browsers as people read them.

use protocol::cloud::{PresetCategory, UsageKind};

use super::text;

/// Seconds since 1970, by this browser's clock.
pub fn now() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}

/// How long ago something was.
pub fn ago(then: u64, now: u64) -> String {
    let seconds = now.saturating_sub(then);
    let n = |count: u64, one: &str, many: &str| {
        if count == 1 { format!("1 {one} ago") } else { format!("{count} {many} ago") }
    };
    match seconds {
        0..60 => text::JUST_NOW.into(),
        60..3_600 => n(seconds / 60, "minute", "minutes"),
        3_600..86_400 => n(seconds / 3_600, "hour", "hours"),
        86_400..5_184_000 => n(seconds / 86_400, "day", "days"),
        5_184_000..63_072_000 => n(seconds / 2_592_000, "month", "months"),
        _ => n(seconds / 31_536_000, "year", "years"),
    }
}

/// A browser by what it calls itself.
pub fn browser(agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name)
    };
    // The order counts: most call themselves by the names of others besides their own.
    let program = find(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => text::SOME_BROWSER.into(),
    }
}

/// An amount of use.
pub fn amount(kind: UsageKind, amount: u64) -> String {
    match kind {
        UsageKind::PlayedSeconds => match (amount / 3600, amount / 60 % 60) {
            (0, minutes) => format!("{minutes} min"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        },
        _ => amount.to_string(),
    }
}

/// What a kind of use is called.
pub const fn usage(kind: UsageKind) -> &'static str {
    match kind {
        UsageKind::PlayedSeconds => "Music played",
        UsageKind::TracksFinished => "Songs heard to the end",
        UsageKind::Starts => "Starts",
        UsageKind::RemoteCommands => "Commands by remotes",
        UsageKind::Underruns => "Moments without sound",
    }
}

/// Every sort of sound: its name where it travels, and its name for people.
pub const CATEGORIES: [(PresetCategory, &str, &str); 4] = [
    (PresetCategory::Music, "music", "Music"),
    (PresetCategory::Car, "car", "Car"),
    (PresetCategory::Speech, "speech", "Speech"),
    (PresetCategory::Other, "other", "Other"),
];

/// A sort of sound, for people.
pub fn category(wanted: PresetCategory) -> &'static str {
    CATEGORIES.iter().find(|(known, ..)| *known == wanted).map_or("Other", |(.., name)| name)
}

/// Tags as typed: by commas, without `#`, each once.
pub fn tags(typed: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in typed.split(',').map(|tag| tag.trim().trim_start_matches('#').to_lowercase()) {
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_do() {
        let now = 1_700_000_000;
        let told = |seconds| ago(now - seconds, now);
        assert_eq!(told(0), text::JUST_NOW);
        assert_eq!(told(61), "1 minute ago");
        assert_eq!(told(7_300), "2 hours ago");
        assert_eq!(told(86_400 * 3), "3 days ago");
        assert_eq!(told(86_400 * 70), "2 months ago");
        assert_eq!(told(86_400 * 800), "2 years ago");
        assert_eq!(ago(now + 50, now), text::JUST_NOW, "a clock that is behind");
    }

    #[test]
    fn browsers_are_told_apart() {
        let chrome = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML) Chrome/140.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Android");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1";
        assert_eq!(browser(safari), "Safari on iPhone");
        assert_eq!(browser("curl/8"), text::SOME_BROWSER);
    }

    #[test]
    fn tags_are_read_as_typed() {
        assert_eq!(tags("Bass, #warm ,,bass , Long trip"), ["bass", "warm", "long trip"]);
        assert!(tags(" , ").is_empty());
    }

    #[test]
    fn amounts_and_categories_have_names() {
        assert_eq!(amount(UsageKind::PlayedSeconds, 7_380), "2 h 3 min");
        assert_eq!(amount(UsageKind::PlayedSeconds, 59), "0 min");
        assert_eq!(amount(UsageKind::Starts, 12), "12");
        for (kind, word, name) in CATEGORIES {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{word}\""));
            assert_eq!(category(kind), name);
        }
    }
}
