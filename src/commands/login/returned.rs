//! What a portal sends back once a user has authorised an application (`protocol` section 6).

use serde_json::{Map, Value};
use url::Url;

use crate::error::Error;
use crate::redact::{Secret, mask_urls};
use crate::wire::excerpt::printable;
use crate::wire::form::{self, Limits};

/// An authorisation code, and the auth server that exchanges it.
#[derive(Debug)]
pub(super) struct Returned {
    pub(super) code: Secret,
    /// As the portal says; which server may be asked is decided later.
    pub(super) server_domain: Option<String>,
}

/// Reads an authorisation code: alone, or from the whole return URL or its query. With a `state`, the URL must have the
/// same: another one belongs to another login.
pub(super) fn read(text: &str, state: Option<&Secret>) -> Result<Returned, Error> {
    let text = text.trim();
    let query = match Url::parse(text) {
        Ok(url) if url.has_host() => url.query().unwrap_or_default().to_owned(),
        _ if text.contains('=') => text.trim_start_matches('?').to_owned(),
        _ => return Ok(Returned { code: bare(text)?, server_domain: None }),
    };
    from_query(&query, state)
}

/// Whether the query of a return URL belongs to the login with this state.
pub(super) fn has_state(query: &str, state: &Secret) -> bool {
    let fields = form::decode(query, Limits::default()).unwrap_or_default();
    Secret::new(field(&fields, "state")) == *state
}

/// Reads the query of a return URL.
pub(super) fn from_query(query: &str, state: Option<&Secret>) -> Result<Returned, Error> {
    if state.is_some_and(|state| !has_state(query, state)) {
        return Err(Error::NotAuthorised {
            message: "state mismatch: this response belongs to another login, or was forged".into(),
            hint: Some("nothing was stored; run the command again, and use only the URL that it prints".into()),
        });
    }
    let fields = form::decode(query, Limits::default()).unwrap_or_default();
    if !field(&fields, "error").is_empty() {
        let reason: String = printable(&mask_urls(field(&fields, "error"))).chars().take(100).collect();
        return Err(Error::NotAuthorised {
            message: format!("the portal did not authorise the application: {reason}"),
            hint: Some("nothing was stored; check that the application is installed and that you may use it".into()),
        });
    }
    let server_domain = Some(field(&fields, "server_domain")).filter(|server| !server.is_empty()).map(str::to_owned);
    Ok(Returned { code: bare(field(&fields, "code"))?, server_domain })
}

fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn bare(code: &str) -> Result<Secret, Error> {
    if code.is_empty() || code.len() > 1024 || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::usage(
            "no authorisation code found",
            "paste the code that the portal shows, or the whole URL from the address bar of the browser",
        ));
    }
    Ok(Secret::new(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ExitCode, Problem};

    fn read(text: &str) -> Result<String, ExitCode> {
        let read = super::read(text, Some(&Secret::new("st")));
        read.map(|returned| returned.code.expose().to_owned()).map_err(|error| Problem::from(&error).exit)
    }

    #[test]
    fn a_code_is_read_alone_and_from_a_url() {
        for text in [
            "abc",
            " abc\n",
            "https://app.example.com/back?code=abc&state=st&domain=a.b",
            "?code=abc&state=st",
            "code=abc&state=st",
        ] {
            assert_eq!(read(text), Ok("abc".to_owned()), "{text}");
        }
    }

    #[test]
    fn a_foreign_or_missing_state_is_refused_before_anything_else() {
        for text in ["https://a.b/?code=abc&state=other", "https://a.b/?code=abc", "?error=x&state=other", "code=abc"] {
            assert_eq!(read(text), Err(ExitCode::Unauthorised), "{text}");
        }
    }

    #[test]
    fn a_refusal_differs_from_a_missing_code() {
        assert_eq!(read("https://a.b/?error=access_denied&state=st"), Err(ExitCode::Unauthorised));
        for text in ["", "a b", "https://a.b/?state=st", "state=st&code="] {
            assert_eq!(read(text), Err(ExitCode::Usage), "{text}");
        }
    }
}
