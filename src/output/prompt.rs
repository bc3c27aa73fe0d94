//! Questions on the terminal, answered with a line. Ctrl-C works while they wait.

use std::io::{self, BufRead as _};
use std::sync::atomic::{AtomicBool, Ordering};

use super::printer::Printer;
use crate::error::Error;

/// Longest line that is read, in bytes.
const MAX_LINE: u64 = 64 << 10;

/// Whether a question waits for its answer.
static IS_WAITING: AtomicBool = AtomicBool::new(false);

impl Printer {
    /// Asks for a line; an empty one is an error.
    pub(crate) async fn ask(&self, question: &str) -> Result<String, Error> {
        let line = answer(question).await?;
        let line = line.trim();
        if line.is_empty() { Err(Error::usage("no input", "run the command again")) } else { Ok(line.to_owned()) }
    }

    /// Asks for a line that is not shown while it is typed.
    pub(crate) async fn ask_hidden(&self, question: &str) -> Result<String, Error> {
        // Dropped when Ctrl-C ends the wait, so that the terminal is as before.
        let hidden = Hidden::begin()?;
        let answer = self.ask(question).await;
        drop(hidden);
        Self::prompt("\n");
        answer
    }

    /// Asks for a confirmation. Only `y` or `yes` confirms; anything else declines, and so does the end of the input.
    pub(crate) async fn confirm(&self, question: &str) -> Result<bool, Error> {
        let line = answer(&format!("{question} [y/N] ")).await?;
        if !line.ends_with('\n') {
            Self::prompt("\n");
        }
        Ok(is_yes(&line))
    }

    /// Ends the line of a question that was interrupted; whether one was.
    pub(crate) fn abandon_question() -> bool {
        let was_waiting = IS_WAITING.load(Ordering::Relaxed);
        if was_waiting {
            Self::prompt("\n");
        }
        was_waiting
    }
}

fn is_yes(line: &str) -> bool {
    let answer = line.trim();
    answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes")
}

async fn answer(question: &str) -> Result<String, Error> {
    Printer::prompt(question);
    IS_WAITING.store(true, Ordering::Relaxed);
    let line = tokio::task::spawn_blocking(read_raw_line).await;
    IS_WAITING.store(false, Ordering::Relaxed);
    line.map_err(anyhow::Error::from)?
}

/// Reads one line of stdin, without the white space around it.
pub(crate) fn read_line() -> Result<String, Error> {
    Ok(read_raw_line()?.trim().to_owned())
}

fn read_raw_line() -> Result<String, Error> {
    let mut line = String::new();
    let mut input = io::Read::take(io::stdin().lock(), MAX_LINE);
    input.read_line(&mut line).map_err(|error| anyhow::Error::from(error).context("cannot read stdin"))?;
    Ok(line)
}

/// While it lives, the terminal does not show what is typed.
struct Hidden {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl Hidden {
    #[cfg(unix)]
    fn begin() -> Result<Self, Error> {
        let before = hide_input().map_err(|error| anyhow::Error::from(error).context("cannot hide the input"))?;
        Ok(Self { before })
    }

    #[cfg(not(unix))]
    fn begin() -> Result<Self, Error> {
        Err(Error::usage("cannot hide the input on this system", "use --client-secret-stdin or IMCONN_CLIENT_SECRET"))
    }
}

/// Returns the terminal's modes as they were.
#[cfg(unix)]
fn hide_input() -> io::Result<rustix::termios::Termios> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let before = tcgetattr(io::stdin())?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
    Ok(before)
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_y_and_yes_confirm() {
        assert!(["y\n", "Y\n", "yes\n", " YES \r\n", "y"].into_iter().all(is_yes));
        assert!(!["", "\n", "n\n", "ye\n", "yess\n", "ja\n", "1\n", "yes please\n"].into_iter().any(is_yes));
    }
}
