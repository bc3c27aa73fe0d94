//! What a portal sends back once a user has let an application in (`portal-protocol` section 6).

use serde_json::Value;
use url::Url;

use crate::error::Error;
use crate::redact::{Secret, mask_urls};
use crate::wire::excerpt::printable;
use crate::wire::form::{self, Limits};

/// Reads an authorisation code: bare, or inside the whole return address or its query. With a `state`, an address has to
/// carry the same: another one was asked for by somebody else.
///
/// # Errors
/// [`Error::Usage`] for what holds no code, [`Error::NotAuthorised`] for a foreign state or a refusal.
pub(super) fn code(text: &str, state: Option<&Secret>) -> Result<Secret, Error> {
    let text = text.trim();
    let query = match Url::parse(text) {
        Ok(url) if url.has_host() => url.query().unwrap_or_default().to_owned(),
        _ if text.contains('=') => text.trim_start_matches('?').to_owned(),
        _ => return bare(text),
    };
    from_query(&query, state)
}

/// Reads the query of a return address.
///
/// # Errors
/// As for [`code`].
pub(super) fn from_query(query: &str, state: Option<&Secret>) -> Result<Secret, Error> {
    let fields = form::decode(query, Limits::default()).unwrap_or_default();
    let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    if let Some(state) = state
        && Secret::new(field("state")) != *state
    {
        return Err(Error::NotAuthorised {
            message: "the state is not the one of this login: the answer belongs to another one, or somebody forged it"
                .into(),
            hint: Some("nothing was stored; begin again, and use the address of this login only".into()),
        });
    }
    if !field("error").is_empty() {
        let said: String = printable(&mask_urls(field("error"))).chars().take(100).collect();
        return Err(Error::NotAuthorised {
            message: format!("the portal did not let the application in: {said}"),
            hint: Some("nothing was stored; check that the application is installed and that you may use it".into()),
        });
    }
    bare(field("code"))
}

fn bare(code: &str) -> Result<Secret, Error> {
    if code.is_empty() || code.len() > 1024 || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::usage(
            "there is no authorisation code in that",
            "paste the code that the portal shows, or the whole address that the browser ends at",
        ));
    }
    Ok(Secret::new(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ExitCode, Problem};

    fn read(text: &str) -> Result<String, ExitCode> {
        let read = code(text, Some(&Secret::new("st")));
        read.map(|code| code.expose().to_owned()).map_err(|error| Problem::from(&error).exit)
    }

    #[test]
    fn a_code_is_read_bare_and_out_of_an_address() {
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
    fn a_refusal_and_what_holds_no_code_are_told_apart() {
        assert_eq!(read("https://a.b/?error=access_denied&state=st"), Err(ExitCode::Unauthorised));
        for text in ["", "a b", "https://a.b/?state=st", "state=st&code="] {
            assert_eq!(read(text), Err(ExitCode::Usage), "{text}");
        }
    }
}
