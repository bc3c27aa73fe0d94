//! How to call imconn again for the same portal.

use crate::redact::shell_quoted;

/// What hints need to show commands that work when pasted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Invocation {
    /// The portal as it has to be typed with `-p`; `None` if the portal comes from the environment or is the default.
    portal: Option<String>,
}

impl Invocation {
    pub(crate) fn for_portal(portal: Option<String>) -> Self {
        Self { portal }
    }

    /// `imconn -p acme list`.
    pub(crate) fn command(&self, rest: &str) -> String {
        match &self.portal {
            Some(portal) => format!("imconn -p {} {rest}", shell_quoted(portal)),
            None => format!("imconn {rest}"),
        }
    }

    /// `imconn login acme`.
    pub(crate) fn login(&self) -> String {
        let portal = self.portal.as_deref().map_or_else(|| "PORTAL".to_owned(), shell_quoted);
        format!("imconn login {portal}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_the_portal_that_was_typed() {
        let typed = Invocation::for_portal(Some("acme".to_owned()));
        assert_eq!(typed.command("list"), "imconn -p acme list");
        assert_eq!(typed.login(), "imconn login acme");
        assert_eq!(Invocation::default().command("list"), "imconn list");
    }
}
