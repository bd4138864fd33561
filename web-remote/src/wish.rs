//! A value the person may change: shown at once, sent at a bearable rate, given back to the unit when it has
//! answered.

use std::cell::{Cell, RefCell};

use protocol::Command;

use crate::model::overlay::Overlay;
use crate::model::throttle::Throttle;
use crate::net::link::Link;
use crate::ui::Signal;
use crate::ui::time::{Timer, after, now_ms};

/// Twenty commands a second at most.
const EVERY_MS: f64 = 50.0;

pub struct Wish<T> {
    /// What the page shows.
    pub shown: Signal<T>,
    unit: RefCell<T>,
    overlay: RefCell<Overlay<T>>,
    throttle: RefCell<Throttle<Command>>,
    part: Cell<usize>,
    timer: RefCell<Option<Timer>>,
}

impl<T: Clone + PartialEq + Default + 'static> Default for Wish<T> {
    fn default() -> Self {
        Self {
            shown: Signal::default(),
            unit: RefCell::default(),
            overlay: RefCell::default(),
            throttle: RefCell::new(Throttle::new(EVERY_MS)),
            part: Cell::new(0),
            timer: RefCell::default(),
        }
    }
}

impl<T: Clone + PartialEq + Default + 'static> Wish<T> {
    /// The unit's value.
    pub fn told(&self, value: T) {
        self.unit.replace(value);
        self.refresh();
    }

    /// Shows a value without asking for it yet.
    pub fn show(&self, value: T) {
        self.overlay.borrow_mut().show(value);
        self.refresh();
    }

    /// Shows a value and asks the unit for it. A held command gives way to a newer one of the same `part`
    /// of the value and goes out before one of another part.
    pub fn want(&'static self, link: &'static Link, part: usize, value: T, command: Command) {
        self.overlay.borrow_mut().show(value);
        if self.part.replace(part) != part {
            self.flush(link);
        }
        let due = self.throttle.borrow_mut().offer(command, now_ms());
        match due {
            Some(command) => self.send(link, command),
            None => {
                let wait = self.throttle.borrow().wait_ms(now_ms());
                self.timer.replace(Some(after(wait, move || self.flush(link))));
            }
        }
        self.refresh();
    }

    /// The control is held by a finger, or let go.
    pub fn hold(&'static self, link: &'static Link, held: bool) {
        if !held {
            self.flush(link);
        }
        self.overlay.borrow_mut().hold(held);
        self.refresh();
    }

    pub fn answered(&self, id: u64) -> bool {
        let mine = self.overlay.borrow_mut().answered(id);
        self.refresh();
        mine
    }

    pub fn forget(&self) {
        self.overlay.borrow_mut().drop_all();
        self.timer.take();
        let _ = self.throttle.borrow_mut().release(now_ms());
        self.refresh();
    }

    fn flush(&self, link: &Link) {
        self.timer.take();
        let held = self.throttle.borrow_mut().release(now_ms());
        if let Some(command) = held {
            self.send(link, command);
        }
    }

    fn send(&self, link: &Link, command: Command) {
        let id = link.command(command);
        self.overlay.borrow_mut().sent(id);
    }

    fn refresh(&self) {
        let shown = self.overlay.borrow().over(self.unit.borrow().clone());
        self.shown.put(shown);
    }
}
