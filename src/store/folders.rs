//! Where files are kept.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// The two folders, found when first asked for: most commands need neither.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    /// `--config-dir` or `IMCONN_CONFIG_DIR`.
    pub config: Option<PathBuf>,
    /// `IMCONN_DATA_DIR`.
    pub data: Option<PathBuf>,
}

impl Folders {
    /// Settings and credentials.
    ///
    /// # Errors
    /// When none is named and the platform has none, as in a container without a home folder.
    pub fn config(&self) -> Result<PathBuf> {
        let platform = || dirs::config_dir().map(|dir| dir.join("imconn"));
        self.config
            .clone()
            .or_else(platform)
            .context("there is no home folder to keep settings in; name a folder in IMCONN_CONFIG_DIR")
    }

    /// The sandbox's state.
    ///
    /// # Errors
    /// As for [`Folders::config`].
    pub fn data(&self) -> Result<PathBuf> {
        let platform = || dirs::data_dir().map(|dir| dir.join("imconn"));
        self.data
            .clone()
            .or_else(platform)
            .context("there is no home folder to keep data in; name a folder in IMCONN_DATA_DIR")
    }
}
