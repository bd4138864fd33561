//! Reads JSON into the protocol's types.
//!
//! The unit's frames are small and well made, and this page is read over a car's Wi-Fi: a reader that tells
//! no reasons and needs no number formatting is a quarter of the code `serde_json`'s reader brings along
//! (`docs/decisions/0015-own-view-layer.md` has the figures). RFC 8259; escapes and surrogates included.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// Deeper than any frame; a frame that is deeper is not one.
const DEEPEST: u8 = 32;

/// Reads all of `text` as one value; `None` when it is not one.
pub fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = T::deserialize(&mut reader).ok()?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

/// It cannot be read. Why is for nobody to see.
#[derive(Debug)]
struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }

    // As their defaults, without the texts that would be formatted for nobody.
    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

type Read<T> = Result<T, Unreadable>;

/// As narrow as the text allows.
enum Number {
    Natural(u64),
    Whole(i64),
    Real(f64),
}

struct Reader<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
}

impl<'de> Reader<'de> {
    fn space(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    /// The next byte that is no space; it stays.
    fn peek(&mut self) -> u8 {
        self.space();
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn expect(&mut self, wanted: u8) -> Read<()> {
        if self.peek() != wanted {
            return Err(Unreadable);
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Read<()> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(Unreadable);
        }
        self.at += word.len();
        Ok(())
    }

    fn begin(&mut self, bracket: u8) -> Read<()> {
        self.expect(bracket)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(Unreadable) } else { Ok(()) }
    }

    fn end(&mut self, bracket: u8) -> Read<()> {
        self.depth -= 1;
        self.expect(bracket)
    }

    fn number(&mut self) -> Read<Number> {
        self.space();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len =
            rest.bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
        let number = &rest[..len.count()];
        self.at += number.len();
        if let Ok(number) = number.parse() {
            return Ok(Number::Natural(number));
        }
        if let Ok(number) = number.parse() {
            return Ok(Number::Whole(number));
        }
        number.parse().map(Number::Real).map_err(|_| Unreadable)
    }

    fn string(&mut self) -> Read<Cow<'de, str>> {
        self.expect(b'"')?;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')).ok_or(Unreadable)?;
        self.at += end + 1;
        let plain = &rest[..end];
        if rest.as_bytes()[end] == b'"' {
            return Ok(Cow::Borrowed(plain));
        }
        let mut out = plain.to_owned();
        self.escape(&mut out)?;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let end = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')).ok_or(Unreadable)?;
            out.push_str(&rest[..end]);
            self.at += end + 1;
            if rest.as_bytes()[end] == b'"' {
                return Ok(Cow::Owned(out));
            }
            self.escape(&mut out)?;
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self, out: &mut String) -> Read<()> {
        let byte = self.text.as_bytes().get(self.at).copied().ok_or(Unreadable)?;
        self.at += 1;
        out.push(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.code_point()?,
            _ => return Err(Unreadable),
        });
        Ok(())
    }

    fn code_point(&mut self) -> Read<char> {
        let high = self.hex()?;
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high).ok_or(Unreadable);
        }
        self.word("\\u")?;
        let low = self.hex()?;
        if !(0xDC00..0xE000).contains(&low) {
            return Err(Unreadable);
        }
        char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)).ok_or(Unreadable)
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Unreadable)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| Unreadable)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    /// Each visitor gets the one way it needs, below; this one is for what takes anything.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.peek() {
            b'n' => self.word("null").and_then(|()| visitor.visit_unit()),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'"' => self.deserialize_str(visitor),
            b'[' => self.deserialize_seq(visitor),
            b'{' => self.deserialize_map(visitor),
            _ => match self.number()? {
                Number::Natural(number) => visitor.visit_u64(number),
                Number::Whole(number) => visitor.visit_i64(number),
                Number::Real(number) => visitor.visit_f64(number),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let value = self.peek() == b't';
        self.word(if value { "true" } else { "false" })?;
        visitor.visit_bool(value)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.number()? {
            Number::Natural(number) => visitor.visit_u64(number),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.number()? {
            Number::Natural(number) => visitor.visit_u64(number),
            Number::Whole(number) => visitor.visit_i64(number),
            Number::Real(_) => Err(Unreadable),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.number()? {
            Number::Natural(number) => visitor.visit_u64(number),
            Number::Whole(number) => visitor.visit_i64(number),
            Number::Real(number) => visitor.visit_f64(number),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.begin(b'[')?;
        let value = visitor.visit_seq(Items { reader: self, first: true })?;
        self.end(b']').map(|()| value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.begin(b'{')?;
        let value = visitor.visit_map(Items { reader: self, first: true })?;
        self.end(b'}').map(|()| value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.peek() == b'n' {
            return self.word("null").and_then(|()| visitor.visit_none());
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        if self.peek() == b'"' {
            let Cow::Borrowed(name) = self.string()? else { return Err(Unreadable) };
            return visitor.visit_enum(BorrowedStrDeserializer::new(name));
        }
        self.expect(b'{')?;
        let value = visitor.visit_enum(&mut *self)?;
        self.expect(b'}').map(|()| value)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 char bytes byte_buf unit unit_struct tuple tuple_struct ignored_any
    }
}

/// `{"name": content}`.
impl<'de> EnumAccess<'de> for &mut Reader<'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<(S::Value, Self)> {
        let name = seed.deserialize(&mut *self)?;
        self.expect(b':')?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Read<()> {
        Err(Unreadable)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<S::Value> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Read<V::Value> {
        self.deserialize_any(visitor)
    }
}

/// The items of an array or an object, up to its closing bracket, which stays.
struct Items<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
}

impl Items<'_, '_> {
    fn more(&mut self, end: u8) -> Read<bool> {
        if self.reader.peek() == end {
            return Ok(false);
        }
        if !std::mem::replace(&mut self.first, false) {
            self.reader.expect(b',')?;
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if self.more(b']')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        if self.reader.peek() != b'"' {
            return Err(Unreadable);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<S::Value> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
