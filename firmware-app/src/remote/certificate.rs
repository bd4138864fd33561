//! The unit's own https: an authority that a phone is made to trust once, and a certificate it signs.
//!
//! The authority may sign for nothing but names below `.local` and private addresses (name constraints, RFC
//! 5280, section 4.2.1.10), so that whoever trusts it gives away nothing else, even if the unit is stolen.

use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};
use tokio_rustls::TlsAcceptor;

use super::config::RemoteError;

/// In the data folder.
const FOLDER: &str = "https";
/// What Apple's systems take at most from an authority the user installed is 825 days.
const LIFE: Duration = Duration::from_secs(800 * 24 * 60 * 60);
/// A new one is made this long before.
const RENEWED_BEFORE: Duration = Duration::from_secs(60 * 24 * 60 * 60);
/// Of the authority.
const AUTHORITY_YEARS: u64 = 20;
/// A unit without a clock's battery starts in 1970: time before this is none (2026-01-01).
const EARLIEST: Duration = Duration::from_secs(1_767_225_600);

/// What is known of the stored certificate without reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    authority: String,
    names: Vec<String>,
    ends_unix_s: u64,
}

/// Keys and certificates in the data folder.
pub(crate) struct Certificates {
    folder: PathBuf,
    authority: String,
    authority_der: Vec<u8>,
    authority_key: KeyPair,
    unit_key: KeyPair,
    about: About,
    unit_der: Vec<u8>,
}

fn failed(error: impl std::fmt::Display) -> RemoteError {
    RemoteError::Certificate(error.to_string())
}

impl Certificates {
    /// Reads what there is, and makes what is missing or belongs to another unit.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn open(data: &Path, unit_id: &str) -> Result<Self, RemoteError> {
        let folder = data.join(FOLDER);
        make_folder(&folder).map_err(failed)?;
        let authority = format!("Rusty Audio {}", unit_id.get(..8).unwrap_or(unit_id));
        let about: About = std::fs::read(folder.join("about.json"))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        let is_ours = about.authority == authority;
        let key = |name: &str| -> Result<(KeyPair, bool), RemoteError> {
            let path = folder.join(name);
            let stored = std::fs::read_to_string(&path).ok().filter(|_| is_ours);
            if let Some(key) = stored.and_then(|pem| KeyPair::from_pem(&pem).ok()) {
                return Ok((key, false));
            }
            let key = KeyPair::generate().map_err(failed)?;
            write_secret(&path, key.serialize_pem().as_bytes()).map_err(failed)?;
            Ok((key, true))
        };
        let (authority_key, is_new) = key("authority.key")?;
        let (unit_key, is_new_unit) = key("unit.key")?;
        let stored = std::fs::read(folder.join("authority.der")).ok().filter(|_| is_ours && !is_new);
        let authority_der = match stored {
            Some(der) => der,
            None => {
                let der =
                    authority_params(&authority).self_signed(&authority_key).map_err(failed)?.der().to_vec();
                std::fs::write(folder.join("authority.der"), &der).map_err(failed)?;
                der
            }
        };
        let is_usable = is_ours && !is_new && !is_new_unit;
        let unit_der = std::fs::read(folder.join("unit.der")).unwrap_or_default();
        let about = if is_usable && !unit_der.is_empty() { about } else { About::default() };
        Ok(Self { folder, authority, authority_der, authority_key, unit_key, about, unit_der })
    }

    /// The authority, for phones.
    pub fn authority_der(&self) -> &[u8] {
        &self.authority_der
    }

    /// Whether the unit is known by other names now, or the certificate ends soon.
    pub fn is_outdated(&self, names: &[String], addresses: &[IpAddr], now: SystemTime) -> bool {
        let ends = UNIX_EPOCH + Duration::from_secs(self.about.ends_unix_s);
        let soon = since_epoch(now) + RENEWED_BEFORE;
        self.about.names != certified(names, addresses) || UNIX_EPOCH + soon > ends
    }

    /// What serves TLS with a certificate for these names; made anew where the old one is outdated.
    ///
    /// # Errors
    /// It cannot be made or stored.
    pub fn acceptor(
        &mut self,
        names: &[String],
        addresses: &[IpAddr],
        now: SystemTime,
    ) -> Result<TlsAcceptor, RemoteError> {
        if self.is_outdated(names, addresses, now) {
            self.renew(certified(names, addresses), now)?;
        }
        let chain = vec![
            CertificateDer::from(self.unit_der.clone()),
            CertificateDer::from(self.authority_der.clone()),
        ];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.unit_key.serialize_der()));
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(failed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn renew(&mut self, names: Vec<String>, now: SystemTime) -> Result<(), RemoteError> {
        let begins = since_epoch(now).saturating_sub(Duration::from_secs(24 * 60 * 60));
        let ends = begins + LIFE;
        let mut params = CertificateParams::new(names.clone()).map_err(failed)?;
        params.distinguished_name.push(DnType::CommonName, "Rusty Audio");
        params.not_before = date_time_ymd(1970, 1, 1) + begins;
        params.not_after = date_time_ymd(1970, 1, 1) + ends;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let authority = authority_params(&self.authority);
        let issuer = Issuer::from_params(&authority, &self.authority_key);
        let der = params.signed_by(&self.unit_key, &issuer).map_err(failed)?.der().to_vec();
        let about = About { authority: self.authority.clone(), names, ends_unix_s: ends.as_secs() };
        let text = serde_json::to_vec(&about).map_err(failed)?;
        // A power cut between the two leaves what the next start makes anew.
        std::fs::write(self.folder.join("unit.der"), &der).map_err(failed)?;
        std::fs::write(self.folder.join("about.json"), text).map_err(failed)?;
        tracing::info!(names = ?about.names, "a certificate was made");
        (self.about, self.unit_der) = (about, der);
        Ok(())
    }
}

fn since_epoch(now: SystemTime) -> Duration {
    now.duration_since(UNIX_EPOCH).unwrap_or_default().max(EARLIEST)
}

/// The names a certificate is made for: those the authority may sign for, in order.
fn certified(names: &[String], addresses: &[IpAddr]) -> Vec<String> {
    let own = addresses.iter().filter(|address| is_private(address)).map(ToString::to_string);
    let mut all: Vec<String> = names.iter().cloned().chain(own).collect();
    all.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    all.sort_unstable();
    all.dedup();
    all
}

fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_private() || four.is_loopback() || four.is_link_local(),
        IpAddr::V6(six) => six.is_unique_local() || six.is_loopback() || six.is_unicast_link_local(),
    }
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted(), excluded_subtrees: Vec::new() });
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2026, 1, 1) + Duration::from_secs(AUTHORITY_YEARS * 365 * 24 * 60 * 60);
    params
}

/// What [`certified`] can name, and nothing else.
fn permitted() -> Vec<GeneralSubtree> {
    let four = |octets, prefix| GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(octets, prefix));
    let six = |first: [u8; 2], prefix| {
        let mut octets = [0; 16];
        octets[..2].copy_from_slice(&first);
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(octets, prefix))
    };
    let mut loopback = [0; 16];
    loopback[15] = 1;
    vec![
        GeneralSubtree::DnsName("local".into()),
        GeneralSubtree::DnsName("localhost".into()),
        four([10, 0, 0, 0], 8),
        four([172, 16, 0, 0], 12),
        four([192, 168, 0, 0], 16),
        four([169, 254, 0, 0], 16),
        four([127, 0, 0, 0], 8),
        six([0xfc, 0], 7),
        six([0xfe, 0x80], 10),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(loopback, 128)),
    ]
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder)
}

/// Writes a file that only its owner reads, whole or not at all.
fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> SystemTime {
        UNIX_EPOCH + EARLIEST + Duration::from_secs(1_000_000)
    }

    const UNIT: &str = "0123456789abcdef";

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_certificate_is_kept_until_it_ends_soon_or_the_names_change() {
        let data = tempfile::tempdir().unwrap();
        let own = names(&["unit.local"]);
        let mut first = Certificates::open(data.path(), UNIT).unwrap();
        first.acceptor(&own, &[], now()).unwrap();
        let mut again = Certificates::open(data.path(), UNIT).unwrap();
        assert_eq!(again.authority_der, first.authority_der);
        again.acceptor(&own, &[], now() + Duration::from_secs(86_400 * 700)).unwrap();
        assert_eq!(again.unit_der, first.unit_der);
        again.acceptor(&own, &["192.168.1.5".parse().unwrap()], now()).unwrap();
        assert_ne!(again.unit_der, first.unit_der);
        let before = again.unit_der.clone();
        let late = now() + Duration::from_secs(86_400 * 741);
        again.acceptor(&own, &["192.168.1.5".parse().unwrap()], late).unwrap();
        assert_ne!(again.unit_der, before);
        assert_eq!(again.authority_der, first.authority_der, "the phones' trust lasts");
    }

    #[test]
    fn another_unit_has_another_authority_and_a_damaged_file_is_made_anew() {
        let data = tempfile::tempdir().unwrap();
        let mut first = Certificates::open(data.path(), UNIT).unwrap();
        first.acceptor(&[], &[], now()).unwrap();
        std::fs::write(data.path().join("https/unit.key"), "rubbish").unwrap();
        let mut mended = Certificates::open(data.path(), UNIT).unwrap();
        assert_eq!(mended.authority_der, first.authority_der);
        mended.acceptor(&[], &[], now()).unwrap();
        let other = Certificates::open(data.path(), "fedcba9876543210").unwrap();
        assert_ne!(other.authority_der, first.authority_der);
    }

    #[test]
    fn only_private_addresses_are_certified_and_a_unit_without_a_clock_has_a_certificate_too() {
        let own = ["192.168.1.5", "8.8.8.8", "2001:db8::1", "fd00::1"].map(|ip| ip.parse().unwrap());
        assert_eq!(certified(&[], &own), ["127.0.0.1", "192.168.1.5", "::1", "fd00::1", "localhost"]);
        assert_eq!(since_epoch(UNIX_EPOCH), EARLIEST);
    }

    #[cfg(unix)]
    #[test]
    fn keys_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        Certificates::open(data.path(), UNIT).unwrap();
        for (name, mode) in [("https", 0o700), ("https/authority.key", 0o600), ("https/unit.key", 0o600)] {
            let about = std::fs::metadata(data.path().join(name)).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, mode, "{name}");
        }
    }
}
