//! `app.option.*` and `user.option.*`: values that an application stores on the portal.

use serde_json::{Map, Value};

use crate::sandbox::call::MethodCall;
use crate::sandbox::php;
use crate::sandbox::reply::RestError;

/// `app.option.get`: all options, or the one named by `option`.
pub(super) fn app_get(call: &MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application_context()?;
    Ok(chosen(call, &call.state.app_options))
}

/// `user.option.get`: those of the token's user.
pub(super) fn user_get(call: &MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application_context()?;
    let none = Map::new();
    let options = call.state.user_options.get(&call.caller.user.id).unwrap_or(&none);
    Ok(chosen(call, options))
}

fn chosen(call: &MethodCall<'_>, options: &Map<String, Value>) -> Value {
    match call.params.exact("option") {
        Some(name) => options.get(&php::text(name)).cloned().unwrap_or_default(),
        None => php::array(options.clone()),
    }
}

/// `app.option.set`: only for administrators.
pub(super) fn app_set(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application_context()?;
    let options = given(call)?;
    if !call.caller.user.admin {
        return Err(RestError::denied("Administrator authorization required"));
    }
    call.state.app_options.extend(options);
    Ok(true.into())
}

/// `user.option.set`.
pub(super) fn user_set(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application_context()?;
    let options = given(call)?;
    call.state.user_options.entry(call.caller.user.id).or_default().extend(options);
    Ok(true.into())
}

/// The members of `options`, or all parameters without it.
fn given(call: &MethodCall<'_>) -> Result<Map<String, Value>, RestError> {
    let options = match call.params.exact("options") {
        Some(Value::Object(options)) => options.clone(),
        Some(Value::Array(list)) => list.iter().enumerate().map(|(i, value)| (i.to_string(), value.clone())).collect(),
        Some(_) => Map::new(),
        None => call.params.members().clone(),
    };
    if options.is_empty() { Err(RestError::missing("options")) } else { Ok(options) }
}
