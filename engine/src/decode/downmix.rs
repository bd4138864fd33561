//! Any channel layout to stereo by the coefficients of ITU-R BS.775.
//!
//! ITU-R BS.775-3, annex 4, table 2, "stereo 2/0 format":
//! ```text
//! L' = L + 0.7071 C + 0.7071 Ls        R' = R + 0.7071 C + 0.7071 Rs
//! ```
//! The low-frequency effects channel is left out, as the Recommendation says. A single surround channel S
//! stands for Ls = Rs = 0.7071 S, so it enters each side with 0.5. Side and rear pairs of 7.1 are both
//! surrounds. Layouts the Recommendation does not name follow the same geometry: further front pairs count as
//! L and R, and height channels like the floor channel below them.
//!
//! The sums are not scaled down: dialogue and music of a multichannel file come out as loud as those of a
//! stereo file. Peaks may pass full scale (by 7.66 dB at worst); samples are float all the way and the
//! limiter at the end of the chain holds the ceiling.
//!
//! Mono goes to both sides unchanged.
use symphonia::core::audio::{ChannelLabel, Channels, Position};

/// −3 dB.
const R: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Gains of one input channel into left and right.
pub(super) type Gains = [f32; 2];

/// How a layout becomes stereo.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Downmix {
    /// One channel, to both sides.
    Mono,
    /// Two channels, as they are.
    Stereo,
    /// One pair of gains a channel, in the order of the planes.
    Matrix(Vec<Gains>),
}

impl Downmix {
    /// The downmix for a channel set as the codec gives it.
    pub fn new(channels: &Channels) -> Self {
        match channels.count() {
            1 => Self::Mono,
            2 => Self::Stereo,
            _ => Self::Matrix(matrix(channels)),
        }
    }
}

fn matrix(channels: &Channels) -> Vec<Gains> {
    match channels {
        // Planes are in the order of the bits.
        Channels::Positioned(set) => set.iter().map(gains).collect(),
        Channels::Custom(labels) => labels.iter().enumerate().map(|(i, label)| labelled(i, *label)).collect(),
        other => (0..other.count()).map(unlabelled).collect(),
    }
}

fn labelled(index: usize, label: ChannelLabel) -> Gains {
    match label {
        ChannelLabel::Positioned(position) => gains(position),
        _ => unlabelled(index),
    }
}

/// Channels that say nothing of their place: the first two are the front pair, the rest is left out.
fn unlabelled(index: usize) -> Gains {
    match index {
        0 => [1.0, 0.0],
        1 => [0.0, 1.0],
        _ => [0.0, 0.0],
    }
}

fn gains(position: Position) -> Gains {
    const LEFT: Position = Position::FRONT_LEFT
        .union(Position::FRONT_LEFT_WIDE)
        .union(Position::FRONT_LEFT_CENTER)
        .union(Position::TOP_FRONT_LEFT)
        .union(Position::BOTTOM_FRONT_LEFT);
    const RIGHT: Position = Position::FRONT_RIGHT
        .union(Position::FRONT_RIGHT_WIDE)
        .union(Position::FRONT_RIGHT_CENTER)
        .union(Position::TOP_FRONT_RIGHT)
        .union(Position::BOTTOM_FRONT_RIGHT);
    const CENTRE: Position = Position::FRONT_CENTER
        .union(Position::TOP_FRONT_CENTER)
        .union(Position::BOTTOM_FRONT_CENTER)
        .union(Position::TOP_CENTER);
    const SURROUND_LEFT: Position = Position::REAR_LEFT
        .union(Position::SIDE_LEFT)
        .union(Position::TOP_REAR_LEFT)
        .union(Position::TOP_SIDE_LEFT);
    const SURROUND_RIGHT: Position = Position::REAR_RIGHT
        .union(Position::SIDE_RIGHT)
        .union(Position::TOP_REAR_RIGHT)
        .union(Position::TOP_SIDE_RIGHT);
    const SURROUND: Position = Position::REAR_CENTER.union(Position::TOP_REAR_CENTER);
    let table = [
        (LEFT, [1.0, 0.0]),
        (RIGHT, [0.0, 1.0]),
        (CENTRE, [R, R]),
        (SURROUND_LEFT, [R, 0.0]),
        (SURROUND_RIGHT, [0.0, R]),
        (SURROUND, [0.5, 0.5]),
    ];
    table.iter().find(|(set, _)| set.contains(position)).map_or([0.0, 0.0], |(_, gains)| *gains)
}
