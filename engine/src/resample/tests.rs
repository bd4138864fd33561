//! Quality, length and alignment of the conversion.
