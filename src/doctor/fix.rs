//! Commands in fixes: complete, and safe to paste.

use crate::redact::{mask_urls, shell_quoted};

/// A command of this program, in backticks. `command` is how `imconn` has to be called for the portal.
pub(crate) fn run(command: &str, arguments: &str) -> String {
    format!("`{command} {arguments}`")
}

/// `--handler` with this URL; `None` if the URL holds a secret, which no command may show.
pub(crate) fn handler_option(url: &str) -> Option<String> {
    let shown = mask_urls(url);
    (shown == url).then(|| format!("--handler={}", shell_quoted(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_is_quoted_for_the_shell() {
        assert_eq!(handler_option("https://a.b/x?y=1&z").as_deref(), Some("--handler='https://a.b/x?y=1&z'"));
    }

    #[test]
    fn a_url_with_a_secret_makes_no_command() {
        assert_eq!(handler_option("https://acme.bitrix24.com/rest/1/s3cr3tc0de/"), None);
    }
}
