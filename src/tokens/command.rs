//! Tokens printed by a program of the user's, from Vault, pass or 1Password, as with docker's and kubectl's helpers.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use super::tee::tokens_to_json;
use crate::portal::address::PortalAddress;
use crate::portal::oauth::{ClientKeys, TokenPair};
use crate::portal::progress::AddressUpdate;
use crate::portal::token_source::{Credentials, Persisted, TokenSource};
use crate::profiles::PortalConfig;
use crate::redact::SECRET_VARIABLES;
use crate::wire::tokens::TokenSet;

/// How long the program may take at most: it may have to prompt a person.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long its output may take after it has ended.
const GRACE: Duration = Duration::from_secs(1);
/// Longest output that is read, in bytes.
const MAX_OUTPUT: u64 = 1 << 20;

/// The programs of one portal.
pub(crate) struct CommandTokens {
    portal: String,
    address: PortalAddress,
    config: PortalConfig,
    /// Keeps two processes from renewing the same tokens.
    lock_file: PathBuf,
    /// How long a program may take.
    patience: Duration,
    memory: Mutex<Memory>,
}

/// The newest credentials.
#[derive(Default)]
struct Memory {
    last: Option<Credentials>,
    /// Whether they were renewed here: then the program only knows older ones.
    renewed: bool,
}

impl CommandTokens {
    /// No program is run before the first request.
    pub(crate) fn new(
        portal: String,
        address: PortalAddress,
        config: PortalConfig,
        lock_file: PathBuf,
        timeout: Duration,
    ) -> Self {
        Self { portal, address, config, lock_file, patience: timeout.min(PATIENCE), memory: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the program that prints the credentials. Its output is never shown.
    fn ask(&self) -> Result<TokenSet> {
        let output = self.run("credential_command", &self.config.credential_command, None)?;
        TokenSet::read(&output)
            .map_err(|error| anyhow!("the credential_command of `{}` printed no credentials: {error}", self.portal))
    }

    /// Runs a program to its end. It inherits stderr, where it may prompt the user.
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
        let Some(status) = wait_until(&mut child, Instant::now() + self.patience)? else {
            let _ = child.kill();
            let _ = child.wait();
            bail!("{shown} did not finish within {} s", self.patience.as_secs());
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

/// What a program has printed so far.
struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Output {
    /// All of it, once the program has ended. A process that it left running may keep its output open, so the wait for the
    /// end of the output is short.
    fn whole(self) -> Vec<u8> {
        let _ = self.end.recv_timeout(GRACE);
        std::mem::take(&mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes the input and reads the output in the background.
fn exchange(child: &mut Child, input: Option<String>) -> Output {
    let (sender, end) = channel();
    let stdin = child.stdin.take();
    let stdout = child.stdout.take();
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let read = Arc::clone(&bytes);
    std::thread::spawn(move || {
        // A program that needs its input and cannot read it says so with its exit code.
        let _ = stdin.zip(input).map(|(mut stdin, input)| stdin.write_all(input.as_bytes()));
    });
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        let mut stdout = stdout.map(|stdout| stdout.take(MAX_OUTPUT + 1));
        while let Some(Ok(length @ 1..)) = stdout.as_mut().map(|stdout| stdout.read(&mut chunk)) {
            read.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&chunk[..length]);
        }
        let _ = sender.send(());
    });
    Output { bytes, end }
}

/// Waits for a program to end; `None` at the deadline.
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
        let read = Credentials {
            access_token: set.access_token,
            refresh_token: set.refresh_token,
            client,
            expires: set.expires,
            refresh_expires: None,
        };
        Ok(memory.last.insert(read).clone())
    }

    fn lock_file(&self) -> Option<PathBuf> {
        Some(self.lock_file.clone())
    }

    fn name(&self) -> String {
        format!("the credential_command of `{}`", self.portal)
    }

    fn advice(&self) -> String {
        format!("get new tokens, and put them where the credential_command of `{}` reads them", self.portal)
    }

    fn write(&self, fresh: &TokenPair) -> Result<Persisted> {
        let command = &self.config.credential_store_command;
        if !command.is_empty() {
            let (access, refresh) = (&fresh.access_token, Some(&fresh.refresh_token));
            let tokens = tokens_to_json(access, refresh, fresh.expires, &self.address).to_string();
            self.run("credential_store_command", command, Some(tokens))?;
            return Ok(Persisted::Stored);
        }
        let mut memory = self.memory();
        memory.last = memory.last.take().map(|last| last.renewed(fresh));
        memory.renewed = true;
        let place = format!("the place where the credential_command of `{}` reads them", self.portal);
        Ok(Persisted::InMemory { place, copy: None })
    }

    fn moved(&self, _to: &PortalAddress) -> Result<AddressUpdate> {
        Ok(AddressUpdate::Advice(format!("set host of [portals.{}] in config.toml to it", self.portal)))
    }

    fn is_cheap(&self) -> bool {
        // The program may prompt a person each time.
        false
    }
}
