//! The REST methods of the sandbox, with the checks, texts and statuses of the real ones.

mod access;
mod application;
mod batch;
mod event;
mod events;
mod handler_url;
mod offline;
mod offline_query;
mod options;
mod references;

use super::call::MethodCall;
use super::reply::{RestError, RestResult};

/// A REST method.
pub(super) struct Method {
    /// Lower case.
    pub(super) name: &'static str,
    /// Scopes that allow the method; empty if every application may call it.
    scopes: &'static [&'static str],
    pub(super) run: fn(&mut MethodCall<'_>) -> Result<RestResult, RestError>,
}

impl Method {
    pub(super) fn is_in_scope(&self, own: &[String]) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|scope| own.iter().any(|own| own == scope))
    }
}

/// The method of this name, in lower case.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

const fn method(
    name: &'static str,
    scopes: &'static [&'static str],
    run: fn(&mut MethodCall<'_>) -> Result<RestResult, RestError>,
) -> Method {
    Method { name, scopes, run }
}

/// Every method of the sandbox.
static METHODS: [Method; 25] = [
    method("batch", &[], |call| Ok(batch::run(call).into())),
    method("scope", &[], |call| Ok(application::scope(call).into())),
    method("methods", &[], |call| Ok(application::methods(call).into())),
    method("method.get", &[], |call| Ok(application::method_get(call).into())),
    method("server.time", &[], |_| Ok(application::server_time().into())),
    method("app.option.get", &[], |call| Ok(options::app_get(call)?.into())),
    method("app.option.set", &[], |call| Ok(options::app_set(call)?.into())),
    method("user.option.get", &[], |call| Ok(options::user_get(call)?.into())),
    method("user.option.set", &[], |call| Ok(options::user_set(call)?.into())),
    method("app.info", &[], |call| Ok(application::info(call)?.into())),
    method("feature.get", &[], |call| Ok(application::feature(call)?.into())),
    method("events", &[], |call| Ok(events::list(call)?.into())),
    method("event.bind", &[], |call| Ok(event::bind(call)?.into())),
    method("event.unbind", &[], |call| Ok(event::unbind(call)?.into())),
    method("event.get", &[], |call| Ok(event::get(call)?.into())),
    method("event.offline.get", &[], |call| Ok(offline::get(call)?.into())),
    method("event.offline.clear", &[], |call| Ok(offline::clear(call)?.into())),
    method("event.offline.error", &[], |call| Ok(offline::error(call)?.into())),
    method("event.offline.list", &[], offline::list),
    method("event.test", &[], |call| Ok(event::test(call)?.into())),
    method("user.admin", &[], |call| Ok(access::is_admin(call).into())),
    method("user.access", &[], |call| Ok(access::has_access(call).into())),
    method("access.name", &[], |call| Ok(access::names(call).into())),
    method("profile", &[], |call| Ok(application::profile(call).into())),
    method("user.current", &["user", "user_basic", "user_brief"], |call| Ok(access::current_user(call).into())),
];
