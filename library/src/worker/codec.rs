//! Values as bytes, little-endian, and back from a process that is not believed.
use crate::bytes::array;

/// Builds a message.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn bytes(&mut self, value: &[u8]) {
        self.0.extend_from_slice(value);
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    /// At most 65,535 bytes; more is cut at a character's boundary.
    pub(super) fn text(&mut self, value: &str) {
        let end = value.floor_char_boundary(usize::from(u16::MAX));
        let text = value.get(..end).unwrap_or_default();
        self.bytes(&u16::try_from(text.len()).unwrap_or(0).to_le_bytes());
        self.bytes(text.as_bytes());
    }

    /// `None` is one byte, `Some` five.
    pub(super) fn number(&mut self, value: Option<u32>) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            self.u32(value);
        }
    }
}

/// Takes a message apart; every method is `None` where it is not what it should be.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    pub(super) fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(part)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N).and_then(|bytes| array(bytes, 0))
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes).filter(|value| value.is_finite())
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// Text of at most `most` bytes.
    pub(super) fn text(&mut self, most: usize) -> Option<&'a str> {
        let length = usize::from(self.array().map(u16::from_le_bytes)?);
        (length <= most).then(|| std::str::from_utf8(self.bytes(length)?).ok())?
    }

    /// Text of at most `characters`, on one line.
    pub(super) fn line(&mut self, characters: usize) -> Option<String> {
        let text = self.text(usize::from(u16::MAX))?;
        let fits = text.len() <= characters || text.chars().count() <= characters;
        (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// What [`Writer::number`] wrote. The outer `Option` is the message's fault, the inner one is the value.
    #[allow(clippy::option_option)]
    pub(super) fn number(&mut self) -> Option<Option<u32>> {
        if self.flag()? { self.u32().map(Some) } else { Some(None) }
    }

    /// A finite gain; the value is left out when it is not finite.
    #[allow(clippy::option_option)]
    pub(super) fn gain(&mut self) -> Option<Option<f32>> {
        self.number().map(|bits| bits.map(f32::from_bits).filter(|gain| gain.is_finite()))
    }

    /// `value` if the message ends here.
    pub(super) fn end<T>(self, value: T) -> Option<T> {
        self.rest.is_empty().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Writer};

    #[test]
    fn values_survive() {
        let mut writer = Writer::default();
        writer.text("Käse");
        writer.number(None);
        writer.number(Some(7));
        writer.bytes(&1.5_f64.to_le_bytes());
        let mut reader = Reader::new(&writer.0);
        assert_eq!(reader.line(4).as_deref(), Some("Käse"));
        assert_eq!((reader.number(), reader.number(), reader.f64()), (Some(None), Some(Some(7)), Some(1.5)));
        assert_eq!(reader.end(()), Some(()));
    }

    #[test]
    fn lies_are_refused() {
        let line = |text: &[u8], characters| {
            let mut message = (text.len() as u16).to_le_bytes().to_vec();
            message.extend(text);
            Reader::new(&message).line(characters)
        };
        assert_eq!(line(b"abc", 3).as_deref(), Some("abc"));
        assert_eq!(line(b"abcd", 3), None, "too long");
        assert_eq!(line(b"a\nb", 3), None, "two lines");
        assert_eq!(line(b"\xff", 3), None, "no UTF-8");
        assert_eq!(Reader::new(b"\xff\xffa").line(3), None, "more announced than there is");
        assert_eq!(Reader::new(&f64::NAN.to_le_bytes()).f64(), None);
        assert_eq!(Reader::new(&f64::INFINITY.to_le_bytes()).f64(), None);
        assert_eq!(Reader::new(&[2]).flag(), None);
        assert_eq!(Reader::new(&[0]).end(()), None, "bytes left over");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let mut writer = Writer::default();
        writer.text(&"é".repeat(40_000));
        assert_eq!(Reader::new(&writer.0).line(40_000).map(|text| text.len()), Some(65_534));
    }
}
