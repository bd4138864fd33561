//! The database (D1, which is SQLite): every query is a constant here, and a test asks SQLite how it would
//! run each of them: none may read a whole table.

mod db;
#[cfg(test)]
pub mod plans;

pub use db::{Db, Value, rows};

/// A query by its name in the logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Name of the constant.
    pub name: &'static str,
    /// The text, with `?1`, `?2`, … for the values.
    pub sql: &'static str,
}

/// Declares constants of [`Query`] and `ALL`, which lists them for the tests.
macro_rules! queries {
    ($($(#[$about:meta])* $name:ident = $sql:literal;)*) => {
        $($(#[$about])* pub const $name: $crate::store::Query =
            $crate::store::Query { name: stringify!($name), sql: $sql };)*
        /// All of them.
        pub const ALL: &[$crate::store::Query] = &[$($name),*];
    };
}

pub mod devices;
pub mod pairings;
pub mod people;
pub mod presets;
pub mod public_presets;
pub mod usage;

/// Every query of the worker, for the tests. A new file of queries is named here.
pub fn all() -> impl Iterator<Item = Query> {
    [people::ALL, devices::ALL, pairings::ALL, presets::ALL, public_presets::ALL, usage::ALL]
        .into_iter()
        .flatten()
        .copied()
}
