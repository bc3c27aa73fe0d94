//! Whom the test events claim to come from.

use crate::context::Context;
use crate::delivery::sample::{MemberId, Sender};
use crate::doctor::application::SCOPES;
use crate::error::Error;
use crate::portal::address::PortalAddress;
use crate::portal::identity::Identity;
use crate::profiles::{NamedPortal, SelectedPortal, TokenLocation};

/// A sender with everything that is known of the portal, and plausible values for the rest: handlers refuse incomplete
/// events.
pub(super) fn sender(context: &Context, address: &PortalAddress, identity: Option<&Identity>) -> Result<Sender, Error> {
    let selection = context.selection()?;
    let member_id = match &selection.portal.value {
        SelectedPortal::Sandbox => Some(context.sandbox()?.member_id()?),
        SelectedPortal::Address { profile, .. } => profile.as_deref().and_then(stored_member_id),
    };
    // The sandbox is its own auth server.
    let server = selection.oauth_server.map_or_else(|| address.to_string(), |server| server.value.to_string());
    Ok(Sender {
        domain: address.host(),
        client_endpoint: rest_of(&address.to_string()),
        server_endpoint: rest_of(&server),
        member_id: MemberId::or_made_up(member_id),
        scope: identity.map_or_else(|| SCOPES.join(","), |identity| identity.scopes.join(",")),
        status: identity.map_or_else(|| "L".to_owned(), |identity| identity.application.status.clone()),
        user_id: identity.map_or(1, |identity| identity.user.id),
    })
}

fn stored_member_id(profile: &NamedPortal) -> Option<String> {
    match &profile.tokens {
        TokenLocation::Stored(stored) => stored.member_id.clone(),
        TokenLocation::Command(_) | TokenLocation::None => None,
    }
}

/// The REST folder of a portal or an auth server.
fn rest_of(server: &str) -> String {
    format!("{}/rest/", server.trim_end_matches('/'))
}
