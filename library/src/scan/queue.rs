//! A bounded queue between threads that a stop wakes at once.
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What lies in a queue; bounds are in its weight.
pub(super) trait Weigh {
    /// At least 1.
    fn weight(&self) -> usize;
}

/// Many may push, many may pop.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    capacity: usize,
}

struct State<T> {
    items: VecDeque<T>,
    weight: usize,
    /// Nothing more comes.
    closed: bool,
    /// Nobody wants what is in it.
    stopped: bool,
}

/// What came out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Popped<T> {
    Item(T),
    /// Nothing came in time.
    Late,
    /// Nothing will come.
    Ended,
}

impl<T: Weigh> Queue<T> {
    /// Holds items until their weight reaches `capacity`; one more may go beyond it.
    pub(super) fn new(capacity: usize) -> Self {
        let state = State { items: VecDeque::new(), weight: 0, closed: false, stopped: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), capacity }
    }

    /// Waits while full. `false`: stopped, the item is dropped.
    pub(super) fn push(&self, item: T) -> bool {
        let mut state = self.lock();
        while !state.stopped && state.weight >= self.capacity {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped {
            return false;
        }
        state.weight += item.weight();
        state.items.push_back(item);
        drop(state);
        self.changed.notify_all();
        true
    }

    /// Waits for an item until `deadline`; without one until there is an item or an end.
    pub(super) fn pop(&self, deadline: Option<Instant>) -> Popped<T> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return Popped::Ended;
            }
            if let Some(item) = state.items.pop_front() {
                let was_full = state.weight >= self.capacity;
                state.weight -= item.weight();
                let wake = was_full && state.weight < self.capacity;
                drop(state);
                if wake {
                    self.changed.notify_all();
                }
                return Popped::Item(item);
            }
            if state.closed {
                return Popped::Ended;
            }
            state = match deadline {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left == Duration::ZERO {
                        return Popped::Late;
                    }
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Nothing more comes; what is in it may still be popped.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Nobody wants what is in it: pushes and pops return at once from now on.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopped = true;
        state.items = VecDeque::new();
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nothing in here can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Popped, Queue, Weigh};
    use std::thread;
    use std::time::{Duration, Instant};

    impl Weigh for usize {
        fn weight(&self) -> usize {
            *self
        }
    }

    #[test]
    fn a_full_queue_holds_its_pusher_until_there_is_room() {
        let queue = Queue::new(10);
        thread::scope(|scope| {
            let pusher = scope.spawn(|| (1..=20_usize).all(|item| queue.push(item)));
            thread::sleep(Duration::from_millis(50));
            // 1 + 2 + 3 + 4 reach the capacity.
            assert_eq!(queue.lock().items.len(), 4);
            assert!((1..=20).all(|item| queue.pop(None) == Popped::Item(item)));
            assert!(pusher.join().unwrap());
        });
    }

    #[test]
    fn a_closed_queue_is_emptied_and_a_stopped_one_ends_at_once() {
        let queue = Queue::new(10);
        assert!(queue.push(1));
        queue.close();
        assert_eq!(queue.pop(None), Popped::Item(1));
        assert_eq!(queue.pop(None), Popped::Ended);

        let queue = Queue::new(1);
        assert!(queue.push(1));
        thread::scope(|scope| {
            let pusher = scope.spawn(|| queue.push(1));
            thread::sleep(Duration::from_millis(20));
            queue.stop();
            assert!(!pusher.join().unwrap());
        });
        assert_eq!(queue.pop(None), Popped::Ended);
    }

    #[test]
    fn a_deadline_ends_the_wait() {
        let queue = Queue::<usize>::new(1);
        let start = Instant::now();
        assert_eq!(queue.pop(Some(start + Duration::from_millis(30))), Popped::Late);
        assert!(start.elapsed() >= Duration::from_millis(30));
    }
}
