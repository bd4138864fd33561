//! Tests of the queue's order.

use super::*;
use proptest::prelude::*;

fn paths(count: usize) -> Vec<PathBuf> {
    (0..count).map(|n| PathBuf::from(format!("/m/{n}.flac"))).collect()
}

fn queue(count: usize) -> Queue {
    let mut queue = Queue::default();
    queue.replace(paths(count), None);
    queue
}

fn played(queue: &Queue) -> Vec<PathBuf> {
    (0..queue.len()).filter_map(|place| queue.entry(place)).map(|e| e.path.to_path_buf()).collect()
}

#[test]
fn the_end_depends_on_repeat() {
    let mut queue = queue(3);
    queue.select(2);
    queue.set_repeat(Repeat::Off);
    assert_eq!((queue.following(), queue.next()), (None, None));
    queue.set_repeat(Repeat::All);
    assert_eq!((queue.following(), queue.next()), (Some(0), Some(0)));
    queue.set_repeat(Repeat::One);
    assert_eq!((queue.following(), queue.next()), (Some(2), Some(0)));
}

#[test]
fn shuffle_keeps_the_current_entry_and_every_entry() {
    let mut queue = queue(50);
    queue.select(7);
    queue.set_shuffle(true);
    assert_eq!(queue.current().unwrap().path.to_str(), Some("/m/7.flac"));
    assert_ne!(played(&queue), paths(50));
    let order = played(&queue);
    let mut sorted = order.clone();
    sorted.sort_by_key(|p| paths(50).iter().position(|q| p == q));
    assert_eq!(sorted, paths(50));
    queue.select(3);
    assert_eq!(played(&queue), order, "the order stays while it plays");
    let current = queue.current().cloned();
    queue.set_shuffle(false);
    assert_eq!(queue.current().cloned(), current);
    assert_eq!(played(&queue), paths(50));
}

#[test]
fn the_same_seed_gives_the_same_order() {
    let order = |seed| {
        let mut queue = queue(20);
        queue.set_seed(seed);
        queue.set_shuffle(true);
        played(&queue)
    };
    assert_eq!(order(5), order(5));
    assert_ne!(order(5), order(6));
}

#[test]
fn bad_entries_are_passed_over_and_all_bad_is_the_end() {
    let mut queue = queue(3);
    let keys: Vec<u64> = (0..3).map(|place| queue.entry(place).unwrap().key).collect();
    queue.mark_bad(keys[1]);
    assert_eq!(queue.following(), Some(2));
    queue.mark_bad(keys[2]);
    assert_eq!(queue.following(), Some(0));
    queue.mark_bad(keys[0]);
    assert_eq!(queue.following(), None);
    queue.forgive(keys[2]);
    assert_eq!(queue.following(), Some(2));
}

#[test]
fn a_refill_keeps_what_plays() {
    let mut queue = Queue::default();
    queue.replace(vec![PathBuf::from("/m/4.flac")], None);
    let key = queue.current().unwrap().key;
    queue.refill(paths(9));
    assert_eq!((queue.place(), queue.len()), (4, 9));
    assert_eq!(queue.current().unwrap().key, key);
}

#[test]
fn a_stored_order_that_makes_no_sense_gives_way() {
    let mut queue = Queue::default();
    queue.restore(paths(3).into_iter().map(|p| (p, 1)).collect(), 77, true);
    assert_eq!(played(&queue), paths(3));
    assert_eq!(queue.place(), 0);
    let stored: Vec<_> = paths(3).into_iter().zip([2, 0, 1]).collect();
    queue.restore(stored.clone(), 1, true);
    assert_eq!(queue.paths_and_places(), stored);
    assert_eq!(queue.current().unwrap().path.to_str(), Some("/m/2.flac"));
}

proptest! {
    #[test]
    fn any_storm_keeps_the_order_a_permutation(ops in proptest::collection::vec((0u8..9, 0usize..12), 1..60)) {
        let mut queue = Queue::default();
        for (op, n) in ops {
            match op {
                0 => queue.replace(paths(n), None),
                1 => queue.append(paths(n)),
                2 => queue.refill(paths(n)),
                3 => queue.set_shuffle(n % 2 == 0),
                4 => { queue.select(n); }
                5 => queue.set_repeat([Repeat::Off, Repeat::All, Repeat::One][n % 3]),
                6 => if let Some(key) = queue.entry(n).map(|e| e.key) { queue.mark_bad(key) },
                7 => queue.clear(),
                _ => queue.restore(paths(n).into_iter().map(|p| (p, n / 2)).collect(), n, n % 2 == 0),
            }
            prop_assert!(queue.place() < queue.len().max(1));
            for place in [queue.following(), queue.next(), queue.previous()].into_iter().flatten() {
                prop_assert!(place < queue.len());
            }
            let mut keys: Vec<u64> = (0..queue.len()).map(|p| queue.entry(p).unwrap().key).collect();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), queue.len());
        }
    }
}
