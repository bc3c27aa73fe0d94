//! `config.toml`: a mistake concerns the portal that it is about.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Home, Sandbox};

#[test]
fn a_mistake_in_the_settings_of_one_portal_concerns_that_portal_only() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    for mistake in ["nonsense = 1", "host = 5", "credential_store_command = [\"x\"]"] {
        let config = format!("[portals.broken]\n{mistake}\n[portals.acme]\nhandler = \"http://127.0.0.1:9/x\"\n");
        sandbox.home.write("config/config.toml", &config);
        sandbox.home.run("-p sandbox list").ended_with(0);
        sandbox.home.run("-p acme list").ended_with(0);
        sandbox.home.run("portals use acme").ended_with(0);
        for args in ["-p broken list", "portals"] {
            let output = sandbox.home.run(args).ended_with(1);
            assert!(output.stderr.contains("config.toml, line"), "{args}: {output:?}");
        }
    }
}

#[test]
fn a_broken_profile_does_not_keep_another_from_becoming_the_default() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    sandbox.home.write("config/profiles/broken.toml", "host = ");
    let output = sandbox.home.run("portals use acme").ended_with(0);
    assert!(output.stderr.contains("broken.toml"), "{output:?}");
    sandbox.home.run("list").ended_with(0);
}

#[test]
fn a_program_from_a_file_that_others_can_write_is_not_run() {
    let home = Home::new();
    let config = "[portals.vault]\nhost = \"http://127.0.0.1:1\"\ncredential_command = [\"touch\", \"ran\"]\n";
    let path = home.write("config/config.toml", config);
    for mode in [0o620, 0o602] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let output = home.run_with(&[("PATH", "/usr/bin:/bin")], "-p vault list").ended_with(1);
        assert!(output.stderr.contains("others can write"), "{output:?}");
        assert!(!home.path("ran").exists());
        home.run("-p sandbox list").ended_with(0);
    }
}

#[test]
fn a_program_that_hangs_is_stopped_at_the_time_limit() {
    let home = Home::new();
    let config = "[portals.vault]\nhost = \"http://127.0.0.1:1\"\ncredential_command = [\"sleep\", \"60\"]\n";
    home.write("config/config.toml", config);
    let output = home.run_with(&[("PATH", "/usr/bin:/bin")], "-p vault --timeout 1 list").ended_with(1);
    assert!(output.stderr.contains("did not finish within 1 s"), "{output:?}");
}
