//! Where kernel input events come from: a device, or the same bytes in a pipe or a file.

use std::io::{self, Read};

use evdev::{Device, InputEvent};

/// Bytes of the kernel's `struct input_event` here: two words of time, then type, code and value.
const EVENT_BYTES: usize = size_of::<libc::input_event>();

/// A source of kernel events.
pub trait EventStream: Send {
    /// Waits for the next events.
    ///
    /// # Errors
    /// The source has ended: `UnexpectedEof` at the end of a file, ENODEV after an unplug.
    fn read_events(&mut self) -> io::Result<Vec<InputEvent>>;
}

impl EventStream for Device {
    fn read_events(&mut self) -> io::Result<Vec<InputEvent>> {
        Ok(self.fetch_events()?.collect())
    }
}

/// Raw `input_event` structures, as `/dev/input/event*` gives them, from any reader.
#[derive(Debug)]
pub struct RawEvents<R> {
    reader: R,
}

impl<R: Read + Send> RawEvents<R> {
    /// Reads events from these bytes.
    pub fn new(reader: R) -> Self {
        Self { reader }
    }
}

impl<R: Read + Send> EventStream for RawEvents<R> {
    fn read_events(&mut self) -> io::Result<Vec<InputEvent>> {
        let mut bytes = [0; EVENT_BYTES];
        self.reader.read_exact(&mut bytes)?;
        let [.., t0, t1, c0, c1, v0, v1, v2, v3] = bytes;
        let (kind, code) = (u16::from_ne_bytes([t0, t1]), u16::from_ne_bytes([c0, c1]));
        Ok(vec![InputEvent::new(kind, code, i32::from_ne_bytes([v0, v1, v2, v3]))])
    }
}

/// Bytes of an event, for tests.
#[cfg(test)]
pub(super) fn raw_bytes(kind: u16, code: u16, value: i32) -> Vec<u8> {
    let mut bytes = vec![0x55; EVENT_BYTES - 8];
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(code.to_ne_bytes());
    bytes.extend(value.to_ne_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use evdev::EventType;

    #[test]
    fn raw_bytes_are_the_kernels_layout() {
        assert_eq!(std::mem::offset_of!(libc::input_event, type_), EVENT_BYTES - 8);
        assert_eq!(std::mem::offset_of!(libc::input_event, code), EVENT_BYTES - 6);
        assert_eq!(std::mem::offset_of!(libc::input_event, value), EVENT_BYTES - 4);
        let bytes = [raw_bytes(2, 7, -1), raw_bytes(0, 0, 0), vec![1, 2, 3]].concat();
        let mut events = RawEvents::new(&bytes[..]);
        let first = events.read_events().ok().and_then(|events| events.first().copied());
        let first = first.map(|event| (event.event_type(), event.code(), event.value()));
        assert_eq!(first, Some((EventType::RELATIVE, 7, -1)));
        assert!(events.read_events().is_ok());
        assert_eq!(events.read_events().err().map(|e| e.kind()), Some(io::ErrorKind::UnexpectedEof));
    }
}
