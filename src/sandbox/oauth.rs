//! `/oauth/authorize/` and `/oauth/token/` (`protocol` section 6).

use serde_json::{Value, json};

use super::reply::RestError;
use super::request::Params;
use super::state::{CODE_SECONDS, Code, State, now};
use crate::random::hex;
use crate::wire::form;

/// The answer of the authorisation address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Authorised {
    /// The browser returns to the application.
    Redirect(String),
    /// The application has no return address: the user copies the code from this page.
    Page(String),
    /// There is no redirect on failure.
    Refused(RestError),
}

/// `/oauth/authorize/?client_id=…&state=…`. The sandbox asks for no password: the administrator consents, or the user
/// given by the parameter `user`.
pub(super) fn authorise(state: &mut State, params: &Params, base: &str) -> Authorised {
    if params.text("client_id") != state.app.client_id || !state.app.installed {
        return Authorised::Refused(RestError::new(400, "invalid_client", "Client not found"));
    }
    let user = u64::try_from(params.intval("user").unwrap_or(1)).unwrap_or_default();
    let Some(user) = state.user(user).map(|user| user.id) else {
        return Authorised::Refused(RestError::new(400, "invalid_request", "User not found"));
    };
    let code = Code { text: hex(35), user, expires: now() + CODE_SECONDS };
    state.codes.retain(|code| code.expires > now());
    state.codes.push(code.clone());
    let Some(address) = state.app.return_address.clone() else {
        return Authorised::Page(format!("<!DOCTYPE html><title>Authorisation code</title><p>{}</p>", code.text));
    };
    let host = host_of(base);
    let answer = json!({
        "code": code.text,
        "state": params.text("state"),
        "domain": host,
        "member_id": state.member_id,
        "scope": state.app.scopes.join(","),
        "server_domain": host,
    });
    let query = answer.as_object().map(form::encode).unwrap_or_default();
    let join = if address.contains('?') { '&' } else { '?' };
    Authorised::Redirect(format!("{address}{join}{query}"))
}

/// `/oauth/token/`: exchanges a code or a refresh token for a new pair, or refuses with the server's codes and statuses.
pub(super) fn token(state: &mut State, params: &Params, base: &str) -> Result<Value, RestError> {
    let grant = Grant::read(params)?;
    let app = &state.app;
    if params.text("client_id") != app.client_id {
        return Err(RestError::new(200, "wrong_client", "Wrong client"));
    }
    if params.text("client_secret") != app.client_secret || !app.installed {
        return Err(RestError::new(400, "invalid_client", "Invalid client"));
    }
    if app.payment_expired {
        return Err(RestError::new(400, "PAYMENT_REQUIRED", "Payment required"));
    }
    let user = match grant {
        Grant::Refresh => use_refresh_token(state, &given(params, "refresh_token")?)?,
        Grant::Code => use_code(state, &given(params, "code")?)?,
    };
    let token = state.issue(user);
    Ok(json!({
        "access_token": token.access,
        "expires": token.expires,
        "expires_in": token.expires - now(),
        "scope": state.app.scopes.join(","),
        "domain": host_of(base),
        "server_endpoint": format!("{base}/rest/"),
        "status": state.app.status,
        "client_endpoint": format!("{base}/rest/"),
        "member_id": state.member_id,
        "user_id": token.user,
        "refresh_token": token.refresh,
    }))
}

enum Grant {
    Refresh,
    Code,
}

impl Grant {
    fn read(params: &Params) -> Result<Self, RestError> {
        match params.text("grant_type").as_str() {
            "refresh_token" => Ok(Self::Refresh),
            "authorization_code" => Ok(Self::Code),
            _ => Err(RestError::new(400, "invalid_request", "An unsupported or missing grant type")),
        }
    }
}

fn given(params: &Params, name: &str) -> Result<String, RestError> {
    let text = Some(params.text(name)).filter(|text| !text.is_empty());
    text.ok_or_else(|| RestError::new(400, "invalid_request", format!("No \"{name}\" parameter found")))
}

/// The user of a refresh token.
fn use_refresh_token(state: &mut State, refresh: &str) -> Result<u64, RestError> {
    let single_use = state.app.single_use_refresh;
    let known = state.tokens.iter_mut().find(|token| token.refresh == refresh).ok_or_else(invalid_grant)?;
    if known.refresh_expires <= now() || single_use && known.refreshed {
        return Err(invalid_grant());
    }
    known.refreshed = true;
    Ok(known.user)
}

/// The user who authorised; a code is valid once.
fn use_code(state: &mut State, text: &str) -> Result<u64, RestError> {
    let position = state.codes.iter().position(|code| code.text == text).ok_or_else(invalid_grant)?;
    let code = state.codes.remove(position);
    if code.expires <= now() { Err(invalid_grant()) } else { Ok(code.user) }
}

fn invalid_grant() -> RestError {
    RestError::new(400, "invalid_grant", "The provided authorization grant is invalid or expired")
}

fn host_of(base: &str) -> &str {
    base.split_once("://").map_or(base, |(_, host)| host)
}
