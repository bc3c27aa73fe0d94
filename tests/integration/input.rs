//! Texts on stdin and in files: bounded, and read in one way by every command.

use std::process::Stdio;

use crate::support::home::finish;
use crate::support::{Home, Output, Sandbox};

const MIB: usize = 1 << 20;

/// Runs `imconn ARGS` with the files `long` and `too-long` in its folder, which hold `text` and white space.
fn run(home: &Home, text: &str, input: Option<&str>, args: &str) -> Output {
    home.write("long", &(" ".repeat(2 * MIB) + text));
    home.write("too-long", &(" ".repeat(8 * MIB) + text));
    let mut command = home.command();
    if let Some(file) = input {
        command.stdin(Stdio::from(std::fs::File::open(home.path(file)).unwrap()));
    }
    finish(command.args(args.split(' ')))
}

#[track_caller]
fn assert_too_long(output: &Output, name: &str) {
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.stderr.contains(&format!("{name} is longer than 8 MiB")), "{output:?}");
}

#[test]
fn tokens_are_read_whole_or_refused_with_the_limit() {
    let sandbox = Sandbox::start();
    let text = format!("{{\"access_token\": \"{}\"}}", sandbox.fact("access_token"));
    let home = Home::new();
    let login = format!("login {} --name acme --tokens", sandbox.url());
    run(&home, &text, None, &format!("{login} long")).ended_with(0);
    run(&home, &text, Some("long"), &format!("{login} -")).ended_with(0);
    assert_too_long(&run(&home, &text, None, &format!("{login} too-long")), "too-long");
    assert_too_long(&run(&home, &text, Some("too-long"), &format!("{login} -")), "stdin");
    let missing = home.run(&format!("{login} missing")).ended_with(1);
    assert!(missing.stderr.contains("missing does not exist"), "{missing:?}");
}

#[test]
fn a_manifest_and_a_body_have_the_same_limit() {
    let home = Home::new();
    let manifest = "\n[manage]\n";
    run(&home, manifest, None, "-p sandbox diff -f long").ended_with(0);
    assert_too_long(&run(&home, manifest, None, "-p sandbox diff -f too-long"), "too-long");
    assert_too_long(&run(&home, manifest, Some("too-long"), "-p sandbox diff -f -"), "stdin");
    assert_too_long(&run(&home, "{}", Some("too-long"), "-p sandbox call scope --json -"), "stdin");
}

#[test]
fn a_named_pipe_is_read_like_a_file() {
    let home = Home::new();
    let path = home.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let writer = std::thread::spawn(move || std::fs::write(path, "[manage]\n").unwrap());
    home.run("-p sandbox diff -f pipe").ended_with(0);
    writer.join().unwrap();
}
