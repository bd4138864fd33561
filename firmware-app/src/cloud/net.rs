//! Connections to the cloud: TCP, and TLS unless it is this very machine.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::address::Address;
use super::config::CloudError;
use super::trouble::Trouble;

/// The cloud answers a call within.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// A connection, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Makes connections to one cloud.
pub(crate) struct Dialer {
    pub address: Address,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Dialer {
    /// `authority` is a file of more certificates to be trusted.
    ///
    /// # Errors
    /// The certificates cannot be read, or the host is no name a certificate could be for.
    pub fn new(address: Address, authority: Option<&Path>) -> Result<Self, CloudError> {
        let tls = if address.is_secure {
            let name = ServerName::try_from(address.host.clone())
                .map_err(|_| CloudError::Address(format!("{} is no name of a server", address.host)))?;
            Some((connector(authority)?, name))
        } else {
            None
        };
        Ok(Self { address, tls })
    }

    /// A new connection.
    pub async fn dial(&self) -> Result<Box<dyn Stream>, Trouble> {
        let connect = async {
            let tcp = TcpStream::connect((self.address.host.as_str(), self.address.port)).await?;
            tcp.set_nodelay(true)?;
            Ok::<Box<dyn Stream>, std::io::Error>(match &self.tls {
                Some((connector, name)) => Box::new(connector.connect(name.clone(), tcp).await?),
                None => Box::new(tcp),
            })
        };
        match tokio::time::timeout(CONNECT_WITHIN, connect).await {
            Ok(connected) => connected.map_err(|error| Trouble::Unreachable(error.to_string())),
            Err(_) => Err(Trouble::Unreachable("it takes too long".into())),
        }
    }
}

fn connector(authority: Option<&Path>) -> Result<TlsConnector, CloudError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = authority {
        let bad = |why: String| CloudError::Authority { path: path.to_path_buf(), why };
        let pem = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| CloudError::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
