//! Tests, to follow below.
