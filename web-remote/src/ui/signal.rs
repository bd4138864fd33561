//! Values that tell their readers when they change, and scopes that end the reading.
//!
//! An [`effect`] runs at once and again whenever a [`Signal`] it read has changed; what it made in the run
//! before (inner effects, listeners) is ended first. A [`Scope`] owns effects and clean-ups; dropping it ends
//! them. Everything lives on the browser's one thread.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

thread_local! {
    static OBSERVER: RefCell<Option<Rc<Effect>>> = const { RefCell::new(None) };
    static SCOPE: RefCell<Option<Rc<Owned>>> = const { RefCell::new(None) };
    static QUEUE: RefCell<VecDeque<Rc<Effect>>> = const { RefCell::new(VecDeque::new()) };
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Something an effect has read.
trait Source {
    fn forget(&self, reader: *const Effect);
}

struct State<T> {
    value: RefCell<T>,
    readers: Readers,
}

impl<T> Source for State<T> {
    fn forget(&self, reader: *const Effect) {
        leave(&self.readers, reader);
    }
}

/// A value that tells its readers when it changes. Clones are the same value.
pub struct Signal<T>(Rc<State<T>>);

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: 'static> Signal<T> {
    pub fn new(value: T) -> Self {
        Self(Rc::new(State { value: RefCell::new(value), readers: RefCell::default() }))
    }

    /// Reads; the effect that runs now is run again when the value changes.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.track();
        read(&self.0.value.borrow())
    }

    /// Reads without being told of changes.
    pub fn peek_with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.value.borrow())
    }

    /// Changes the value and tells its readers.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let made = change(&mut self.0.value.borrow_mut());
        notify(&self.0.readers);
        made
    }

    pub fn set(&self, value: T) {
        self.update(|old| *old = value);
    }

    fn track(&self) {
        let effect = OBSERVER.with_borrow(Option::clone);
        if let Some(effect) = effect
            && enter(&self.0.readers, &effect)
        {
            effect.sources.borrow_mut().push(Rc::clone(&self.0) as Rc<dyn Source>);
        }
    }
}

type Readers = RefCell<Vec<Weak<Effect>>>;

/// Adds a reader; false when it was there before. Not generic, as much here: every copy is loaded by every
/// phone.
fn enter(readers: &Readers, effect: &Rc<Effect>) -> bool {
    let mut readers = readers.borrow_mut();
    let known = readers.iter().any(|known| std::ptr::eq(known.as_ptr(), Rc::as_ptr(effect)));
    if !known {
        readers.push(Rc::downgrade(effect));
    }
    !known
}

fn leave(readers: &Readers, reader: *const Effect) {
    readers.borrow_mut().retain(|known| known.as_ptr() != reader);
}

impl<T: Clone + 'static> Signal<T> {
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    pub fn peek(&self) -> T {
        self.peek_with(T::clone)
    }
}

impl<T: PartialEq + 'static> Signal<T> {
    /// Sets the value; readers are told only when it is another one.
    pub fn put(&self, value: T) {
        if self.peek_with(|old| *old != value) {
            self.set(value);
        }
    }
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

struct Effect {
    run: RefCell<Option<Box<dyn FnMut()>>>,
    sources: RefCell<Vec<Rc<dyn Source>>>,
    made: Rc<Owned>,
    queued: Cell<bool>,
    alive: Cell<bool>,
}

impl Effect {
    fn go(self: &Rc<Self>) {
        self.queued.set(false);
        self.leave();
        self.made.end();
        let Some(mut run) = self.run.borrow_mut().take() else { return };
        let observer = observe(Some(Rc::clone(self)));
        let scope = open_scope(Some(Rc::clone(&self.made)));
        run();
        observe(observer);
        open_scope(scope);
        if self.alive.get() {
            *self.run.borrow_mut() = Some(run);
        }
    }

    fn leave(&self) {
        for source in self.sources.take() {
            source.forget(self);
        }
    }

    fn end(&self) {
        self.alive.set(false);
        self.leave();
        self.made.end();
        drop(self.run.borrow_mut().take());
    }
}

fn notify(readers: &Readers) {
    let readers: Vec<_> = readers.borrow().iter().filter_map(Weak::upgrade).collect();
    QUEUE.with_borrow_mut(|queue| {
        queue.extend(readers.into_iter().filter(|effect| !effect.queued.replace(true)));
    });
    open();
    close();
}

fn open() {
    DEPTH.set(DEPTH.get() + 1);
}

fn close() {
    if DEPTH.get() == 1 {
        while let Some(effect) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
            if effect.alive.get() {
                effect.go();
            }
        }
    }
    DEPTH.set(DEPTH.get() - 1);
}

/// Changes many values; readers run once, after all of them.
pub fn batch<R>(change: impl FnOnce() -> R) -> R {
    open();
    let made = change();
    close();
    made
}

/// Runs now, and again whenever something it read has changed, until its scope ends.
pub fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(run: Box<dyn FnMut()>) {
    let effect = Rc::new(Effect {
        run: RefCell::new(Some(run)),
        sources: RefCell::default(),
        made: Rc::default(),
        queued: Cell::new(false),
        alive: Cell::new(true),
    });
    own(Item::Effect(Rc::clone(&effect)));
    effect.go();
}

/// A signal that follows what it is computed from and tells of real changes only.
pub fn memo<T: PartialEq + Default + 'static>(mut compute: impl FnMut() -> T + 'static) -> Signal<T> {
    let signal = Signal::default();
    let follows = signal.clone();
    effect(move || follows.put(compute()));
    signal
}

/// Reads signals without being told of their changes.
pub fn untracked<R>(read: impl FnOnce() -> R) -> R {
    let observer = observe(None);
    let made = read();
    observe(observer);
    made
}

fn observe(observer: Option<Rc<Effect>>) -> Option<Rc<Effect>> {
    OBSERVER.replace(observer)
}

fn open_scope(scope: Option<Rc<Owned>>) -> Option<Rc<Owned>> {
    SCOPE.replace(scope)
}

/// Runs when the scope ends that is open now.
pub fn on_cleanup(end: impl FnOnce() + 'static) {
    own(Item::Cleanup(Box::new(end)));
}

fn own(item: Item) {
    SCOPE.with_borrow(|scope| match scope {
        Some(scope) => scope.0.borrow_mut().push(item),
        // Of the whole program: it never ends.
        None => std::mem::forget(item),
    });
}

enum Item {
    Effect(Rc<Effect>),
    Cleanup(Box<dyn FnOnce()>),
}

#[derive(Default)]
struct Owned(RefCell<Vec<Item>>);

impl Owned {
    fn end(&self) {
        for item in self.0.take().into_iter().rev() {
            match item {
                Item::Effect(effect) => effect.end(),
                Item::Cleanup(end) => untracked(end),
            }
        }
    }
}

/// Owns what was made in [`Scope::run`]; dropping it ends all of that.
#[derive(Default)]
pub struct Scope(Rc<Owned>);

impl Scope {
    pub fn run<R>(&self, make: impl FnOnce() -> R) -> R {
        let before = open_scope(Some(Rc::clone(&self.0)));
        let made = untracked(make);
        open_scope(before);
        made
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> (Rc<RefCell<Vec<i32>>>, impl Fn(i32) + Clone) {
        let log = Rc::new(RefCell::new(Vec::new()));
        let writer = Rc::clone(&log);
        (log, move |n| writer.borrow_mut().push(n))
    }

    #[test]
    fn an_effect_follows_what_it_read_last() {
        let (which, a, b) = (Signal::new(true), Signal::new(1), Signal::new(10));
        let (seen, write) = log();
        let (w, x, y) = (which.clone(), a.clone(), b.clone());
        effect(move || write(if w.get() { x.get() } else { y.get() }));
        a.set(2);
        which.set(false);
        a.set(3);
        b.set(11);
        assert_eq!(*seen.borrow(), [1, 2, 10, 11]);
    }

    #[test]
    fn a_batch_runs_each_reader_once() {
        let (a, b) = (Signal::new(1), Signal::new(2));
        let (seen, write) = log();
        let (x, y) = (a.clone(), b.clone());
        effect(move || write(x.get() + y.get()));
        batch(|| {
            a.set(10);
            b.set(20);
        });
        assert_eq!(*seen.borrow(), [3, 30]);
    }

    #[test]
    fn a_memo_and_put_tell_of_real_changes_only() {
        let a = Signal::new(4);
        let (seen, write) = log();
        let x = a.clone();
        let half = memo(move || x.get() / 2);
        effect(move || write(half.get()));
        a.set(5);
        a.put(5);
        a.put(6);
        assert_eq!(*seen.borrow(), [2, 3]);
    }

    #[test]
    fn a_scope_ends_its_effects_and_cleans_up_inner_ones_at_each_run() {
        let a = Signal::new(1);
        let (seen, write) = log();
        let scope = Scope::default();
        let (x, w) = (a.clone(), write.clone());
        scope.run(|| {
            effect(move || {
                let (n, w) = (x.get(), w.clone());
                on_cleanup(move || w(-n));
            });
        });
        a.set(2);
        drop(scope);
        a.set(3);
        assert_eq!(*seen.borrow(), [-1, -2]);
        assert!(a.0.readers.borrow().is_empty(), "a reader that ended is still known");
    }

    #[test]
    fn an_effect_that_sets_what_another_reads_does_not_recurse() {
        let (a, b) = (Signal::new(0), Signal::new(0));
        let (seen, write) = log();
        let (x, y) = (a.clone(), b.clone());
        effect(move || y.put(x.get() * 2));
        let y = b.clone();
        effect(move || write(y.get()));
        a.set(1);
        a.set(2);
        assert_eq!(*seen.borrow(), [0, 2, 4]);
    }

    #[test]
    fn reading_untracked_makes_no_reader() {
        let a = Signal::new(0);
        let (seen, write) = log();
        let x = a.clone();
        effect(move || write(untracked(|| x.get()) + x.peek()));
        a.set(1);
        assert_eq!(*seen.borrow(), [0]);
    }
}
