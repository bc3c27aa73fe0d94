//! Exit codes: an interface for scripts, with one table in the README.

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// Done.
    Done = 0,
    /// A local reason: a file, a lock, a bug.
    Failed = 1,
    /// Wrong usage, invalid input, or declined; nothing was changed.
    Usage = 2,
    /// The portal differs from what was asked for.
    Differs = 3,
    /// Not authorised, or the token is dead.
    Unauthorised = 4,
    /// The portal refused, all or a part.
    Refused = 5,
    /// Unreachable, no usable answer, or still limited after all retries.
    Unreachable = 6,
    /// Ctrl-C.
    Interrupted = 130,
}

impl ExitCode {
    /// In order.
    pub const ALL: [Self; 8] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Differs,
        Self::Unauthorised,
        Self::Refused,
        Self::Unreachable,
        Self::Interrupted,
    ];

    /// One line for the README and the manual.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed for a local reason (a file, a lock, a bug)",
            Self::Usage => "wrong usage, invalid input, or declined; nothing was changed",
            Self::Differs => "the portal differs from what was asked for",
            Self::Unauthorised => "not authorised, or the token is dead",
            Self::Refused => "the portal refused, all of it or any part",
            Self::Unreachable => "unreachable, no usable answer, or still limited after all retries",
            Self::Interrupted => "interrupted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_the_documented_numbers() {
        let numbers: Vec<i32> = ExitCode::ALL.iter().map(|code| *code as i32).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 130]);
    }
}
