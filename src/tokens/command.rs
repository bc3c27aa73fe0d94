//! Tokens that a program of the user's prints: from Vault, pass, 1Password, as docker's and kubectl's helpers do.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use super::copied::tokens_to_json;
use crate::portal::address::PortalAddress;
use crate::portal::auth::{Credentials, Kept, TokenSource};
use crate::portal::notice::Moved;
use crate::portal::oauth::{ClientKeys, TokenPair};
use crate::profiles::config::PortalConfig;
use crate::profiles::credentials::CredentialStore;
use crate::settings::SECRET_VARIABLES;
use crate::wire::tokens::TokenSet;

/// How long the program may take: it may have to ask a person.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long its output may take after its end.
const GRACE: Duration = Duration::from_secs(1);
/// Longest output that is read, in bytes.
const MAX_OUTPUT: u64 = 1 << 20;

/// The programs of one portal.
pub struct CommandTokens {
    portal: String,
    address: PortalAddress,
    config: PortalConfig,
    /// Whose lock keeps two processes from renewing the same tokens.
    store: CredentialStore,
    memory: Mutex<Memory>,
}

/// What the program printed last, or what became of it.
#[derive(Default)]
struct Memory {
    last: Option<Credentials>,
    /// Whether it was renewed, so that the program knows older ones.
    renewed: bool,
}

impl CommandTokens {
    /// Nothing is run yet.
    #[must_use]
    pub fn new(portal: String, address: PortalAddress, config: PortalConfig, store: CredentialStore) -> Self {
        Self { portal, address, config, store, memory: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the program prints, which is never shown.
    fn ask(&self) -> Result<TokenSet> {
        let output = self.run("credential_command", &self.config.credential_command, None)?;
        TokenSet::read(&output)
            .map_err(|error| anyhow!("the credential_command of `{}` printed no credentials: {error}", self.portal))
    }

    /// Runs a program to its end. Its stderr is the user's: it may ask there for something.
    fn run(&self, member: &str, command: &[String], input: Option<String>) -> Result<String> {
        let shown = format!("the {member} of `{}`", self.portal);
        let [program, arguments @ ..] = command else { bail!("{shown} is empty") };
        let mut command = Command::new(program);
        for name in SECRET_VARIABLES {
            command.env_remove(name);
        }
        let mut child = command
            .args(arguments)
            .env("IMCONN_PORTAL", &self.portal)
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {shown}: `{program}`"))?;
        let output = exchange(&mut child, input);
        let Some(status) = wait_until(&mut child, Instant::now() + PATIENCE)? else {
            let _ = child.kill();
            let _ = child.wait();
            bail!("{shown} did not end within {} s", PATIENCE.as_secs());
        };
        let output = output.whole();
        if output.len() as u64 > MAX_OUTPUT {
            bail!("{shown} printed more than 1 MiB");
        }
        if !status.success() {
            bail!("{shown} failed ({status})");
        }
        Ok(String::from_utf8_lossy(&output).into_owned())
    }
}

/// What a program has printed until now.
struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Output {
    /// All of it, once the program has ended. Something that it has left running may keep its output open: what it has
    /// printed itself is there all the same.
    fn whole(self) -> Vec<u8> {
        let _ = self.end.recv_timeout(GRACE);
        std::mem::take(&mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Hands the input over and reads the output, without waiting for either.
fn exchange(child: &mut Child, input: Option<String>) -> Output {
    let (sender, end) = channel();
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let read = Arc::clone(&bytes);
    std::thread::spawn(move || {
        // A program that does not read what it is handed says so with its exit code, or does not mind.
        let _ = stdin.zip(input).map(|(mut stdin, input)| stdin.write_all(input.as_bytes()));
    });
    std::thread::spawn(move || {
        let (mut chunk, mut stdout) = ([0; 4096], stdout.map(|stdout| stdout.take(MAX_OUTPUT + 1)));
        while let Some(Ok(length @ 1..)) = stdout.as_mut().map(|stdout| stdout.read(&mut chunk)) {
            read.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&chunk[..length]);
        }
        let _ = sender.send(());
    });
    Output { bytes, end }
}

/// Waits for a program to end; `None` when it has not by then.
fn wait_until(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a program")? {
            return Ok(Some(status));
        }
        if Instant::now() > deadline {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl TokenSource for CommandTokens {
    fn read(&self) -> Result<Credentials> {
        let mut memory = self.memory();
        if let Memory { last: Some(last), renewed: true } = &*memory {
            return Ok(last.clone());
        }
        let set = self.ask()?;
        let client = set.client_id.zip(set.client_secret).map(|(id, secret)| ClientKeys { id, secret });
        let (access_token, refresh_token, expires) = (set.access_token, set.refresh_token, set.expires);
        let read = Credentials { access_token, refresh_token, client, expires, refresh_expires: None };
        Ok(memory.last.insert(read).clone())
    }

    fn lock_file(&self) -> Option<PathBuf> {
        Some(self.store.lock_path())
    }

    fn advice(&self) -> String {
        format!("get new tokens, and put them where the credential_command of `{}` finds them", self.portal)
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let command = &self.config.credential_store_command;
        if !command.is_empty() {
            let (access, refresh) = (&fresh.access_token, Some(&fresh.refresh_token));
            let tokens = tokens_to_json(access, refresh, fresh.expires, &self.address).to_string();
            self.run("credential_store_command", command, Some(tokens))?;
            return Ok(Kept::Stored);
        }
        let mut memory = self.memory();
        memory.last = memory.last.take().map(|last| last.renewed(fresh));
        memory.renewed = true;
        let place = format!("the place where the credential_command of `{}` finds them", self.portal);
        Ok(Kept::InMemory { place, copy: None })
    }

    fn moved(&self, _to: &PortalAddress) -> Result<Moved> {
        Ok(Moved::Advice(format!("change host of [portals.{}] in config.toml", self.portal)))
    }

    fn is_cheap(&self) -> bool {
        // The program may ask a person each time.
        false
    }
}
