//! Where files are kept.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// The two folders, found when first needed: many commands need neither.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folders {
    /// `--config-dir` or `IMCONN_CONFIG_DIR`.
    pub(crate) config: Option<PathBuf>,
    /// `IMCONN_DATA_DIR`.
    pub(crate) data: Option<PathBuf>,
}

impl Folders {
    /// The folder of settings and profiles. It fails where there is no home folder, as in some containers.
    pub(crate) fn config(&self) -> Result<PathBuf> {
        self.config
            .clone()
            .or_else(|| dirs::config_dir().map(|dir| dir.join("imconn")))
            .context("no home folder to keep settings in; set IMCONN_CONFIG_DIR to a folder")
    }

    /// The folder of the sandbox and of the history of changes.
    pub(crate) fn data(&self) -> Result<PathBuf> {
        self.data
            .clone()
            .or_else(|| dirs::data_dir().map(|dir| dir.join("imconn")))
            .context("no home folder to keep data in; set IMCONN_DATA_DIR to a folder")
    }
}
