//! An empty home folder to run the binary in.

use std::fs::DirBuilder;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A user who has never run imconn before.
pub(crate) struct Home {
    folder: TempDir,
}

/// The outcome of a run.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// stdout as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// stderr as one JSON error.
    #[track_caller]
    pub(crate) fn json_error(&self) -> Value {
        let document: Value = serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        document["error"].clone()
    }

    /// Fails unless the exit code is this one.
    #[track_caller]
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// The `status` of every change.
    #[track_caller]
    pub(crate) fn statuses(&self) -> Vec<String> {
        self.json()["changes"].as_array().unwrap().iter().map(|c| c["status"].as_str().unwrap().to_owned()).collect()
    }
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        DirBuilder::new().recursive(true).mode(0o700).create(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The binary with nothing in its environment but this home.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imconn"));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("IMCONN_CONFIG_DIR", self.path("config"))
            .env("IMCONN_DATA_DIR", self.path("data"))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs with these arguments, split at spaces.
    pub(crate) fn run(&self, args: &str) -> Output {
        finish(self.command().args(args.split_whitespace()))
    }

    /// Runs with these arguments and variables.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], args: &str) -> Output {
        finish(self.command().envs(variables.iter().copied()).args(args.split_whitespace()))
    }

    /// Runs with this text on stdin.
    pub(crate) fn run_with_input(&self, input: &str, args: &str) -> Output {
        self.run_with_input_and(&[], input, args)
    }

    /// Runs with these variables, and this text on stdin.
    pub(crate) fn run_with_input_and(&self, variables: &[(&str, &str)], input: &str, args: &str) -> Output {
        let mut command = self.command();
        command.envs(variables.iter().copied());
        command.args(args.split_whitespace()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Output::from(child.wait_with_output().unwrap())
    }
}

/// Runs until the program exits.
pub(crate) fn finish(command: &mut Command) -> Output {
    Output::from(command.output().unwrap())
}

impl From<std::process::Output> for Output {
    fn from(output: std::process::Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
