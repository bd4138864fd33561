//! One WebSocket with its listeners, which end with it.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, WebSocket};

use crate::ui::window;

/// What a socket tells of itself.
pub enum Said {
    Open,
    Text(String),
    Closed,
}

/// An open or opening connection; dropping it closes it, and nothing is heard of it any more.
pub struct Socket {
    inner: WebSocket,
    _hear: [Closure<dyn FnMut(MessageEvent)>; 3],
}

impl Socket {
    /// Calls whoever served this page. `hear` is called with everything that comes.
    pub fn open(path: &str, hear: impl Fn(Said) + Clone + 'static) -> Option<Self> {
        let location = window().location();
        let secure = location.protocol().ok()? == "https:";
        let address = format!("{}://{}{path}", if secure { "wss" } else { "ws" }, location.host().ok()?);
        let inner = WebSocket::new(&address).ok()?;
        let listener = |say: fn(MessageEvent) -> Option<Said>| {
            let hear = hear.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event| {
                if let Some(said) = say(event) {
                    hear(said);
                }
            })
        };
        let open = listener(|_| Some(Said::Open));
        let message = listener(|event| event.data().as_string().map(Said::Text));
        let close = listener(|_| Some(Said::Closed));
        inner.set_onopen(Some(open.as_ref().unchecked_ref()));
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        // An error is always followed by a close.
        inner.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Self { inner, _hear: [open, message, close] })
    }

    pub fn send(&self, text: &str) {
        let _ = self.inner.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        let _ = self.inner.close();
    }
}
