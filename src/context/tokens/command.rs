//! Tokens that a program of the user's prints: from Vault, pass, 1Password, as docker's and kubectl's helpers do.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};

use super::copied::pair_to_json;
use crate::portal::address::PortalAddress;
use crate::portal::auth::{Credentials, Kept, LockGuard, TokenSource};
use crate::portal::oauth::{ClientKeys, TokenPair};
use crate::store::config::PortalConfig;
use crate::store::credentials::CredentialStore;
use crate::wire::tokens::TokenSet;

/// How long the program may take: it may have to ask a person.
const PATIENCE: Duration = Duration::from_mins(1);
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
        let mut child = Command::new(program)
            .args(arguments)
            .env("IMCONN_PORTAL", &self.portal)
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {shown}: `{program}`"))?;
        let output = exchange(&mut child, input);
        if output.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().with_context(|| format!("cannot wait for {shown}"))?;
        let output = output.map_err(|error| anyhow!("{shown} {error}"))?;
        if !status.success() {
            bail!("{shown} failed ({status})");
        }
        Ok(output)
    }
}

/// Hands the input over and reads the output, both bounded in time and size.
fn exchange(child: &mut Child, input: Option<String>) -> Result<String, String> {
    let (sender, done) = channel();
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    std::thread::spawn(move || {
        // A program that does not read what it is handed says so with its exit code, or does not mind.
        let _ = stdin.zip(input).map(|(mut stdin, input)| stdin.write_all(input.as_bytes()));
        let mut output = Vec::new();
        let read = stdout.map_or(Ok(0), |stdout| stdout.take(MAX_OUTPUT + 1).read_to_end(&mut output));
        let _ = sender.send(read.map(|_| output));
    });
    match done.recv_timeout(PATIENCE) {
        Ok(Ok(output)) if output.len() as u64 > MAX_OUTPUT => Err("printed more than 1 MiB".to_owned()),
        Ok(Ok(output)) => Ok(String::from_utf8_lossy(&output).into_owned()),
        Ok(Err(error)) => Err(format!("could not be read: {error}")),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            Err(format!("did not end within {} s", PATIENCE.as_secs()))
        }
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

    fn try_lock(&self) -> Result<Option<LockGuard>> {
        Ok(self.store.try_lock()?.map(|lock| Box::new(lock) as LockGuard))
    }

    fn lock_name(&self) -> String {
        self.store.lock_path().display().to_string()
    }

    fn advice(&self) -> String {
        format!("get new tokens, and put them where the credential_command of `{}` finds them", self.portal)
    }

    fn prepare(&self) -> Result<()> {
        Ok(())
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let command = &self.config.credential_store_command;
        if !command.is_empty() {
            self.run("credential_store_command", command, Some(pair_to_json(fresh, &self.address).to_string()))?;
            return Ok(Kept::Stored);
        }
        let mut memory = self.memory();
        memory.last = memory.last.take().map(|last| last.renewed(fresh));
        memory.renewed = true;
        let place = format!("the place where the credential_command of `{}` finds them", self.portal);
        Ok(Kept::InMemory { place, copy: None })
    }

    fn moved(&self, _to: &PortalAddress) -> Result<bool> {
        Ok(false)
    }
}
