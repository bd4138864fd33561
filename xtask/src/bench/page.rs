//! `docs/benchmarks.md`: one section for each part, so that each can be measured by itself.

use anyhow::Result;

use crate::process;

const HEAD: &str = "# Benchmarks\n\nMade by `cargo xtask bench`; do not edit by hand.\n";

/// Replaces the section of this title by `text`, or adds it, and keeps the others.
///
/// # Errors
/// If the page cannot be written.
pub fn refresh(title: &str, text: &str) -> Result<()> {
    let path = process::root()?.join("docs/benchmarks.md");
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(&path, refreshed(&old, title, text))?;
    println!("\n## {title}\n\n{}", text.trim());
    Ok(())
}

fn refreshed(old: &str, title: &str, text: &str) -> String {
    let mut page = HEAD.to_owned();
    let mut found = false;
    for section in old.split("\n## ").skip(1) {
        let name = section.lines().next().unwrap_or_default();
        found |= name == title;
        let kept = if name == title { text } else { &section[name.len()..] };
        page.push_str(&format!("\n## {name}\n\n{}\n", kept.trim()));
    }
    if !found {
        page.push_str(&format!("\n## {title}\n\n{}\n", text.trim()));
    }
    page
}

/// Cores and CPU model, nothing that names the machine.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("CPU model unknown", |(_, model)| model);
    format!("{cores} cores, {model}, {}", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let page = refreshed("", "Sound", "loud\n");
        let page = refreshed(&page, "Library", "many\n\n| a |\n");
        assert_eq!(page, format!("{HEAD}\n## Sound\n\nloud\n\n## Library\n\nmany\n\n| a |\n"));
        let again = refreshed(&page, "Sound", "quiet");
        assert_eq!(again, format!("{HEAD}\n## Sound\n\nquiet\n\n## Library\n\nmany\n\n| a |\n"));
        assert_eq!(refreshed(&again, "Sound", "quiet"), again);
    }
}
