//! `/oauth/authorize/` and `/oauth/token/` (`portal-protocol` section 6).

use serde_json::{Value, json};

use super::reply::RestError;
use super::request::Params;
use super::state::{CODE_SECONDS, Code, State, now};
use crate::random::hex;
use crate::wire::form;

/// What the authorisation address answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Authorised {
    /// The browser is sent back to the application.
    Redirect(String),
    /// The application has no return address: the code is shown for the user to copy.
    Page(String),
    /// Something is wrong; nobody is redirected.
    Refused(RestError),
}

/// `/oauth/authorize/?client_id=…&state=…`. The sandbox asks for no password: the administrator consents, or the user
/// that the parameter `user` names.
pub(super) fn authorise(state: &mut State, params: &Params, base: &str) -> Authorised {
    if params.text("client_id") != state.app.client_id || !state.app.installed {
        return Authorised::Refused(RestError::new(400, "invalid_client", "Client not found"));
    }
    let Some(user) = state.user(params.number("user").unwrap_or(1)).map(|user| user.id) else {
        return Authorised::Refused(RestError::new(400, "invalid_request", "User not found"));
    };
    let code = Code { text: hex(35), user, expires: now() + CODE_SECONDS };
    state.codes.retain(|code| code.expires > now());
    state.codes.push(code.clone());
    let Some(address) = state.app.return_address.clone() else {
        return Authorised::Page(format!("<!DOCTYPE html><title>Authorisation code</title><p>{}</p>", code.text));
    };
    let host = authority(base);
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

/// `/oauth/token/`: a code or a refresh token for a new pair.
///
/// # Errors
/// With the server's codes and statuses.
pub(super) fn token(state: &mut State, params: &Params, base: &str) -> Result<Value, RestError> {
    let grant = params.text("grant_type");
    if !["authorization_code", "refresh_token"].contains(&grant.as_str()) {
        return Err(RestError::new(400, "invalid_request", "An unsupported or missing grant type"));
    }
    let app = &state.app;
    if params.text("client_id") != app.client_id || params.text("client_secret") != app.client_secret || !app.installed
    {
        return Err(RestError::new(401, "invalid_client", "Invalid client"));
    }
    if app.payment_expired {
        return Err(RestError::new(400, "PAYMENT_REQUIRED", "Payment required"));
    }
    let dead = || RestError::new(400, "invalid_grant", "The provided authorization grant is invalid or expired");
    let user = if grant == "refresh_token" {
        let single_use = app.single_use_refresh;
        let refresh = params.text("refresh_token");
        let known = state.tokens.iter_mut().find(|token| token.refresh == refresh).ok_or_else(dead)?;
        if known.refresh_expires <= now() || single_use && known.refreshed {
            return Err(dead());
        }
        known.refreshed = true;
        known.user
    } else {
        let wanted = params.text("code");
        let position = state.codes.iter().position(|code| code.text == wanted).ok_or_else(dead)?;
        let code = state.codes.remove(position);
        if code.expires <= now() {
            return Err(dead());
        }
        code.user
    };
    let token = state.issue(user);
    Ok(json!({
        "access_token": token.access,
        "expires": token.expires,
        "expires_in": token.expires - now(),
        "scope": state.app.scopes.join(","),
        "domain": authority(base),
        "server_endpoint": format!("{base}/rest/"),
        "status": state.app.status,
        "client_endpoint": format!("{base}/rest/"),
        "member_id": state.member_id,
        "user_id": token.user,
        "refresh_token": token.refresh,
    }))
}

fn authority(base: &str) -> &str {
    base.split_once("://").map_or(base, |(_, host)| host)
}
