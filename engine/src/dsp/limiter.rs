//! Look-ahead peak limiter, both channels by the same gain.
//!
//! Each frame asks for the gain that brings it to the ceiling. The minimum over the look-ahead window
//! (Lemire's monotonic queue, arXiv:cs/0610046) is held, released exponentially, and smoothed by a
//! moving average as long as the window: every value averaged for a frame already covers that frame,
//! so the average can never let it over the ceiling. Gains are integers (units of 2⁻³⁰, rounded down):
//! the running sum is exact, and a gain of 1 is exactly 1, which passes every bit.

/// How far it looks ahead, seconds.
const LOOK_AHEAD_S: f64 = 0.0015;
/// Time constant of the release, seconds.
const RELEASE_S: f64 = 0.080;
/// Gain 1.
const ONE: u32 = 1 << 30;

#[derive(Clone, Copy, Debug, Default)]
struct Candidate {
    gain: u32,
    at: u32,
}

/// The stage.
#[derive(Debug)]
pub(crate) struct Limiter {
    look_ahead: usize,
    ceiling: f32,
    /// The highest ceiling any frame still in the delay line was measured against, and for how long.
    guard: f32,
    guard_left: usize,
    /// `look_ahead` frames of delay, then room for a block.
    line: Vec<f32>,
    /// Monotonic queue: gains rising from `head`, a ring of a power of two.
    queue: Vec<Candidate>,
    head: usize,
    len: usize,
    clock: u32,
    held: u32,
    /// The last `look_ahead` held gains and their sum.
    average: Vec<u32>,
    cursor: usize,
    sum: u64,
    /// Release per frame, in 2⁻³² of the way left.
    release: u64,
    /// Frames since any gain in the window, the release or the average was below 1.
    calm: usize,
    lowest: u32,
}

impl Limiter {
    /// For blocks of at most `block` frames at `rate` Hz.
    pub fn new(rate: u32, block: usize, ceiling: f32) -> Self {
        let look_ahead = Self::latency(rate);
        let release = (1.0 - (-1.0 / (f64::from(rate) * RELEASE_S)).exp()) * 2f64.powi(32);
        Self {
            look_ahead,
            ceiling,
            guard: ceiling,
            guard_left: 0,
            line: vec![0.0; 2 * (look_ahead + block)],
            queue: vec![Candidate::default(); (look_ahead + 2).next_power_of_two()],
            head: 0,
            len: 0,
            clock: 0,
            held: ONE,
            average: vec![ONE; look_ahead],
            cursor: 0,
            sum: u64::from(ONE) * look_ahead as u64,
            release: release as u64,
            calm: usize::MAX,
            lowest: ONE,
        }
    }

    /// Frames by which the output is later than the input.
    pub fn latency(rate: u32) -> usize {
        ((f64::from(rate) * LOOK_AHEAD_S).round() as usize).max(1)
    }

    /// A new ceiling, linear, for the frames that come from now on.
    pub fn set_ceiling(&mut self, ceiling: f32) {
        if ceiling != self.ceiling {
            self.guard = self.guard.max(ceiling);
            self.guard_left = self.look_ahead;
            self.ceiling = ceiling;
        }
    }

    /// The lowest gain since it was last asked, linear.
    pub fn take_lowest(&mut self) -> f32 {
        let lowest = std::mem::replace(&mut self.lowest, ONE);
        lowest as f32 / ONE as f32
    }

    /// Limits `block` (interleaved stereo, finite) in place, delayed by [`Self::latency`].
    pub fn run(&mut self, block: &mut [f32]) {
        let (delay, samples) = (2 * self.look_ahead, block.len());
        if let Some(room) = self.line.get_mut(delay..delay + samples) {
            room.copy_from_slice(block);
        }
        let peak = block.iter().fold(0.0f32, |most, x| most.max(x.abs()));
        if peak <= self.ceiling && self.calm > 2 * self.look_ahead {
            if let Some(due) = self.line.get(..samples) {
                block.copy_from_slice(due);
            }
            self.rest(samples / 2);
        } else {
            self.limit(block);
        }
        self.line.copy_within(samples..samples + delay, 0);
        self.guard_left = self.guard_left.saturating_sub(samples / 2);
        if self.guard_left == 0 {
            self.guard = self.ceiling;
        }
    }

    /// All gains are 1 and stay so: only time passes.
    fn rest(&mut self, frames: usize) {
        self.calm = self.calm.saturating_add(frames);
        self.clock = self.clock.wrapping_add(frames as u32);
        self.len = 0;
    }

    fn limit(&mut self, block: &mut [f32]) {
        let guard = self.guard;
        for at in 0..block.len() / 2 {
            let ahead = 2 * (self.look_ahead + at);
            let wanted = match self.line.get(ahead..ahead + 2) {
                Some(&[left, right]) => self.wanted(left.abs().max(right.abs())),
                _ => ONE,
            };
            let gain = self.advance(wanted);
            if let (Some(out), Some(due)) =
                (block.get_mut(2 * at..2 * at + 2), self.line.get(2 * at..2 * at + 2))
            {
                for (out, due) in out.iter_mut().zip(due) {
                    // The product may round up by one unit in the last place.
                    *out = (due * gain).clamp(-guard, guard);
                }
            }
        }
    }

    #[inline]
    fn wanted(&self, peak: f32) -> u32 {
        if peak <= self.ceiling {
            ONE
        } else {
            (f64::from(self.ceiling) / f64::from(peak) * f64::from(ONE)) as u32
        }
    }

    /// Takes in what the newest frame wants; gives the gain of the oldest.
    #[inline]
    fn advance(&mut self, wanted: u32) -> f32 {
        let least = self.window_minimum(wanted);
        let way = u64::from(ONE - self.held);
        let released = u64::from(self.held) + ((way * self.release) >> 32).max(1);
        self.held = released.min(u64::from(least)) as u32;
        if let Some(oldest) = self.average.get_mut(self.cursor) {
            self.sum = self.sum + u64::from(self.held) - u64::from(*oldest);
            *oldest = self.held;
        }
        self.cursor = if self.cursor + 1 == self.look_ahead { 0 } else { self.cursor + 1 };
        if self.held < ONE {
            self.calm = 0;
        } else {
            self.calm = self.calm.saturating_add(1);
        }
        let gain = (self.sum / self.look_ahead as u64) as u32;
        self.lowest = self.lowest.min(gain);
        gain as f32 / ONE as f32
    }

    /// Least gain wanted by the newest frame and the `look_ahead` before it.
    fn window_minimum(&mut self, wanted: u32) -> u32 {
        let mask = self.queue.len() - 1;
        let now = self.clock;
        self.clock = now.wrapping_add(1);
        while self.len > 0 && self.candidate((self.head + self.len - 1) & mask).gain >= wanted {
            self.len -= 1;
        }
        if let Some(free) = self.queue.get_mut((self.head + self.len) & mask) {
            *free = Candidate { gain: wanted, at: now };
            self.len += 1;
        }
        while now.wrapping_sub(self.candidate(self.head).at) as usize > self.look_ahead {
            self.head = (self.head + 1) & mask;
            self.len -= 1;
        }
        self.candidate(self.head).gain
    }

    fn candidate(&self, at: usize) -> Candidate {
        self.queue.get(at).copied().unwrap_or_default()
    }
}
