//! How the link to the cloud is set up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::address::Address;
use crate::cloud_desk::CloudReport;

/// Hears every report besides the stereo.
pub type CloudListener = Arc<dyn Fn(&CloudReport) + Send + Sync>;

/// The command line's part of it, the same for the board and the simulator.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CloudArgs {
    /// The cloud this unit can be paired with, such as https://cloud.example [default: none]
    #[arg(long = "cloud", value_name = "URL")]
    pub url: Option<String>,
    /// File of certificates (PEM) to be trusted besides the usual ones, for a cloud of your own
    #[arg(long = "cloud-ca", value_name = "FILE", requires = "url")]
    pub authority: Option<PathBuf>,
}

/// The command line's part, checked.
#[derive(Clone, Debug)]
pub struct CloudOptions {
    pub(crate) address: Address,
    pub(crate) authority: Option<PathBuf>,
}

impl CloudArgs {
    /// What was asked for; `None`: no cloud.
    ///
    /// # Errors
    /// The address is none, or would send secrets in the clear.
    pub fn resolve(&self) -> Result<Option<CloudOptions>, CloudError> {
        let Some(url) = &self.url else { return Ok(None) };
        let address = Address::parse(url).map_err(|why| CloudError::Address(format!("{url}: {why}")))?;
        Ok(Some(CloudOptions { address, authority: self.authority.clone() }))
    }
}

/// How quickly things follow each other. The product's own pace is the default; tests are quicker.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The first wait before another try to connect is at most this.
    pub retry: Duration,
    /// Sounds that have changed are told this long after the last change.
    pub settle: Duration,
    /// Counts are sent this often.
    pub usage: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry: Duration::from_secs(1),
            settle: Duration::from_secs(2),
            usage: Duration::from_secs(300),
        }
    }
}

/// How the link is set up.
#[derive(Clone)]
pub struct CloudConfig {
    /// Which cloud.
    pub options: CloudOptions,
    /// As the owner calls the unit.
    pub name: String,
    /// What it is, such as `Raspberry Pi 4`; 40 characters at most.
    pub model: String,
    /// How quickly.
    pub pace: Pace,
    /// Hears what the stereo is told.
    pub reports: Option<CloudListener>,
}

impl CloudConfig {
    /// With the product's own pace.
    #[must_use]
    pub fn new(options: CloudOptions, name: impl Into<String>, model: impl Into<String>) -> Self {
        Self { options, name: name.into(), model: model.into(), pace: Pace::default(), reports: None }
    }
}

impl std::fmt::Debug for CloudConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CloudConfig")
            .field("options", &self.options)
            .field("name", &self.name)
            .field("model", &self.model)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

/// The link cannot start.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// Write another address.
    #[error("the cloud's address: {0}")]
    Address(String),
    /// Give another file.
    #[error("the certificates in {}: {why}", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There is no encryption to be had.
    #[error("no encryption: {0}")]
    Tls(String),
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(std::io::Error),
}
