//! `kill -9` at any moment: the store holds a complete pair, the old or the new one.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::sandbox::{Pair, stored_pair};
use crate::support::{Sandbox, http};

const TRIES: usize = 500;

/// Adapts the moment of the kill to earlier tries: later if nothing had been stored yet, earlier if
/// it had. So most kills hit the moment of writing, on slow and fast machines alike.
struct Aim {
    delay: Duration,
    early: usize,
    late: usize,
}

impl Aim {
    fn new() -> Self {
        Self { delay: Duration::from_millis(1), early: 0, late: 0 }
    }

    /// Waits, kills, and waits for the end.
    fn kill(&self, child: &mut Child) {
        std::thread::sleep(self.delay);
        let _ = child.kill();
        child.wait().unwrap();
    }

    fn learn(&mut self, has_stored: bool) {
        let (count, factor) = if has_stored { (&mut self.late, 0.93) } else { (&mut self.early, 1.08) };
        *count += 1;
        self.delay = self.delay.mul_f64(factor).min(Duration::from_secs(5));
    }

    fn assert_both_sides_were_hit(&self) {
        assert!(self.early > TRIES / 10 && self.late > TRIES / 10, "{} early, {} late", self.early, self.late);
    }
}

/// The next writer removes what a killed one left behind.
fn assert_tidy(folder: &Path) {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert_eq!(names, ["acme.lock", "acme.toml"]);
}

#[test]
fn a_store_is_whole_after_a_kill_at_any_moment_of_a_refresh() {
    let sandbox = Sandbox::start();
    let path = sandbox.store_profile();
    let start = || {
        let mut command = sandbox.home.command();
        command.env("IMCONN_OAUTH_SERVER", sandbox.url()).args(["-p", "acme", "list", "-q"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut aim = Aim::new();
    for _ in 0..TRIES {
        let before = stored_pair(&path);
        http::request(sandbox.fact("control"), "DELETE", "/faults", &[], "");
        sandbox.fault(&json!({"kind": "expired-token"}));
        aim.kill(&mut start());
        let after = stored_pair(&path).unwrap();
        let after = Some(after);
        // A leftover of the kill before may have been adopted.
        assert!(
            after == before || after.is_some_and(|pair| sandbox.pairs().contains(&pair)),
            "a pair as it was issued"
        );
        let after = stored_pair(&path);
        aim.learn(after != before);
    }
    aim.assert_both_sides_were_hit();
    http::request(sandbox.fact("control"), "DELETE", "/faults", &[], "");
    sandbox.fault(&json!({"kind": "expired-token"}));
    assert_eq!(start().wait().unwrap().code(), Some(0));
    assert_tidy(path.parent().unwrap());
}

#[test]
fn a_store_is_whole_after_a_kill_at_any_moment_of_a_login() {
    let sandbox = Sandbox::start();
    let second: Value = sandbox.fresh_pair();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pairs: [Pair; 2] = [
        (text(&sandbox.ready["access_token"]), text(&sandbox.ready["refresh_token"])),
        (text(&second["access_token"]), text(&second["refresh_token"])),
    ];
    for (i, (access, refresh)) in pairs.iter().enumerate() {
        let tokens = json!({"access_token": access, "refresh_token": refresh});
        sandbox.home.write(&format!("tokens/{i}.json"), &tokens.to_string());
    }
    let path = sandbox.home.path("config/profiles/acme.toml");
    let start = |i: usize| {
        let mut command = sandbox.home.command();
        command
            .args(["login", sandbox.url(), "--name", "acme", "--tokens"])
            .arg(sandbox.home.path(&format!("tokens/{i}.json")));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut aim = Aim::new();
    for _ in 0..TRIES {
        let before = stored_pair(&path);
        let next = usize::from(before.as_ref() == Some(&pairs[0]));
        aim.kill(&mut start(next));
        let after = stored_pair(&path);
        assert!(after == before || after.as_ref() == Some(&pairs[next]), "the old pair or the new one");
        aim.learn(after != before);
    }
    aim.assert_both_sides_were_hit();
    assert_eq!(start(0).wait().unwrap().code(), Some(0));
    assert_tidy(path.parent().unwrap());
}
