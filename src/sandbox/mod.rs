//! The embedded portal: a stand-in for Bitrix24, faithful to `portal-protocol`, over real HTTP.
//!
//! It runs inside a command (`-p sandbox`) or by itself (`imconn sandbox serve`), on the same state file.

pub mod call;
pub mod control;
pub mod faults;
pub mod file;
pub mod limits;
pub mod listener;
pub mod methods;
pub mod oauth;
pub mod reply;
pub mod request;
pub mod rest;
pub mod server;
pub mod state;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use self::faults::Faults;
use self::file::{Reset, StateFile};
use self::limits::{Buckets, Operating};
use self::listener::{Peer, Sockets};
use self::server::Server;
use self::state::{App, State, Token};
use crate::store::file as private_file;
use crate::store::lock::FileLock;

/// What `-p sandbox` binds when no handler is named.
pub const DEFAULT_HANDLER: &str = "https://bot.example.com/b24";
/// The user whose token `-p sandbox` uses.
const ADMINISTRATOR: u64 = 1;
/// The user who is no administrator.
const PLAIN_USER: u64 = 2;

/// The sandbox's files.
#[derive(Debug, Clone)]
pub struct Sandbox {
    folder: PathBuf,
    state: StateFile,
}

/// How to serve.
pub struct ServeOptions {
    /// Where to listen.
    pub address: SocketAddr,
    /// Where the control address listens.
    pub control: SocketAddr,
    /// Whether the leaky bucket is on.
    pub limits: bool,
    /// For https.
    pub tls: Option<TlsAcceptor>,
}

/// What a client needs to know of a served sandbox.
#[derive(Serialize)]
pub struct Ready {
    /// The portal.
    pub url: String,
    /// The administrator's token.
    pub access_token: String,
    /// The token of a user who is no administrator.
    pub user_access_token: String,
    /// Renews the administrator's token.
    pub refresh_token: String,
    /// The application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// How a handler knows the portal.
    pub application_token: String,
    /// The auth server: the same address.
    pub oauth_server: String,
    /// Where faults are asked for.
    pub control: String,
}

/// Where a running sandbox is, for commands with `-p sandbox`.
#[derive(Debug, Serialize, Deserialize)]
struct Whereabouts {
    url: String,
}

/// A sandbox that is up; it goes down when this is dropped, or with the process.
#[derive(Debug)]
pub struct Running {
    /// Its address.
    pub url: String,
    server: tokio::task::JoinHandle<()>,
    _serving: Option<FileLock>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Sandbox {
    /// The sandbox in the data folder; nothing is opened yet.
    #[must_use]
    pub fn in_folder(data: &Path) -> Self {
        let folder = data.join("sandbox");
        Self { state: StateFile::in_folder(&folder), folder }
    }

    /// Empties the portal; tokens and keys stay good where the state can be understood.
    ///
    /// # Errors
    /// When the state cannot be locked or written.
    pub fn reset(&self) -> Result<Reset> {
        self.state.reset()
    }

    /// The application and a token of the administrator, made when there is none that is good for some minutes.
    ///
    /// # Errors
    /// When the state cannot be locked, read or written.
    pub fn credentials(&self) -> Result<(App, Token)> {
        self.state.with(|state| (state.app.clone(), current_or_new(state, ADMINISTRATOR)))
    }

    /// The address of a sandbox that another process serves; `None` when there is none.
    ///
    /// # Errors
    /// When the lock that tells cannot be opened.
    pub fn served(&self) -> Result<Option<String>> {
        if !self.folder.exists() || !FileLock::is_taken(&self.serve_lock())? {
            return Ok(None);
        }
        let text = private_file::read(&self.whereabouts())?;
        Ok(text.and_then(|text| serde_json::from_str::<Whereabouts>(&text).ok()).map(|known| known.url))
    }

    /// Starts the portal inside this process, on a loopback port that the system chooses.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(&self) -> Result<Running> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (listener, url) = listen(address, false).await?;
        let server = Arc::new(self.server(&url, false));
        Ok(Running { url, server: spawn(listener, None, server)?, _serving: None })
    }

    /// Starts the portal for other programs, with its control address, and leaves word for `-p sandbox`.
    ///
    /// # Errors
    /// When another process serves this sandbox already, or an address cannot be had.
    pub async fn serve(&self, options: ServeOptions) -> Result<(Running, Ready)> {
        let serving = self.become_server().await?;
        let (listener, url) = listen(options.address, options.tls.is_some()).await?;
        let (control, control_url) = listen(options.control, false).await?;
        let server = Arc::new(self.server(&url, options.limits));
        let control_routes = control::router(Arc::clone(&server));
        tokio::spawn(async move { axum::serve(control, control_routes).await });
        let server = spawn(listener, options.tls, server)?;
        let (app, token, user) =
            self.state.with(|state| (state.app.clone(), state.issue(ADMINISTRATOR), state.issue(PLAIN_USER)))?;
        private_file::write(&self.whereabouts(), &serde_json::to_string(&Whereabouts { url: url.clone() })?)?;
        let ready = Ready {
            url: url.clone(),
            access_token: token.access,
            user_access_token: user.access,
            refresh_token: token.refresh,
            client_id: app.client_id,
            client_secret: app.client_secret,
            application_token: app.application_token,
            oauth_server: url.clone(),
            control: control_url,
        };
        Ok((Running { url, server, _serving: Some(serving) }, ready))
    }

    async fn become_server(&self) -> Result<FileLock> {
        // A command that asks whether somebody serves holds the lock for a moment: that is no server yet.
        for _ in 0..25 {
            if let Some(lock) = FileLock::try_now(&self.serve_lock())? {
                // What a killed server left behind must not be taken for this one's address.
                let _ = std::fs::remove_file(self.whereabouts());
                return Ok(lock);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("this sandbox is being served already, at {}", self.served()?.unwrap_or_default())
    }

    fn server(&self, url: &str, limits: bool) -> Server {
        Server {
            state: self.state.clone(),
            base: url.to_owned(),
            limits,
            faults: Faults::default(),
            log: Mutex::default(),
            buckets: Buckets::default(),
            operating: Operating::default(),
        }
    }

    /// Held as long as the sandbox is served: it tells the living from what a killed process left behind.
    fn serve_lock(&self) -> PathBuf {
        self.folder.join("serve.lock")
    }

    fn whereabouts(&self) -> PathBuf {
        self.folder.join("serve.json")
    }
}

fn current_or_new(state: &mut State, user: u64) -> Token {
    state.current_token(user).unwrap_or_else(|| state.issue(user))
}

async fn listen(address: SocketAddr, tls: bool) -> Result<(TcpListener, String)> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let url = server::base_url(listener.local_addr()?, tls);
    Ok((listener, url))
}

fn spawn(listener: TcpListener, tls: Option<TlsAcceptor>, server: Arc<Server>) -> Result<tokio::task::JoinHandle<()>> {
    let sockets = Sockets::new(listener, tls)?;
    let service = server::router(server).into_make_service_with_connect_info::<Peer>();
    Ok(tokio::spawn(async move {
        // Serving ends with the task: the listener itself never gives up.
        let _ = axum::serve(sockets, service).await;
    }))
}
