//! Tokens in the forms that users have them in (`protocol` section 6): an OAuth token response, an ONAPPINSTALL body,
//! frame parameters, CRest's `settings.json`.

use serde_json::{Map, Value};

use super::form::{self, FormError, Limits};
use crate::redact::{Secret, is_webhook};

/// An access token, and what came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSet {
    pub access_token: Secret,
    pub refresh_token: Option<Secret>,
    /// Unix seconds at which the access token expires.
    pub expires: Option<i64>,
    /// Seconds from issue to expiry of the access token.
    pub lifetime: Option<i64>,
    /// The portal: a REST address, or a bare host.
    pub portal: Option<String>,
    /// Permanent portal id (survives renames).
    pub member_id: Option<String>,
    /// How a handler knows that the portal sent an event.
    pub application_token: Option<Secret>,
    /// The application's id, which only credential commands print.
    pub client_id: Option<String>,
    /// The application's secret, likewise.
    pub client_secret: Option<Secret>,
    /// Whether they are the parameters of a page inside the portal, for which a browser waits.
    pub from_frame: bool,
    /// The auth server that they name, by a URL or a host. It is not trusted.
    pub auth_server: Option<String>,
}

/// Why no tokens were found in a text, which is never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenSetError {
    #[error("no tokens found: neither JSON nor a form")]
    Unreadable,
    /// Truncated or invalid JSON, with the line.
    #[error("line {0} is not valid JSON")]
    NotJson(usize),
    #[error(transparent)]
    Form(#[from] FormError),
    #[error("no access_token (or AUTH_ID) found")]
    NoAccessToken,
    /// A member that cannot be a token.
    #[error("{0} is not a valid token")]
    NotAToken(&'static str),
    /// An incoming webhook instead of an application's tokens.
    #[error("this is an incoming webhook, and a webhook cannot subscribe to events")]
    Webhook,
}

impl TokenSet {
    /// Reads JSON or a form.
    pub fn read(text: &str) -> Result<Self, TokenSetError> {
        let text = text.trim().trim_start_matches('\u{feff}');
        if text.starts_with('{') {
            let document = serde_json::from_str(text).map_err(|error| TokenSetError::NotJson(error.line()))?;
            return Self::from_json(&document);
        }
        if is_webhook(text) {
            return Err(TokenSetError::Webhook);
        }
        if !text.contains('=') {
            return Err(TokenSetError::Unreadable);
        }
        Self::from_members(&form::decode(text, Limits::default())?)
    }

    /// Reads a decoded document.
    pub fn from_json(document: &Value) -> Result<Self, TokenSetError> {
        Self::from_members(document.as_object().ok_or(TokenSetError::Unreadable)?)
    }

    fn from_members(members: &Map<String, Value>) -> Result<Self, TokenSetError> {
        // Events have their tokens in a separate block.
        let source = match member(members, &["auth"]) {
            Some(Value::Object(auth)) => auth,
            _ => members,
        };
        if member(source, &["is_web_hook"]).is_some_and(|flag| flag == "Y" || flag == true) {
            return Err(TokenSetError::Webhook);
        }
        let endpoint = text(source, &["client_endpoint"]);
        if endpoint.as_deref().is_some_and(is_webhook) {
            return Err(TokenSetError::Webhook);
        }
        // In a response of the auth server, `domain` is that server's own.
        let domain = text(source, &["domain"]).filter(|domain| !domain.starts_with("oauth."));
        Ok(Self {
            access_token: token(source, &["access_token", "auth_id"])?.ok_or(TokenSetError::NoAccessToken)?,
            refresh_token: token(source, &["refresh_token", "refresh_id"])?,
            expires: number(source, &["expires"]).filter(|&expires| expires > EARLIEST),
            lifetime: number(source, &["expires_in", "auth_expires"]).filter(|seconds| (1..EARLIEST).contains(seconds)),
            portal: endpoint.or(domain),
            member_id: word(source, &["member_id"]),
            application_token: token(source, &["application_token"])?,
            client_id: word(source, &["client_id"]),
            client_secret: token(source, &["client_secret"])?,
            from_frame: member(source, &["auth_id"]).is_some(),
            // One page of the documentation misspells it.
            auth_server: text(source, &["oauth_server", "server_domain", "server_endpoint", "server_andpoint"]),
        })
    }
}

/// Some senders call the lifetime in seconds `expires`. This is in 2001, before any token was issued.
const EARLIEST: i64 = 1_000_000_000;

fn member<'a>(members: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let found = names.iter().find_map(|name| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
    found.map(|(_, value)| value)
}

fn text(members: &Map<String, Value>, names: &[&str]) -> Option<String> {
    member(members, names).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A text that can be an id. Its source is not trusted.
fn word(members: &Map<String, Value>, names: &[&str]) -> Option<String> {
    text(members, names).filter(|text| text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_graphic()))
}

fn number(members: &Map<String, Value>, names: &[&str]) -> Option<i64> {
    member(members, names).and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()))
}

/// Tokens consist of printable ASCII characters without spaces: anything else is a mistake.
fn token(members: &Map<String, Value>, names: &[&'static str]) -> Result<Option<Secret>, TokenSetError> {
    match member(members, names) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) if is_webhook(text) => Err(TokenSetError::Webhook),
        Some(Value::String(text)) if text.len() <= 4096 && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(Some(Secret::new(text.as_str())))
        }
        Some(_) => Err(TokenSetError::NotAToken(names[0])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> TokenSet {
        TokenSet::read(text).expect(text)
    }

    #[test]
    fn a_token_response_is_read() {
        let set = read(
            r#"{"access_token":"acc","expires":1700003600,"expires_in":3600,"scope":"im","domain":"oauth.bitrix.info",
                "server_endpoint":"https://oauth.bitrix.info/rest/","status":"L","client_endpoint":
                "https://acme.bitrix24.com/rest/","member_id":"m","user_id":1,"refresh_token":"ref"}"#,
        );
        assert_eq!((set.access_token, set.refresh_token), (Secret::new("acc"), Some(Secret::new("ref"))));
        assert_eq!((set.expires, set.member_id.as_deref()), (Some(1_700_003_600), Some("m")));
        assert_eq!(set.portal.as_deref(), Some("https://acme.bitrix24.com/rest/"));
    }

    #[test]
    fn an_installation_is_read_as_a_form_and_as_json() {
        let form = "event=ONAPPINSTALL&data[VERSION]=1&auth[access_token]=acc&auth[expires]=1700003600&auth[domain]=a.b\
                    &auth[refresh_token]=ref&auth[application_token]=app";
        let json = r#"{"event":"ONAPPINSTALL","data":{"VERSION":"1"},"auth":{"access_token":"acc","expires":"1700003600",
                      "domain":"a.b","refresh_token":"ref","application_token":"app"}}"#;
        for text in [form, json] {
            let set = read(text);
            assert_eq!((set.portal.as_deref(), set.expires), (Some("a.b"), Some(1_700_003_600)));
            assert_eq!(set.application_token, Some(Secret::new("app")));
            assert!(!set.from_frame);
        }
    }

    #[test]
    fn the_parameters_of_a_frame_are_read() {
        let set = read(
            "DOMAIN=a.b&PROTOCOL=1&AUTH_ID=acc&AUTH_EXPIRES=3600&REFRESH_ID=ref&member_id=m&APPLICATION_TOKEN=app",
        );
        assert_eq!((set.access_token, set.refresh_token), (Secret::new("acc"), Some(Secret::new("ref"))));
        assert_eq!((set.portal.as_deref(), set.expires, set.from_frame), (Some("a.b"), None, true));
        assert_eq!(set.lifetime, Some(3600));
        assert_eq!(read(r#"{"AUTH_ID":"acc","auth":null}"#).access_token, Secret::new("acc"));
    }

    #[test]
    fn settings_of_crest_are_read_and_its_webhooks_are_not() {
        let set = read(
            r#"{"access_token":"acc","expires_in":3600,"application_token":"app","refresh_token":"ref","domain":"a.b",
                "client_endpoint":"https:\/\/a.b\/rest\/"}"#,
        );
        assert_eq!((set.portal.as_deref(), set.expires), (Some("https://a.b/rest/"), None));
        for webhook in [
            r#"{"client_endpoint":"https:\/\/a.b\/rest\/1\/s3cr3t\/","is_web_hook":"Y"}"#,
            r#"{"access_token":"x","client_endpoint":"https://a.b/rest/1/s3cr3t/"}"#,
            "https://a.b/rest/1/s3cr3t/",
            "1/s3cr3t",
            r#"{"access_token":"1/s3cr3t"}"#,
            r#"{"access_token":"https://a.b/rest/1/s3cr3t/"}"#,
            "AUTH_ID=1/s3cr3t&DOMAIN=a.b",
        ] {
            assert_eq!(TokenSet::read(webhook), Err(TokenSetError::Webhook));
        }
    }

    #[test]
    fn a_text_without_tokens_is_described_and_not_shown() {
        for (text, error) in [
            ("", TokenSetError::Unreadable),
            ("s3cr3t", TokenSetError::Unreadable),
            ("{\n\"access_token\": s3cr3t", TokenSetError::NotJson(2)),
            (r#"{"refresh_token":"s3cr3t"}"#, TokenSetError::NoAccessToken),
            (r#"{"access_token":""}"#, TokenSetError::NoAccessToken),
            (r#"{"access_token":"s3 cr3t"}"#, TokenSetError::NotAToken("access_token")),
            (r#"{"access_token":["s3cr3t"]}"#, TokenSetError::NotAToken("access_token")),
        ] {
            assert_eq!(TokenSet::read(text), Err(error.clone()), "{text}");
            assert!(!error.to_string().contains("s3"), "{error}");
        }
    }
}
