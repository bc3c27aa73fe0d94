//! The embedded portal: a stand-in for Bitrix24, faithful to `protocol`, over real HTTP.
//!
//! It runs inside a command (`-p sandbox`) or as a server of its own (`imconn sandbox serve`), on the same state file.

mod call;
mod control;
mod faults;
mod file;
mod limits;
mod listener;
mod methods;
mod oauth;
mod php;
mod reply;
mod request;
mod request_log;
mod response;
mod rest;
mod server;
mod spoiled;
mod state;
mod tls;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

pub(crate) use self::file::Reset;
use self::file::StateFile;
use self::listener::{Peer, REQUEST_LIMIT, Sockets};
use self::server::Server;
use self::state::{App, State, Token};
pub(crate) use self::tls::tls_acceptor;
use crate::store::file as private_file;
use crate::store::lock::FileLock;

/// The handler of `-p sandbox bind` without `--handler`.
pub(crate) const DEFAULT_HANDLER: &str = "https://bot.example.com/b24";
/// The user of `-p sandbox`.
const ADMINISTRATOR: u64 = 1;
/// The user without administrator rights.
const ORDINARY_USER: u64 = 2;

/// The sandbox's files.
#[derive(Debug, Clone)]
pub(crate) struct Sandbox {
    folder: PathBuf,
    state: StateFile,
}

pub(crate) struct ServeOptions {
    pub(crate) address: SocketAddr,
    pub(crate) control: SocketAddr,
    /// Whether the leaky bucket is on.
    pub(crate) limits: bool,
    /// For https.
    pub(crate) tls: Option<TlsAcceptor>,
}

/// What a client needs to use a served sandbox.
#[derive(Serialize)]
pub(crate) struct Ready {
    pub(crate) url: String,
    /// The administrator's.
    pub(crate) access_token: String,
    /// That of the user without administrator rights.
    pub(crate) user_access_token: String,
    /// The administrator's.
    pub(crate) refresh_token: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// Proves a delivery to a handler.
    pub(crate) application_token: String,
    /// The same address as `url`.
    pub(crate) oauth_server: String,
    /// The administrator's incoming webhook, for methods that need no application.
    pub(crate) webhook: String,
    /// The address for faults and the request log.
    pub(crate) control: String,
}

/// `serve.json`: where a running sandbox listens, for commands with `-p sandbox`.
#[derive(Debug, Serialize, Deserialize)]
struct ServeInfo {
    url: String,
}

/// A running sandbox; it stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    /// Its address.
    pub(crate) url: String,
    server: JoinHandle<()>,
    _serving: Option<FileLock>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Sandbox {
    /// The sandbox in the data folder; no file is opened yet.
    pub(crate) fn in_folder(data: &Path) -> Self {
        let folder = data.join("sandbox");
        Self { state: StateFile::in_folder(&folder), folder }
    }

    /// Removes bindings and queued events; tokens and keys stay valid if the state is readable.
    pub(crate) fn reset(&self) -> Result<Reset> {
        self.state.reset()
    }

    /// The application, and a token of the administrator that is valid for some minutes.
    pub(crate) fn credentials(&self) -> Result<(App, Token)> {
        self.state.with(|state| (state.app.clone(), current_or_new_token(state, ADMINISTRATOR)))
    }

    /// The permanent id of the portal.
    pub(crate) fn member_id(&self) -> Result<String> {
        self.state.with(|state| state.member_id.clone())
    }

    /// The address of a sandbox that another process serves.
    pub(crate) fn served(&self) -> Result<Option<String>> {
        if !self.folder.exists() || !FileLock::is_taken(&self.serve_lock())? {
            return Ok(None);
        }
        let text = private_file::read(&self.serve_info())?;
        let info = text.and_then(|text| serde_json::from_str::<ServeInfo>(&text).ok());
        Ok(info.map(|info| info.url))
    }

    /// Starts the portal inside this process, on a loopback port chosen by the system.
    pub(crate) async fn start(&self) -> Result<Running> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (listener, url) = listen(address, false).await?;
        let server = Arc::new(self.server(&url, false));
        Ok(Running { url, server: spawn(listener, None, server::router(server))?, _serving: None })
    }

    /// Starts the portal for other programs, with its control address, and records where it listens for `-p sandbox`.
    pub(crate) async fn serve(&self, options: ServeOptions) -> Result<(Running, Ready)> {
        let serving = self.lock_for_serving().await?;
        let (listener, url) = listen(options.address, options.tls.is_some()).await?;
        let (control_listener, control) = listen(options.control, false).await?;
        let server = Arc::new(self.server(&url, options.limits));
        let control_routes = control::router(Arc::clone(&server), control_listener.local_addr()?);
        spawn(control_listener, None, control_routes)?;
        let server = spawn(listener, options.tls, server::router(server))?;
        private_file::write(&self.serve_info(), &serde_json::to_string(&ServeInfo { url: url.clone() })?)?;
        let ready = self.state.with(|state| ready(state, &url, control))?;
        Ok((Running { url, server, _serving: Some(serving) }, ready))
    }

    async fn lock_for_serving(&self) -> Result<FileLock> {
        // A command that checks whether the sandbox is served holds the lock for a moment.
        for _ in 0..25 {
            if let Some(lock) = FileLock::try_now(&self.serve_lock())? {
                // A killed server's address must not be taken for this one's.
                let _ = std::fs::remove_file(self.serve_info());
                return Ok(lock);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let url = self.served()?.unwrap_or_default();
        bail!("this sandbox is already served at {url}; to serve another one, set IMCONN_DATA_DIR to another folder")
    }

    fn server(&self, url: &str, limits: bool) -> Server {
        Server {
            state: self.state.clone(),
            base: url.to_owned(),
            limits,
            faults: faults::Faults::default(),
            log: request_log::RequestLog::default(),
            buckets: limits::Buckets::default(),
            operating: limits::Operating::default(),
        }
    }

    /// Held while serving, so that a killed process's serve.json is recognised as stale.
    fn serve_lock(&self) -> PathBuf {
        self.folder.join("serve.lock")
    }

    fn serve_info(&self) -> PathBuf {
        self.folder.join("serve.json")
    }
}

fn current_or_new_token(state: &mut State, user: u64) -> Token {
    state.current_token(user).unwrap_or_else(|| state.issue(user))
}

fn ready(state: &mut State, url: &str, control: String) -> Ready {
    let administrator = state.issue(ADMINISTRATOR);
    let user = state.issue(ORDINARY_USER);
    let App { client_id, client_secret, application_token, .. } = state.app.clone();
    Ready {
        url: url.to_owned(),
        access_token: administrator.access,
        user_access_token: user.access,
        refresh_token: administrator.refresh,
        client_id,
        client_secret,
        application_token,
        oauth_server: url.to_owned(),
        webhook: format!("{url}/rest/{ADMINISTRATOR}/{}/", state.webhook_code),
        control,
    }
}

async fn listen(address: SocketAddr, tls: bool) -> Result<(TcpListener, String)> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let scheme = if tls { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr()?);
    Ok((listener, url))
}

fn spawn(listener: TcpListener, tls: Option<TlsAcceptor>, routes: Router) -> Result<JoinHandle<()>> {
    let sockets = Sockets::new(listener, tls, REQUEST_LIMIT)?;
    let service = routes.into_make_service_with_connect_info::<Peer>();
    Ok(tokio::spawn(async move {
        // Serving ends with the task: the listener itself never gives up.
        let _ = axum::serve(sockets, service).await;
    }))
}
