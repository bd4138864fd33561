//! Which drivers the machine asks for: modules.alias and modules.dep, as depmod writes them.

use std::collections::HashMap;

/// The drivers that came along.
#[derive(Debug, Default)]
pub struct Modules {
    /// File and the files it needs, by name with `_` for every `-`.
    files: HashMap<String, (String, Vec<String>)>,
    /// Pattern and name.
    aliases: Vec<(String, String)>,
}

impl Modules {
    /// By the text of modules.dep and modules.alias.
    pub fn new(dep: &str, alias: &str) -> Self {
        let mut modules = Self::default();
        for line in dep.lines() {
            let Some((file, needs)) = line.split_once(':') else { continue };
            let needs = needs.split_ascii_whitespace().map(str::to_owned).collect();
            modules.files.insert(name(file), (file.to_owned(), needs));
        }
        for line in alias.lines() {
            let mut words = line.split_ascii_whitespace();
            if let (Some("alias"), Some(pattern), Some(module)) = (words.next(), words.next(), words.next())
                && modules.files.contains_key(&module.replace('-', "_"))
            {
                modules.aliases.push((pattern.to_owned(), module.replace('-', "_")));
            }
        }
        modules
    }

    /// The drivers for what a device says of itself.
    pub fn asked_by<'a>(&'a self, modalias: &'a str) -> impl Iterator<Item = &'a str> {
        let fits = move |(pattern, _): &&(String, String)| matches(pattern.as_bytes(), modalias.as_bytes());
        self.aliases.iter().filter(fits).map(|(_, module)| module.as_str())
    }

    /// The files to load for a driver, what it needs first.
    pub fn files(&self, module: &str) -> Vec<&str> {
        let Some((file, needs)) = self.files.get(&module.replace('-', "_")) else { return Vec::new() };
        // depmod lists them the other way round.
        needs.iter().rev().map(String::as_str).chain([file.as_str()]).collect()
    }
}

/// `dm_mod` of `kernel/drivers/md/dm-mod.ko`.
fn name(file: &str) -> String {
    let last = file.rsplit('/').next().unwrap_or(file);
    last.split(".ko").next().unwrap_or(last).replace('-', "_")
}

/// Shell patterns as modules.alias uses them: `*`, `?` and `[a-z]`.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        [b'?', rest @ ..] => text.split_first().is_some_and(|(_, text)| matches(rest, text)),
        [b'[', rest @ ..] => {
            let (Some(end), Some((first, text))) = (rest.iter().position(|b| *b == b']'), text.split_first())
            else {
                return false;
            };
            is_in(&rest[..end], *first) && matches(&rest[end + 1..], text)
        }
        [own, rest @ ..] => {
            text.split_first().is_some_and(|(first, text)| first == own && matches(rest, text))
        }
    }
}

fn is_in(set: &[u8], byte: u8) -> bool {
    match set {
        [] => false,
        [from, b'-', to, rest @ ..] => (*from..=*to).contains(&byte) || is_in(rest, byte),
        [one, rest @ ..] => *one == byte || is_in(rest, byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules() -> Modules {
        Modules::new(
            "kernel/drivers/md/dm-verity.ko: kernel/drivers/md/dm-bufio.ko kernel/drivers/md/dm-mod.ko\n\
             kernel/drivers/block/virtio_blk.ko:\n",
            "# Aliases\nalias virtio:d00000002v* virtio_blk\nalias pci:v*d*sv*bc01sc06i01* ahci\n\
             alias devname:x dm-verity\n",
        )
    }

    #[test]
    fn drivers_come_after_what_they_need() {
        assert_eq!(
            modules().files("dm-verity"),
            [
                "kernel/drivers/md/dm-mod.ko",
                "kernel/drivers/md/dm-bufio.ko",
                "kernel/drivers/md/dm-verity.ko"
            ]
        );
        assert!(modules().files("ahci").is_empty(), "which did not come along");
    }

    #[test]
    fn devices_ask_for_their_driver() {
        let modules = modules();
        assert_eq!(modules.asked_by("virtio:d00000002v00001AF4").collect::<Vec<_>>(), ["virtio_blk"]);
        assert_eq!(modules.asked_by("virtio:d00000003v00001AF4").count(), 0);
        assert_eq!(
            modules.asked_by("pci:v1d1sv1bc01sc06i01").count(),
            0,
            "what did not come along is no answer"
        );
    }

    #[test]
    fn patterns_are_those_of_the_shell() {
        let fits = |pattern: &str, text: &str| matches(pattern.as_bytes(), text.as_bytes());
        assert!(fits(
            "usb:v*p*d*dc*dsc*dp*ic08isc06ip50in*",
            "usb:v0627p0001d0000dc00dsc00dp00ic08isc06ip50in00"
        ));
        assert!(fits("a[0-9A]c?", "aAcx") && fits("a[0-9A]c?", "a7cx"));
        assert!(
            !fits("a[0-9A]c?", "aBcx")
                && !fits("a*b", "a")
                && !fits("", "a")
                && !fits("a[b", "ab")
                && fits("*", "")
        );
    }
}
