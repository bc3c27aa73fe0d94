//! TLS settings: the platform's certificate authorities, bundled ones for machines without any, and `--ca-cert`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::pinned::PinnedOr;

/// Which certificate authorities to trust.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trust<'a> {
    /// None: for plain http on loopback, where reading the platform's authorities would be the slowest part of a command.
    Nothing,
    /// The platform's, and those in the PEM file of `--ca-cert`.
    Platform { extra: Option<&'a Path> },
}

/// Builds the client's TLS configuration. Images without a certificate store are common in CI: there it uses the roots
/// bundled with this program.
pub(crate) fn client_config(trust: Trust<'_>) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let config = match trust {
        Trust::Nothing => builder.with_root_certificates(RootCertStore::empty()),
        Trust::Platform { extra } => {
            let extra = extra.map(read_pem).transpose()?.unwrap_or_default();
            builder.dangerous().with_custom_certificate_verifier(verifier(extra, &provider)?)
        }
    };
    Ok(config.with_no_client_auth())
}

fn verifier(
    extra: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>> {
    let chains: Arc<dyn ServerCertVerifier> = if let Some(verifier) = platform_verifier(&extra, provider) {
        Arc::new(verifier)
    } else {
        let roots = Arc::new(bundled_roots(extra.clone())?);
        WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider)).build()?
    };
    if extra.is_empty() {
        return Ok(chains);
    }
    Ok(Arc::new(PinnedOr { pinned: extra, other: chains }))
}

fn platform_verifier(extra: &[CertificateDer<'static>], provider: &Arc<CryptoProvider>) -> Option<Verifier> {
    // Built without the extra roots first: with them the verifier would also accept a platform without any.
    let platform = Verifier::new(Arc::clone(provider)).ok()?;
    if extra.is_empty() {
        return Some(platform);
    }
    Verifier::new_with_extra_roots(extra.iter().cloned(), Arc::clone(provider)).ok()
}

fn bundled_roots(extra: Vec<CertificateDer<'static>>) -> Result<RootCertStore> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in extra {
        roots.add(certificate).context("a certificate in the --ca-cert file is not a valid authority")?;
    }
    Ok(roots)
}

fn read_pem(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let shown = path.display();
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .with_context(|| format!("cannot read the CA file {shown}"))?
        .collect::<Result<_, _>>()
        .with_context(|| format!("cannot read the CA file {shown}"))?;
    anyhow::ensure!(!certificates.is_empty(), "no certificate in {shown}");
    Ok(certificates)
}
