//! What a connection needs of whoever serves it: the unit's own network, or the cloud.

use protocol::remote::UnitIdentity;

use super::hub::Hub;
use super::spectrum::Spectrum;
use crate::app::AppHandle;

/// Whoever serves remotes.
pub(crate) trait Host: Send + Sync {
    /// The stereo.
    fn app(&self) -> &AppHandle;
    /// Its frames.
    fn hub(&self) -> &Hub;
    /// Its spectrum, where it is shown.
    fn spectrum(&self) -> Option<&Spectrum>;
    /// Which unit this is.
    fn identity(&self) -> UnitIdentity;
    /// What a remote can do here.
    fn capabilities(&self) -> Vec<&'static str>;
    /// Whether this remote is still let in.
    fn is_known(&self, member: u64) -> bool;
    /// It was here until now.
    fn seen(&self, member: u64);
}
