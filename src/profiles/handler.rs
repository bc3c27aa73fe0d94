//! Which handler is bound when several places may name one.

use super::known::SANDBOX;
use super::target::Target;
use crate::bindings::HandlerUrl;
use crate::bindings::manifest::FILE;
use crate::commands::shared::manifest;
use crate::context::Context;
use crate::error::Error;
use crate::profiles::config::Config;
use crate::sandbox::DEFAULT_HANDLER;

impl Context {
    /// The handler to bind: the option, the environment, `imconn.toml`, the profile, in this order.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none or it is no handler; [`Error::Local`] when a file cannot be understood.
    pub fn handler(&self, option: Option<&str>) -> Result<HandlerUrl, Error> {
        let (named, source) = match (option, &self.settings.environment.handler) {
            (Some(handler), _) => (Some(handler.to_owned()), "--handler"),
            (None, Some(handler)) => (Some(handler.clone()), "IMCONN_HANDLER"),
            (None, None) => match manifest::here()?.and_then(|manifest| manifest.handler) {
                Some(handler) => (Some(handler), FILE),
                None => (self.profile_handler()?, "config.toml"),
            },
        };
        let Some(named) = named else {
            return Err(Error::usage(
                "no handler is named",
                "name it with --handler URL, IMCONN_HANDLER, or handler = \"URL\" in imconn.toml",
            ));
        };
        HandlerUrl::parse(&named).map_err(|error| {
            Error::usage(format!("{source}: {error}"), "a handler looks like https://bot.example.com/b24")
        })
    }

    fn profile_handler(&self) -> Result<Option<String>, Error> {
        let config = Config::load(&self.settings.folders.config()?)?;
        let (name, default) = match self.target()? {
            Target::Sandbox => (SANDBOX.to_owned(), Some(DEFAULT_HANDLER.to_owned())),
            Target::Address { address, known } => (known.map_or_else(|| address.host(), |known| known.name), None),
        };
        Ok(config.handler_for(&name).or(default))
    }
}
