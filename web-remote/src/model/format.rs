//! Numbers as people read them. Whole-number arithmetic: formatting floats would cost the first view 10 kB.

/// `3:07` or `1:02:03`.
pub fn clock(seconds: f64) -> String {
    let all = if seconds.is_finite() { seconds.max(0.0) as u32 } else { 0 };
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// `3 minutes 7 seconds`, for a screen reader.
pub fn spoken(seconds: f64) -> String {
    let all = if seconds.is_finite() { seconds.max(0.0) as u32 } else { 0 };
    let (minutes, seconds) = (all / 60, all % 60);
    let plural = |n: u32| if n == 1 { "" } else { "s" };
    match minutes {
        0 => format!("{seconds} second{}", plural(seconds)),
        _ => format!("{minutes} minute{} {seconds} second{}", plural(minutes), plural(seconds)),
    }
}

/// One decimal: `6.5`, `−3`, `0`.
pub fn tenths(value: f32) -> String {
    let all = (value * 10.0).round() as i32;
    let sign = if all < 0 { "−" } else { "" };
    match (all.abs() / 10, all.abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

/// A gain with its sign: `+6.5 dB`.
pub fn gain(db: f32) -> String {
    let plus = if (db * 10.0).round() > 0.0 { "+" } else { "" };
    format!("{plus}{} dB", tenths(db))
}

/// A frequency: `63 Hz`, `2 kHz`.
pub fn hertz(hz: f32) -> String {
    if hz >= 1000.0 { format!("{} kHz", tenths(hz / 1000.0)) } else { format!("{} Hz", tenths(hz)) }
}

/// A count with commas: `12,480`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut said = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// Thousandths of a pixel or percent are enough: a number for CSS with three decimals.
pub fn css(value: f64) -> String {
    let all = (value * 1000.0).round() as i64;
    let sign = if all < 0 { "-" } else { "" };
    let all = all.unsigned_abs();
    format!("{sign}{}.{:03}", all / 1000, all % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(clock(0.0), "0:00");
        assert_eq!(clock(187.9), "3:07");
        assert_eq!(clock(3723.0), "1:02:03");
        assert_eq!(clock(f64::NAN), "0:00");
        assert_eq!(spoken(61.0), "1 minute 1 second");
        assert_eq!(spoken(42.0), "42 seconds");
    }

    #[test]
    fn levels_and_frequencies() {
        assert_eq!(gain(6.46), "+6.5 dB");
        assert_eq!(gain(-0.04), "0 dB");
        assert_eq!(gain(-12.0), "−12 dB");
        assert_eq!(hertz(31.5), "31.5 Hz");
        assert_eq!(hertz(16_000.0), "16 kHz");
    }

    #[test]
    fn counts_and_styles() {
        assert_eq!(count(7), "7");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(css(-0.5), "-0.500");
        assert_eq!(css(33.333_333), "33.333");
    }
}
