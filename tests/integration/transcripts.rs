//! Transcripts: what a user types and sees, in `tests/transcripts` and in the README.

use trycmd::TestCases;

/// Variables that `trycmd` would pass on; an empty one counts as unset.
const INHERITED: [&str; 12] = [
    "IMCONN_PORTAL",
    "IMCONN_ACCESS_TOKEN",
    "IMCONN_REFRESH_TOKEN",
    "IMCONN_CLIENT_ID",
    "IMCONN_CLIENT_SECRET",
    "IMCONN_HANDLER",
    "IMCONN_OAUTH_SERVER",
    "IMCONN_OUTPUT",
    "IMCONN_NO_INPUT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
];

/// Each transcript has its own home folder, and its commands run one after the other.
fn cases() -> (tempfile::TempDir, TestCases) {
    let home = tempfile::tempdir().unwrap();
    let cases = TestCases::new();
    let folder = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    cases.env("HOME", folder("")).env("IMCONN_CONFIG_DIR", folder("config")).env("IMCONN_DATA_DIR", folder("data"));
    cases.env("COLUMNS", "100").env("NO_COLOR", "1").env("CLICOLOR_FORCE", "0");
    // The developer's own settings must not reach a portal or change the output.
    for name in INHERITED {
        cases.env(name, "");
    }
    (home, cases)
}

#[test]
fn transcripts_match_the_output() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts");
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "trycmd") {
            found += 1;
            let (_home, cases) = cases();
            cases.case(path).run();
        }
    }
    assert!(found > 0, "there is no transcript in {folder}");
}

#[test]
fn readme_examples_match_the_output() {
    let (_home, cases) = cases();
    cases.case(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).run();
}
