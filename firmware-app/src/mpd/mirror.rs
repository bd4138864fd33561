//! The queue's keys as clients know them, and since which version each place holds what it holds.

use crate::songs::QueueKeys;

/// What the queue was when it was last looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Mirror {
    queue: QueueKeys,
    /// The revision since which each place holds its key.
    since: Vec<u64>,
    /// The first revision that was seen; what changed before it is not known.
    first: Option<u64>,
}

impl Mirror {
    pub fn revision(&self) -> Option<u64> {
        self.first.map(|_| self.queue.revision)
    }

    pub fn keys(&self) -> &[u64] {
        &self.queue.keys
    }

    /// Takes over what the unit says.
    pub fn update(&mut self, queue: QueueKeys) {
        let revision = queue.revision;
        let is_known = self.first.is_some() && self.queue.revision <= revision;
        self.first = Some(if is_known { self.first.unwrap_or(revision) } else { revision });
        let since = queue.keys.iter().enumerate().map(|(place, key)| match self.queue.keys.get(place) {
            Some(old) if is_known && old == key => self.since.get(place).copied().unwrap_or(revision),
            _ => revision,
        });
        self.since = since.collect();
        self.queue = queue;
    }

    /// The version clients see.
    pub fn version(&self) -> u32 {
        version_of(self.queue.revision)
    }

    /// Places that hold something else since this version; all of them where that is not known.
    pub fn changed_since(&self, version: u32) -> Vec<usize> {
        let all = 0..self.queue.keys.len();
        let first = self.first.map(version_of);
        if version > self.version() || first.is_none_or(|first| version < first) {
            return all.collect();
        }
        all.filter(|place| self.since.get(*place).is_some_and(|since| version_of(*since) > version)).collect()
    }
}

/// A revision as clients see it: 31 bits, never 0, which clients take for "nothing seen yet".
pub(super) fn version_of(revision: u64) -> u32 {
    u32::try_from(revision % 0x7fff_fffe).unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(revision: u64, keys: &[u64]) -> QueueKeys {
        QueueKeys { revision, keys: keys.to_vec() }
    }

    #[test]
    fn changes_are_known_by_version() {
        let mut mirror = Mirror::default();
        mirror.update(keys(5, &[1, 2, 3]));
        let five = mirror.version();
        assert_eq!(mirror.changed_since(0), [0, 1, 2]);
        assert!(mirror.changed_since(five).is_empty());
        mirror.update(keys(6, &[1, 3, 2, 4]));
        assert_eq!(mirror.changed_since(five), [1, 2, 3]);
        let six = mirror.version();
        mirror.update(keys(9, &[1, 3]));
        assert!(mirror.changed_since(six).is_empty(), "shorter: the length says it");
        assert_eq!(mirror.changed_since(five), [1]);
        assert_eq!(mirror.changed_since(99), [0, 1], "from the future: of another run");
        mirror.update(keys(2, &[1, 3]));
        assert_eq!(mirror.changed_since(1), [0, 1], "another run of the unit");
    }

    #[test]
    fn versions_are_never_zero() {
        assert!(version_of(0) > 0 && version_of(0x7fff_fffe) > 0 && version_of(u64::MAX) > 0);
    }
}
