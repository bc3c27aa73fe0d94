//! The user behind a token, as `profile` describes it.

/// Who the token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub(crate) id: u64,
    /// Whether the user administers the portal, and so sees and removes every user's bindings.
    pub(crate) admin: bool,
}

/// What `profile` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserProfile {
    pub(crate) caller: Caller,
    /// First and last name; may be empty.
    pub(crate) name: String,
}
