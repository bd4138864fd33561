//! At most so many values a second, and always the last one.

/// Holds back values that come too soon after the one before.
#[derive(Clone, Copy, Debug)]
pub struct Throttle<T> {
    every_ms: f64,
    last_ms: f64,
    held: Option<T>,
}

impl<T> Throttle<T> {
    pub const fn new(every_ms: f64) -> Self {
        Self { every_ms, last_ms: f64::NEG_INFINITY, held: None }
    }

    /// A new value: given back when it may go out now, else held in place of what was held before.
    pub fn offer(&mut self, value: T, now_ms: f64) -> Option<T> {
        if now_ms - self.last_ms >= self.every_ms {
            self.last_ms = now_ms;
            self.held = None;
            return Some(value);
        }
        self.held = Some(value);
        None
    }

    /// The held value, for when its time has come or nothing more will follow.
    pub fn release(&mut self, now_ms: f64) -> Option<T> {
        let held = self.held.take()?;
        self.last_ms = now_ms;
        Some(held)
    }

    /// Milliseconds until a held value may go out.
    pub fn wait_ms(&self, now_ms: f64) -> i32 {
        (self.last_ms + self.every_ms - now_ms).clamp(0.0, self.every_ms).ceil() as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_drag_is_sent_twenty_times_a_second_and_ends_on_its_last_value() {
        let mut throttle = Throttle::new(50.0);
        let mut sent = Vec::new();
        for ms in 0..1000 {
            sent.extend(throttle.offer(ms, f64::from(ms)));
        }
        sent.extend(throttle.release(1000.0));
        assert_eq!(sent.len(), 21);
        assert_eq!(sent.last(), Some(&999));
        assert_eq!(throttle.release(1001.0), None);
    }

    #[test]
    fn a_value_on_its_own_goes_out_at_once() {
        let mut throttle = Throttle::new(50.0);
        assert_eq!(throttle.offer('a', 0.0), Some('a'));
        assert_eq!(throttle.offer('b', 10.0), None);
        assert_eq!(throttle.wait_ms(10.0), 40);
        assert_eq!(throttle.offer('c', 60.0), Some('c'));
        assert_eq!(throttle.release(60.0), None, "an older value must not follow a newer one");
    }
}
