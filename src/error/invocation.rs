//! How to call imconn again for the same portal.

use crate::redact::shell_quoted;

/// What hints need to show commands that work when pasted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Invocation {
    /// The portal as it has to be typed with `-p`; `None` if the portal comes from the environment or is the default.
    portal: Option<String>,
    /// How the user gets new tokens for the portal.
    renewal: Option<String>,
}

impl Invocation {
    pub(crate) fn for_portal(portal: Option<String>) -> Self {
        Self { portal, renewal: None }
    }

    /// `imconn -p acme list`.
    pub(crate) fn command(&self, rest: &str) -> String {
        match &self.portal {
            Some(portal) => format!("imconn -p {} {rest}", shell_quoted(portal)),
            None => format!("imconn {rest}"),
        }
    }

    #[must_use]
    pub(crate) fn with_renewal(self, renewal: String) -> Self {
        Self { renewal: Some(renewal), ..self }
    }

    /// What to do about tokens that a portal does not accept.
    pub(crate) fn renewal(&self) -> String {
        match &self.renewal {
            Some(renewal) => renewal.clone(),
            None => format!("to log in again, run `{}`", login(self.portal.as_deref())),
        }
    }
}

/// `imconn login acme`.
pub(crate) fn login(portal: Option<&str>) -> String {
    portal.map_or_else(|| "imconn login".to_owned(), |portal| format!("imconn login {}", shell_quoted(portal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_the_portal_that_was_typed() {
        let typed = Invocation::for_portal(Some("acme".to_owned()));
        assert_eq!(typed.command("list"), "imconn -p acme list");
        assert_eq!(typed.renewal(), "to log in again, run `imconn login acme`");
        assert_eq!(Invocation::default().command("list"), "imconn list");
    }
}
