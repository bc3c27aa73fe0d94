//! Portals that have a name: `config.toml`, one file of credentials per profile, and the choice of one portal.

mod auth_server;
mod config;
mod edit;
mod file_name;
mod select;
mod snapshot;
mod store;
mod stored;
mod toml_file;

pub(crate) use self::auth_server::{auth_server, default_auth_server, is_vendors, trusted_auth_server};
pub(crate) use self::config::PortalConfig;
pub(crate) use self::edit::ConfigEdit;
pub(crate) use self::file_name::fits_a_file_name;
pub(crate) use self::select::{
    SelectedPortal, SelectedTokens, Selection, Unused, address_usage, select, several, unknown_portal,
};
pub(crate) use self::snapshot::{NamedPortal, Profiles, TokenLocation, looks_like_address};
pub(crate) use self::store::ProfileStore;
pub(crate) use self::stored::StoredProfile;

/// The built-in portal's name.
pub(crate) const SANDBOX: &str = "sandbox";
