//! Tokens in the forms that users have them in (`protocol` section 6): an OAuth token response, an ONAPPINSTALL body,
//! frame parameters, the files of CRest and of the vendor's SDKs, and what PHP prints of any of them.

mod php;

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
    /// What claims to be the same, and may be something else (`CRest`).
    pub unverified_application_token: Option<Secret>,
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
    /// The store of several portals, where one was expected.
    #[error("tokens of several portals found")]
    Several,
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
    /// Reads the tokens of the only entry of a text.
    pub fn read(text: &str) -> Result<Self, TokenSetError> {
        let mut sets = Self::read_all(text)?;
        match (sets.pop(), sets.is_empty()) {
            (Some(set), true) => Ok(set),
            _ => Err(TokenSetError::Several),
        }
    }

    /// Reads JSON, a form, or what PHP prints of an array. A store of several portals has several entries.
    pub fn read_all(text: &str) -> Result<Vec<Self>, TokenSetError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with('{') {
            let document: Value = serde_json::from_str(text).map_err(|error| TokenSetError::NotJson(error.line()))?;
            let members = document.as_object().ok_or(TokenSetError::Unreadable)?;
            return entries(members)?.into_iter().map(Self::from_members).collect();
        }
        if is_webhook(text) {
            return Err(TokenSetError::Webhook);
        }
        if text.contains("=>") {
            return Ok(vec![Self::from_members(&php::read(text))?]);
        }
        if !text.contains('=') {
            return Err(TokenSetError::Unreadable);
        }
        // Some tools show one field per line.
        let fields: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        Ok(vec![Self::from_members(&form::decode(&fields.join("&"), Limits::default())?)?])
    }

    /// Reads a decoded document.
    pub fn from_json(document: &Value) -> Result<Self, TokenSetError> {
        Self::from_members(document.as_object().ok_or(TokenSetError::Unreadable)?)
    }

    fn from_members(members: &Map<String, Value>) -> Result<Self, TokenSetError> {
        let flat = unflattened(members)?;
        let members = flat.as_ref().unwrap_or(members);
        let source = block(members);
        if member(source, &["is_web_hook"]).is_some_and(|flag| flag == "Y" || flag == true) {
            return Err(TokenSetError::Webhook);
        }
        let endpoint = text(source, &["client_endpoint"]);
        if endpoint.as_deref().is_some_and(is_webhook) {
            return Err(TokenSetError::Webhook);
        }
        // In a response of the auth server, `domain` is that server's own.
        let domain = text(source, &["domain"]).filter(|domain| !domain.starts_with("oauth."));
        let application_token = match token(source, &["application_token"])? {
            None => token(members, &["application_token"])?,
            known => known,
        };
        let (application_token, unverified_application_token) =
            if is_of_crest(source) { (None, application_token) } else { (application_token, None) };
        Ok(Self {
            access_token: token(source, &["access_token", "auth_id"])?.ok_or(TokenSetError::NoAccessToken)?,
            refresh_token: token(source, &["refresh_token", "refresh_id"])?,
            expires: number(source, &["expires"]).filter(|&expires| expires > EARLIEST),
            lifetime: number(source, &["expires_in", "auth_expires"]).filter(|seconds| (1..EARLIEST).contains(seconds)),
            portal: endpoint.or(domain).or_else(|| text(members, &["domain_url"])),
            member_id: word(source, &["member_id"]),
            application_token,
            unverified_application_token,
            client_id: word(source, &["client_id", "c_rest_client_id"]),
            client_secret: token(source, &["client_secret", "c_rest_client_secret"])?,
            from_frame: member(source, &["auth_id"]).is_some(),
            // One page of the documentation misspells it.
            auth_server: text(source, &["oauth_server", "server_domain", "server_endpoint", "server_andpoint"]),
        })
    }
}

/// Members in which senders wrap the tokens: events, the vendor's PHP SDK, `CRest`'s log.
const WRAPPERS: [&str; 4] = ["auth", "auth_token", "request", "result"];

/// The innermost block with the tokens.
fn block(members: &Map<String, Value>) -> &Map<String, Value> {
    let wrapped = WRAPPERS.iter().filter_map(|name| member(members, &[name])?.as_object());
    wrapped.map(block).find(|inner| has_tokens(inner)).unwrap_or(members)
}

fn has_tokens(members: &Map<String, Value>) -> bool {
    member(members, &["access_token", "auth_id", "is_web_hook"]).is_some()
}

/// The entries of a store, which maps each portal's id to its tokens; else the document itself.
fn entries(members: &Map<String, Value>) -> Result<Vec<&Map<String, Value>>, TokenSetError> {
    let is_one = has_tokens(block(members)) || members.keys().any(|key| key.contains('['));
    let entries: Vec<_> =
        members.values().filter_map(Value::as_object).filter(|entry| has_tokens(block(entry))).collect();
    match (is_one, entries.is_empty()) {
        (true, _) => Ok(vec![members]),
        (false, true) => Err(TokenSetError::NoAccessToken),
        (false, false) => Ok(entries),
    }
}

/// A document whose keys are those of a form, such as `auth[access_token]`, as the form makes it.
fn unflattened(members: &Map<String, Value>) -> Result<Option<Map<String, Value>>, TokenSetError> {
    if !members.keys().any(|key| key.contains('[')) {
        return Ok(None);
    }
    let fields = members.iter().map(|(key, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (key.clone(), value)
    });
    Ok(Some(form::from_fields(&fields.collect::<Vec<_>>())?))
}

/// Whether it is `CRest`'s file of an application with an interface, or of any after a renewal: its `application_token` is
/// the frame's `APP_SID`, or may be. An installation without an interface has all members of the event's block.
fn is_of_crest(source: &Map<String, Value>) -> bool {
    let has_keys = member(source, &["c_rest_client_id"]).is_some();
    let is_minimal = member(source, &["client_endpoint"]).is_some() && member(source, &["member_id"]).is_none();
    has_keys || is_minimal && member(source, &["access_token"]).is_some()
}

/// Some senders call the lifetime in seconds `expires`. This is in 2001, before any token was issued.
const EARLIEST: i64 = 1_000_000_000;

fn member<'a>(members: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let found = names.iter().find_map(|name| members.iter().find(|(key, _)| is_called(key, name)));
    found.map(|(_, value)| value)
}

/// Whether a key is this name in any case, or in the camel case of the vendor's JavaScript SDK.
fn is_called(key: &str, name: &str) -> bool {
    let letters = |text: &str| {
        text.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>()
    };
    key.eq_ignore_ascii_case(name) || !key.contains('_') && letters(key) == letters(name)
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
