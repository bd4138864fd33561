//! What the desktop may know of the program itself.

/// `org.mpris.MediaPlayer2`.
pub struct Root;

// The names are the specification's: methods and properties are found by them.
#[zbus::interface(name = "org.mpris.MediaPlayer2")]
impl Root {
    /// The window stays where it is.
    fn raise(&self) {}

    /// The ignition ends the stereo, not the desktop.
    fn quit(&self) {}

    #[zbus(property)]
    fn can_quit(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn can_raise(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn has_track_list(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn identity(&self) -> &str {
        "Rusty Audio"
    }

    /// Music comes from the unit's media.
    #[zbus(property)]
    fn supported_uri_schemes(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn supported_mime_types(&self) -> Vec<String> {
        Vec::new()
    }
}
