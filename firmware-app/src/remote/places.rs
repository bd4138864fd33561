//! Where the unit is reached, and keeping everybody told when that changes: phones' addresses, the names it
//! answers to, its announcement on the network, its certificate.

use std::net::{IpAddr, SocketAddr};
use std::time::SystemTime;

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::addresses;
use super::certificate::Certificates;
use super::config::RemoteError;
use super::mdns::{Announced, Announcement};
use super::server::Server;

/// Where the unit is reached.
pub(crate) struct Places {
    pub http: Option<SocketAddr>,
    pub https: Option<SocketAddr>,
    /// Host name without `.local`; `None` where nobody but this machine can reach it.
    pub label: Option<String>,
    own: Vec<IpAddr>,
    tls: Option<Tls>,
    announcement: Option<Announcement>,
}

struct Tls {
    certificates: Certificates,
    acceptor: watch::Sender<TlsAcceptor>,
}

impl Places {
    /// The places as they are now. Unless the server is `announced` and can be reached from elsewhere, it has
    /// no name.
    pub fn new(http: Option<SocketAddr>, https: Option<SocketAddr>, name: &str, announced: bool) -> Self {
        let bound = [http, https].into_iter().flatten();
        let is_reached = bound.map(|at| at.ip().to_canonical()).any(|ip| !ip.is_loopback());
        let label = (announced && is_reached).then(|| addresses::label(name));
        Self { http, https, label, own: addresses::own(), tls: None, announcement: None }
    }

    /// Makes a certificate for these places; what serves it is always the newest of the answer.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn certify(
        &mut self,
        mut certificates: Certificates,
    ) -> Result<watch::Receiver<TlsAcceptor>, RemoteError> {
        let acceptor = certificates.acceptor(&self.names(), &self.own, SystemTime::now())?;
        let (acceptor, newest) = watch::channel(acceptor);
        self.tls = Some(Tls { certificates, acceptor });
        Ok(newest)
    }

    /// Tells the network.
    pub fn announce(&mut self, server: &Server) {
        let (at, is_secure) = match (self.http, self.https) {
            (Some(at), _) => (at, false),
            (None, Some(at)) => (at, true),
            (None, None) => return,
        };
        if let Some(label) = &self.label {
            let unit = server.unit();
            self.announcement = Announcement::start(&Announced { unit: &unit, label, at, is_secure });
        }
    }

    /// Waits until another unit turned out to have our name; then we have another.
    pub async fn renamed(&self) -> String {
        match &self.announcement {
            Some(announcement) => announcement.renamed().await,
            None => std::future::pending().await,
        }
    }

    /// Takes over a new name and tells everybody.
    pub fn take_name(&mut self, server: &Server, name: &str) {
        self.label = Some(name.strip_suffix(".local").unwrap_or(name).to_owned());
        self.tell(server);
    }

    /// Looks whether the addresses have changed, and tells everybody if so.
    pub fn look(&mut self, server: &Server) {
        let now = addresses::own();
        if now != self.own {
            self.own = now;
            self.tell(server);
        }
        self.renew();
    }

    /// Tells everybody how things are.
    pub fn tell(&mut self, server: &Server) {
        let names = self.names();
        server.hosts.set(names.clone(), self.own.clone());
        let name = names.first().map(String::as_str);
        let at = |scheme, bound: Option<SocketAddr>| {
            bound.map(|bound| addresses::urls(scheme, bound, &self.own, name)).unwrap_or_default()
        };
        server.set_addresses(at("http", self.http).into_iter().chain(at("https", self.https)).collect());
        self.renew();
    }

    fn renew(&mut self) {
        let (names, now) = (self.names(), SystemTime::now());
        let Some(tls) = &mut self.tls else { return };
        if !tls.certificates.is_outdated(&names, &self.own, now) {
            return;
        }
        match tls.certificates.acceptor(&names, &self.own, now) {
            Ok(acceptor) => {
                tls.acceptor.send_replace(acceptor);
            }
            Err(error) => tracing::error!(%error, "the old certificate stays"),
        }
    }

    fn names(&self) -> Vec<String> {
        self.label.iter().map(|label| format!("{label}.local")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_unit_that_others_can_reach_has_a_name() {
        let label = |at: &str, announced| Places::new(at.parse().ok(), None, "Anna's Bus", announced).label;
        assert_eq!(label("0.0.0.0:80", true).as_deref(), Some("annas-bus"));
        assert_eq!(label("192.168.1.20:80", true).as_deref(), Some("annas-bus"));
        assert_eq!(label("0.0.0.0:80", false), None);
        assert_eq!(label("127.0.0.1:80", true), None);
        assert_eq!(label("[::1]:80", true), None);
    }
}
