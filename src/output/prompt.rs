//! Questions that are answered with a line.

use std::io::{self, BufRead as _};

use super::printer::Printer;
use crate::error::Error;

/// Longest line that is read, in bytes.
const MAX_LINE: u64 = 64 << 10;

impl Printer {
    /// Asks for a line. Ctrl-C works meanwhile.
    ///
    /// # Errors
    /// [`Error::Local`] when the terminal cannot be read, [`Error::Usage`] when nothing was typed.
    pub async fn ask(&self, question: &str) -> Result<String, Error> {
        Self::prompt(question);
        let line = tokio::task::spawn_blocking(read_line).await.map_err(anyhow::Error::from)??;
        if line.is_empty() { Err(Error::usage("nothing was typed", "run the command again")) } else { Ok(line) }
    }

    /// Asks for a line that nobody sees being typed.
    ///
    /// # Errors
    /// As for [`Printer::ask`].
    pub async fn ask_hidden(&self, question: &str) -> Result<String, Error> {
        // Dropped, and the terminal as before, when Ctrl-C ends the wait.
        let hidden = Hidden::begin()?;
        let answer = self.ask(question).await;
        drop(hidden);
        Self::prompt("\n");
        answer
    }
}

/// Reads one line of stdin.
///
/// # Errors
/// [`Error::Local`] when it cannot be read.
pub fn read_line() -> Result<String, Error> {
    let mut line = String::new();
    let mut input = io::Read::take(io::stdin().lock(), MAX_LINE);
    input.read_line(&mut line).map_err(|error| anyhow::Error::from(error).context("cannot read stdin"))?;
    Ok(line.trim().to_owned())
}

/// While it lives, the terminal does not show what is typed.
struct Hidden {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl Hidden {
    #[cfg(unix)]
    fn begin() -> Result<Self, Error> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let set = || {
            let before = tcgetattr(io::stdin())?;
            let mut silent = before.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
            Ok::<_, io::Error>(Self { before })
        };
        set().map_err(|error| Error::Local(anyhow::Error::from(error).context("cannot hide what is typed")))
    }

    #[cfg(not(unix))]
    fn begin() -> Result<Self, Error> {
        Err(Error::usage("what is typed cannot be hidden here", "use --client-secret-stdin or IMCONN_CLIENT_SECRET"))
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
