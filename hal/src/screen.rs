//! The screen: where a picture is put on the glass, and what fingers do there.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// A rectangle of the picture, in its pixels from the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

impl Rect {
    /// A rectangle from its left top corner and its size.
    #[must_use]
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self { x, y, width, height }
    }

    /// The first column to the right of it.
    #[must_use]
    pub const fn right(self) -> u32 {
        self.x.saturating_add(self.width)
    }

    /// The first row below it.
    #[must_use]
    pub const fn bottom(self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// Whether it holds no pixel.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// What both have in common; empty if nothing.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = self.right().min(other.right()).saturating_sub(x);
        let height = self.bottom().min(other.bottom()).saturating_sub(y);
        Self { x, y, width, height }
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// Whether all of `other` lies in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        other.is_empty()
            || (self.x <= other.x
                && self.y <= other.y
                && self.right() >= other.right()
                && self.bottom() >= other.bottom())
    }
}

/// How the picture is turned on the panel, clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// As the panel is.
    #[default]
    None,
    /// 90°: the picture's top is at the panel's right edge.
    Quarter,
    /// 180°: upside down.
    Half,
    /// 270°: the picture's top is at the panel's left edge.
    ThreeQuarter,
}

/// The angle is none of 0, 90, 180, 270.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a screen is turned by 0, 90, 180 or 270 degrees")]
pub struct BadRotation;

impl FromStr for Rotation {
    type Err = BadRotation;

    fn from_str(text: &str) -> Result<Self, BadRotation> {
        Ok(match text {
            "0" => Self::None,
            "90" => Self::Quarter,
            "180" => Self::Half,
            "270" => Self::ThreeQuarter,
            _ => return Err(BadRotation),
        })
    }
}

impl Rotation {
    /// The picture's size on a panel of this size, and the other way round.
    #[must_use]
    pub const fn turned(self, (width, height): (u32, u32)) -> (u32, u32) {
        match self {
            Self::None | Self::Half => (width, height),
            Self::Quarter | Self::ThreeQuarter => (height, width),
        }
    }

    /// The place in a picture of size `picture` of a panel's pixel, which must be on the panel.
    #[must_use]
    pub const fn to_picture(self, (x, y): (u32, u32), picture: (u32, u32)) -> (u32, u32) {
        let (width, height) = picture;
        match self {
            Self::None => (x, y),
            Self::Quarter => (y, height - 1 - x),
            Self::Half => (width - 1 - x, height - 1 - y),
            Self::ThreeQuarter => (width - 1 - y, x),
        }
    }

    /// The rectangle of the panel on which a rectangle of the picture, which must lie in it, is shown.
    #[must_use]
    pub const fn to_panel(self, rect: Rect, picture: (u32, u32)) -> Rect {
        let (width, height) = picture;
        let (left, top) = (rect.x, rect.y);
        let (after_right, after_bottom) = (width - rect.right(), height - rect.bottom());
        match self {
            Self::None => rect,
            Self::Quarter => Rect::new(after_bottom, left, rect.height, rect.width),
            Self::Half => Rect::new(after_right, after_bottom, rect.width, rect.height),
            Self::ThreeQuarter => Rect::new(top, after_right, rect.height, rect.width),
        }
    }
}

/// What a finger does, in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Put down here.
    Down(u32, u32),
    /// Moved to here.
    Move(u32, u32),
    /// Taken off; it was here last.
    Up(u32, u32),
}

/// What happens to a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenEvent {
    /// A display can be drawn to; the picture has this size in pixels.
    Appeared {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// There is no display until the next [`ScreenEvent::Appeared`].
    Gone,
    /// A finger.
    Touch(Touch),
}

/// Why a picture is not shown. The screen looks for a display by itself; nobody needs to do anything but
/// wait for [`ScreenEvent::Appeared`], or, after [`ScreenError::Busy`], until it is ready.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// The picture before is not on the glass yet: present again when the screen is ready.
    #[error("the screen still waits for the picture before")]
    Busy,
    /// There is no display: wait until one appears.
    #[error("no display: {0}")]
    Absent(String),
    /// Another program draws on it: wait until that lets go.
    #[error("another program holds the display: {0}")]
    Taken(std::io::Error),
    /// The display was there and is gone: wait until it appears again.
    #[error("the display is gone: {0}")]
    Gone(std::io::Error),
    /// The picture is not as large as the screen said: draw one that is.
    #[error("the picture has {got} pixels, the screen {wanted}")]
    Size {
        /// Pixels of the picture.
        got: usize,
        /// Pixels of the screen.
        wanted: usize,
    },
}

/// Ends a [`Screen::wait`] from any thread.
pub type ScreenWaker = Arc<dyn Fn() + Send + Sync>;

/// The glass of the unit, with or without a display behind it at the moment.
pub trait Screen {
    /// Ends the wait that is under way, or the next one.
    fn waker(&self) -> ScreenWaker;

    /// Waits until something happened, somebody woke it, the screen became ready, or `longest` passed.
    /// Sleeps in the kernel meanwhile.
    fn wait(&mut self, longest: Duration) -> Vec<ScreenEvent>;

    /// Whether a picture would be shown now: there is a display, and the picture before is on the glass.
    fn is_ready(&self) -> bool;

    /// Shows a picture (rows of XRGB8888, without gaps), of which `dirty` changed since the one before, shown
    /// or not. Gives the bytes it copied.
    ///
    /// # Errors
    /// The picture is not shown; the variant names what to wait for.
    fn present(&mut self, picture: &[u32], dirty: &[Rect]) -> Result<usize, ScreenError>;

    /// Whether the display is lit. Dark ones save power and take no picture; a lit one shows the next.
    fn set_lit(&mut self, lit: bool);
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Rotation; 4] = [Rotation::None, Rotation::Quarter, Rotation::Half, Rotation::ThreeQuarter];

    #[test]
    fn the_corner_of_the_picture_is_where_the_rotation_says() {
        // A picture of 4 x 3; where its left top pixel is on the panel.
        let corners = [(0, 0), (2, 0), (3, 2), (0, 3)];
        for (rotation, (x, y)) in ALL.into_iter().zip(corners) {
            assert_eq!(
                rotation.to_panel(Rect::new(0, 0, 1, 1), (4, 3)),
                Rect::new(x, y, 1, 1),
                "{rotation:?}"
            );
            assert_eq!(rotation.to_picture((x, y), (4, 3)), (0, 0), "{rotation:?}");
        }
    }

    #[test]
    fn panel_and_picture_are_each_others_inverse() {
        let picture = (5, 3);
        for rotation in ALL {
            let panel = rotation.turned(picture);
            for (x, y) in (0..panel.0).flat_map(|x| (0..panel.1).map(move |y| (x, y))) {
                let (px, py) = rotation.to_picture((x, y), picture);
                assert!(px < picture.0 && py < picture.1);
                assert_eq!(rotation.to_panel(Rect::new(px, py, 1, 1), picture), Rect::new(x, y, 1, 1));
            }
            assert_eq!(rotation.to_panel(Rect::new(0, 0, 5, 3), picture), Rect::new(0, 0, panel.0, panel.1));
        }
    }

    #[test]
    fn rectangles_are_cut_and_joined() {
        let (a, b) = (Rect::new(0, 0, 4, 4), Rect::new(2, 3, 5, 5));
        assert_eq!(a.intersection(b), Rect::new(2, 3, 2, 1));
        assert_eq!(a.union(b), Rect::new(0, 0, 7, 8));
        assert!(a.intersection(Rect::new(4, 0, 1, 1)).is_empty());
        assert_eq!(a.union(Rect::default()), a);
        assert_eq!(Rect::default().union(b), b);
        assert!(a.contains(Rect::new(1, 1, 3, 3)) && !a.contains(b));
        assert_eq!(Rect::new(u32::MAX, 0, 9, 1).right(), u32::MAX);
    }

    #[test]
    fn only_right_angles_are_rotations() {
        assert_eq!(["0", "90", "180", "270"].map(Rotation::from_str), ALL.map(Ok));
        for text in ["45", "", "-90", "360"] {
            assert_eq!(text.parse::<Rotation>(), Err(BadRotation));
        }
    }
}
