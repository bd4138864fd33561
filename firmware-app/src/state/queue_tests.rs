//! Tests of the queue's order.

use super::*;
use proptest::prelude::*;

fn item(n: usize) -> Item {
    Item::new(&"m".into(), std::path::Path::new(&format!("{n}.flac")))
}

fn items(count: usize) -> Vec<Item> {
    (0..count).map(item).collect()
}

fn queue(count: usize) -> Queue {
    let mut queue = Queue::default();
    queue.replace(items(count), 0);
    queue
}

fn played(queue: &Queue) -> Vec<Item> {
    (0..queue.len()).filter_map(|place| queue.entry(place)).map(|e| e.item.clone()).collect()
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
    assert_eq!(queue.current().unwrap().item, item(7));
    assert_ne!(played(&queue), items(50));
    let order = played(&queue);
    let mut sorted = order.clone();
    sorted.sort_by_key(|p| items(50).iter().position(|q| p == q));
    assert_eq!(sorted, items(50));
    queue.select(3);
    assert_eq!(played(&queue), order, "the order stays while it plays");
    let current = queue.current().cloned();
    queue.set_shuffle(false);
    assert_eq!(queue.current().cloned(), current);
    assert_eq!(played(&queue), items(50));
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
    queue.replace(vec![item(4)], 0);
    let key = queue.current().unwrap().key;
    queue.refill(items(9));
    assert_eq!((queue.place(), queue.len()), (4, 9));
    assert_eq!(queue.current().unwrap().key, key);
}

#[test]
fn a_stored_order_that_makes_no_sense_gives_way() {
    let mut queue = Queue::default();
    queue.restore(items(3).into_iter().map(|p| (p, 1)).collect(), 77, true);
    assert_eq!(played(&queue), items(3));
    assert_eq!(queue.place(), 0);
    let stored: Vec<_> = items(3).into_iter().zip([2, 0, 1]).collect();
    queue.restore(stored.clone(), 1, true);
    assert_eq!(
        queue.items_and_places().map(|(item, place)| (item.clone(), place)).collect::<Vec<_>>(),
        stored
    );
    assert_eq!(queue.current().unwrap().item, item(2));
}

#[test]
fn music_put_next_follows_the_current_entry_shuffled_or_not() {
    for shuffle in [false, true] {
        let mut queue = queue(5);
        queue.set_shuffle(shuffle);
        queue.select(2);
        let current = queue.current().cloned();
        assert_eq!(queue.insert_next(vec![item(70), item(71)]), 2);
        assert_eq!(queue.current().cloned(), current);
        assert_eq!(played(&queue)[3..5], [item(70), item(71)]);
        queue.set_shuffle(false);
        let at = queue.place();
        assert_eq!(played(&queue)[at + 1..at + 3], [item(70), item(71)]);
    }
    let mut full = queue(QUEUE_LIMIT);
    assert_eq!(full.insert_next(items(3)), 0, "a full queue takes no more");
}

#[test]
fn a_removed_entry_gives_way_to_the_one_after_it() {
    let mut queue = queue(4);
    queue.select(2);
    queue.remove(0);
    assert_eq!(queue.current().unwrap().item, item(2));
    queue.remove(1);
    assert_eq!(queue.current().unwrap().item, item(3));
    queue.remove(1);
    assert_eq!((queue.current().unwrap().item.clone(), queue.remove(7)), (item(1), None));
}

#[test]
fn a_moved_entry_stays_where_it_was_put() {
    let mut queue = queue(5);
    queue.select(1);
    assert!(queue.shift(4, 0));
    assert_eq!(played(&queue), [4, 0, 1, 2, 3].map(item));
    assert_eq!(queue.current().unwrap().item, item(1));
    queue.set_shuffle(true);
    queue.set_shuffle(false);
    assert_eq!(played(&queue), [4, 0, 1, 2, 3].map(item), "its place is its own");
    assert!(!queue.shift(9, 0) && !queue.shift(2, 2));
    assert!(queue.shift(0, usize::MAX));
    assert_eq!(played(&queue)[4], item(4));
}

#[test]
fn entries_of_media_that_are_away_are_passed_over_unless_all_are() {
    let mut queue = queue(3);
    let away = Item::new(&"away".into(), std::path::Path::new("x.mp3"));
    queue.insert_next(vec![away.clone()]);
    queue.set_present(vec!["m".into()]);
    assert_eq!((queue.following(), queue.next(), queue.previous()), (Some(2), Some(2), Some(3)));
    queue.set_present(vec!["other".into()]);
    assert_eq!(queue.following(), Some(1), "nothing is here: the order itself");
}

proptest! {
    #[test]
    fn any_storm_keeps_the_order_a_permutation(ops in proptest::collection::vec((0u8..12, 0usize..12), 1..60)) {
        let mut queue = Queue::default();
        for (op, n) in ops {
            match op {
                0 => queue.replace(items(n), 0),
                1 => queue.append(items(n)),
                2 => queue.refill(items(n)),
                3 => queue.set_shuffle(n % 2 == 0),
                4 => { queue.select(n); }
                5 => queue.set_repeat([Repeat::Off, Repeat::All, Repeat::One][n % 3]),
                6 => if let Some(key) = queue.entry(n).map(|e| e.key) { queue.mark_bad(key) },
                7 => queue.clear(),
                8 => { queue.insert_next(items(n)); }
                9 => { queue.remove(n); }
                10 => { queue.shift(n, 11 - n); }
                _ => queue.restore(items(n).into_iter().map(|p| (p, n / 2)).collect(), n, n % 2 == 0),
            }
            let mut order = queue.order.clone();
            order.sort_unstable();
            prop_assert_eq!(order, (0..queue.len()).collect::<Vec<_>>());
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
