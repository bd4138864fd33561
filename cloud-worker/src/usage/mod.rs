//! What units tell about their use, if their owners wish.
//!
//! A unit's batch ([`take`]) goes into a queue, whose consumer ([`consume`]) writes each event once, however
//! often a batch comes. A message that cannot be worked off goes to another queue, whose consumer ([`dead`])
//! records it and tells somebody. The clock sums up days ([`sums`]), which their owner sees ([`summary`]).

mod alert;
mod consume;
mod dead;
mod message;
#[cfg(test)]
mod sql_tests;
mod summary;
mod sums;
mod take;

pub use alert::alert;
pub use consume::consume;
pub use dead::record;
pub use summary::{Summary, summary};
pub use sums::sum_up;
pub use take::take;
