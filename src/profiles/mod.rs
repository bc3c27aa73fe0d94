//! Portals that are known by a name, and what is chosen among them.

pub mod config;
pub mod credentials;
pub mod edit;
pub mod handler;
pub mod known;
pub mod target;
