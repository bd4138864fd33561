//! How a remote is connected: by a WebSocket of its own, or relayed.

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};

/// What comes in.
#[derive(Debug)]
pub(crate) enum Said {
    /// A frame.
    Text(Utf8Bytes),
    /// A frame that was on its way for too long.
    Late(Utf8Bytes),
    /// A frame that does not come in its turn.
    Again(Utf8Bytes),
    /// Something that is no frame at all.
    NoText,
    /// A sign of life.
    Nothing,
    /// The remote has gone.
    Gone,
}

/// A connection to one remote.
pub(crate) trait Line: Send + 'static {
    /// Frames come by way of others and may be late; whether the remote is there is known without asking.
    const IS_RELAYED: bool;

    /// What comes in next. When it is dropped before, nothing is lost.
    fn hear(&mut self) -> impl Future<Output = Said> + Send;
    /// Sends a frame; false: the remote has gone.
    fn say(&mut self, text: Utf8Bytes) -> impl Future<Output = bool> + Send;
    /// Asks whether the remote is there; false: it is not.
    fn ask(&mut self) -> impl Future<Output = bool> + Send;
    /// Ends the connection; what was said last has then arrived.
    fn end(&mut self) -> impl Future<Output = ()> + Send;
}

impl Line for WebSocket {
    const IS_RELAYED: bool = false;

    async fn hear(&mut self) -> Said {
        match self.recv().await {
            Some(Ok(Message::Text(text))) => Said::Text(text),
            Some(Ok(Message::Binary(_))) => Said::NoText,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Said::Nothing,
            Some(Ok(Message::Close(_)) | Err(_)) | None => Said::Gone,
        }
    }

    async fn say(&mut self, text: Utf8Bytes) -> bool {
        self.send(Message::Text(text)).await.is_ok()
    }

    async fn ask(&mut self) -> bool {
        self.send(Message::Ping(Vec::new().into())).await.is_ok()
    }

    async fn end(&mut self) {
        let _ = self.send(Message::Close(None)).await;
        // What it still says is read away, or the system would throw the last word away with it.
        while let Some(Ok(_)) = self.recv().await {}
    }
}
