//! Subscriptions as code: `diff`, `apply`, `export`.

use std::time::{Duration, Instant};

use std::process::Stdio;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{HANDLER, Home, Output, Sandbox};
use crate::terminal::{exit_code, on_terminal};

const SEVEN: &str = "handler = \"https://bot.example.com/b24\"\n[[subscription]]\nevents = \"connector\"\n";

fn with_manifest(text: &str) -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.home.write("imconn.toml", text);
    sandbox
}

fn changes(output: &Output) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let document = output.json();
    let change = |change: &Value| (text(&change["action"]), text(&change["event"]), text(&change["handler"]));
    document["changes"].as_array().unwrap().iter().map(change).collect()
}

/// The commands of every request since the last call.
fn asked(sandbox: &Sandbox) -> Vec<Vec<String>> {
    let commands = |request: &Value| {
        request["commands"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let asked = sandbox.requests().iter().map(commands).collect();
    sandbox.forget();
    asked
}

#[test]
fn apply_makes_the_portal_match_and_then_changes_nothing() {
    let sandbox = with_manifest(SEVEN);
    let output = sandbox.run("diff -o json").ended_with(3);
    assert_eq!((changes(&output).len(), &output.json()["summary"]["planned"]), (7, &json!(7)));
    assert_eq!(sandbox.bindings().len(), 0, "nothing was changed");
    sandbox.forget();
    assert_eq!(sandbox.run("apply -o json").ended_with(0).statuses(), ["bound"; 7]);
    let written = asked(&sandbox);
    assert_eq!(written.len(), 2, "one request to read, one to write");
    assert_eq!((written[1].len(), written[1].last().unwrap().as_str()), (8, "event.get"));
    assert_eq!(sandbox.run("apply -o json").ended_with(0).statuses(), Vec::<String>::new());
    assert_eq!(asked(&sandbox).len(), 1, "nothing to do: one request");
    assert!(sandbox.run("diff").ended_with(0).stderr.contains("matches the manifest"));
}

#[test]
fn a_moved_handler_is_bound_before_the_old_one_is_removed() {
    let sandbox = with_manifest(SEVEN);
    sandbox.run("bind --all --handler https://old.example.com/b24").ended_with(0);
    sandbox.forget();
    sandbox.run("apply --yes --force").ended_with(0);
    let commands = asked(&sandbox).pop().unwrap();
    let first_unbind = commands.iter().position(|command| command == "event.unbind").unwrap();
    assert!(commands[..first_unbind].iter().filter(|command| *command == "event.bind").count() == 7, "{commands:?}");
    assert!(sandbox.bindings().iter().all(|binding| binding["handler"] == HANDLER));
}

#[test]
fn an_old_handler_is_kept_while_its_successor_cannot_be_bound_and_the_next_run_finishes() {
    let text = format!("{SEVEN}[[subscription]]\nevents = \"OnCrmLeadAdd\"\n");
    let sandbox = with_manifest(&text);
    sandbox.app(&json!({"scopes": ["imopenlines", "crm"]}));
    for event in ["message-add", "OnCrmLeadAdd"] {
        sandbox.run(&format!("bind {event} --handler https://old.example.com/b24")).ended_with(0);
    }
    sandbox.app(&json!({"scopes": ["imopenlines"]}));
    let output = sandbox.run("apply --yes -o json").ended_with(5);
    let status = |event: &str, action: &str| {
        let document = output.json();
        let all = document["changes"].as_array().unwrap().clone();
        let is = |c: &&Value| c["event"].as_str().unwrap().eq_ignore_ascii_case(event) && c["action"] == action;
        all.iter().find(is).unwrap().clone()
    };
    assert_eq!(status("OnCrmLeadAdd", "bind")["error"]["code"], "ERROR_EVENT_NOT_FOUND");
    assert_eq!(status("OnCrmLeadAdd", "unbind")["error"]["code"], "kept");
    assert_eq!(status("OnImConnectorMessageAdd", "bind")["status"], "bound");
    assert_eq!(status("OnImConnectorMessageAdd", "unbind")["status"], "unbound");
    sandbox.app(&json!({"scopes": ["imopenlines", "crm"]}));
    sandbox.run("apply --yes").ended_with(0);
    sandbox.run("diff").ended_with(0);
}

#[test]
fn removals_require_yes_and_many_require_force() {
    let sandbox =
        with_manifest("handler = \"https://bot.example.com/b24\"\n[[subscription]]\nevents = \"message-add\"\n");
    sandbox.run("bind message-add --handler https://old.example.com/b24").ended_with(0);
    assert!(sandbox.run("apply").ended_with(2).stderr.contains("--yes"));
    assert_eq!(sandbox.bindings().len(), 1);
    sandbox.run("apply --no-remove").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 2);
    assert_eq!(sandbox.run("apply --dry-run -o json").ended_with(0).statuses(), ["planned"]);
    sandbox.run("apply --yes").ended_with(0);
    sandbox.run("bind --all --handler https://bot.example.com/b24").ended_with(0);
    sandbox.home.write(
        "imconn.toml",
        "[[subscription]]\nevents = \"message-add\"\nhandler = \"https://bot.example.com/b24\"\n[manage]\nremove = \"all\"\n",
    );
    assert!(sandbox.run("diff").ended_with(3).stderr.contains("run `imconn apply --force`"));
    let output = sandbox.run("apply").ended_with(2);
    assert!(output.stderr.contains("6 of the 7 bindings") && output.stderr.contains("--yes --force"), "{output:?}");
    assert!(output.stderr.contains("- OnImConnectorLineDelete"), "{output:?}");
    sandbox.run("apply --yes --force").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 1);
}

#[test]
fn ignored_handlers_are_neither_a_difference_nor_removed() {
    let sandbox = with_manifest(&format!("{SEVEN}[manage]\nremove = \"all\"\nignore = [\"https://*.ngrok.app/*\"]\n"));
    sandbox.run("apply").ended_with(0);
    sandbox.run("bind message-add --handler https://x.ngrok.app/b24").ended_with(0);
    assert!(sandbox.run("diff").ended_with(0).stderr.contains("1 binding is ignored"));
    sandbox.run("bind onUserAdd --handler https://old.example.com/b24").ended_with(0);
    assert_eq!(changes(&sandbox.run("diff -o json").ended_with(3)).len(), 1);
    sandbox.run("apply --yes").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 8);
}

#[test]
fn a_partial_view_is_compared_only_on_request() {
    let sandbox = with_manifest(SEVEN);
    for command in ["diff", "apply --yes"] {
        let output = sandbox.run_as_user(command).ended_with(4);
        assert!(output.stderr.contains("--own"), "{output:?}");
    }
    sandbox.run_as_user("apply --own").ended_with(0);
    sandbox.run_as_user("diff --own").ended_with(0);
    assert!(sandbox.bindings().iter().all(|binding| binding["auth_type"] == "2"));
}

#[test]
fn an_export_matches_the_portal() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    sandbox.run("bind OnAppTest --handler https://c.d/${x} --auth-user 2").ended_with(0);
    sandbox.run("bind message-add --offline --auth-connector key").ended_with(0);
    let text = sandbox.run("export").ended_with(0).stdout;
    assert!(
        text.starts_with("handler = \"https://bot.example.com/b24\"\n\n[[subscription]]\nevents = \"connector\"\n")
    );
    sandbox.home.write("imconn.toml", &text);
    sandbox.run("diff").ended_with(0);
}

#[test]
fn an_error_in_the_manifest_is_located_before_any_request() {
    let sandbox = with_manifest("[[subscription]]\nevents = [\"mesage-add\"]\n");
    let output = sandbox.run("apply").ended_with(2);
    assert!(output.stderr.contains("imconn.toml, line 2, column 11: `mesage-add` is not an event"), "{output:?}");
    assert!(output.stderr.contains("did you mean message-add?") && sandbox.requests().is_empty());
    assert!(Home::new().run("-p sandbox diff").ended_with(2).stderr.contains("imconn -p sandbox export > imconn.toml"));
    assert!(
        sandbox
            .home
            .run_with_input("", "-p sandbox diff -f -")
            .ended_with(2)
            .stderr
            .contains("declares no subscriptions")
    );
}

#[test]
fn a_handler_cannot_break_out_of_markdown() {
    let sandbox = with_manifest(SEVEN);
    sandbox.run("bind message-add --handler https://a.b/```x").ended_with(0);
    let text = sandbox.run("diff -o markdown").ended_with(3).stdout;
    assert!(text.contains("7 to add, 1 to remove") && text.contains("\n````diff\n+ "), "{text}");
    assert!(text.contains("\n- OnImConnectorMessageAdd https://a.b/```x (event's user)\n"), "{text}");
    assert!(text.ends_with("\n````\n"), "{text}");
}

#[test]
fn a_hundred_and_forty_bindings_are_three_batches_of_at_most_fifty() {
    let subscription =
        |i: i32| format!("[[subscription]]\nevents = \"connector\"\nhandler = \"https://bot.example.com/{i}\"\n");
    let text = (0..20).map(subscription).collect::<String>();
    let sandbox = with_manifest(&text);
    sandbox.run("apply -q").ended_with(0);
    let sizes: Vec<usize> = asked(&sandbox).iter().map(Vec::len).collect();
    assert_eq!(sizes, [2, 50, 50, 41]);
    assert_eq!(sandbox.bindings().len(), 140);
}

#[test]
fn after_the_portals_limit_two_requests_a_second_are_made() {
    let subscription =
        |i: i32| format!("[[subscription]]\nevents = \"connector\"\nhandler = \"https://bot.example.com/{i}\"\n");
    let sandbox = with_manifest(&(0..20).map(subscription).collect::<String>());
    sandbox.fault(&json!({"kind": "limit"}));
    let began = Instant::now();
    sandbox.run("apply -q").ended_with(0);
    // Refused, looked, and three batches of binds: four waits of half a second.
    assert_eq!(sandbox.requests().len(), 5);
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn on_a_terminal_apply_shows_the_plan_and_asks() {
    for (answer, code, bound) in [("n", 2, 0), ("", 2, 0), ("y", 0, 7)] {
        let sandbox = with_manifest(SEVEN);
        let mut session = on_terminal(&sandbox, sandbox.url(), &["apply"]);
        session.exp_string("+ OnImConnectorLineDelete").unwrap();
        session.exp_string("Add 7 bindings to").unwrap();
        session.send_line(answer).unwrap();
        session.exp_eof().unwrap();
        assert_eq!((exit_code(&session), sandbox.bindings().len()), (Some(code), bound));
    }
}

#[test]
fn an_online_handler_is_kept_while_its_queue_cannot_be_bound() {
    let sandbox =
        with_manifest("[[subscription]]\nevents = \"message-add\"\ntype = \"offline\"\nauth_connector = \"key\"\n");
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    sandbox.app(&json!({"features": []}));
    sandbox.run("apply --yes").ended_with(5);
    assert_eq!(sandbox.bindings().len(), 1, "the event goes somewhere yet");
    sandbox.app(&json!({"features": ["rest_auth_connector"]}));
    sandbox.run("apply --yes").ended_with(0);
    sandbox.run("diff").ended_with(0);
}

#[test]
fn an_apply_with_a_lost_answer_reports_its_changes_and_can_be_undone() {
    let sandbox = with_manifest(SEVEN);
    sandbox.run("bind message-add --handler https://old.example.com/b24").ended_with(0);
    sandbox.fault(&json!({"kind": "truncate", "method": "batch", "skip": 1, "after": true}));
    let statuses = sandbox.run("apply --yes -o json").ended_with(0).statuses();
    assert_eq!(statuses, [["bound"; 7].as_slice(), &["unbound"]].concat());
    sandbox.run("undo --yes").ended_with(0);
    assert_eq!(sandbox.bindings()[0]["handler"], "https://old.example.com/b24");
}

#[test]
fn undo_with_a_limited_view_is_refused_and_forgets_nothing() {
    let sandbox = with_manifest(SEVEN);
    sandbox.run("apply").ended_with(0);
    sandbox.run_as_user("undo --yes").ended_with(4);
    sandbox.run("undo --yes").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn a_saved_plan_is_applied_exactly_or_not_at_all() {
    let sandbox = with_manifest(SEVEN);
    sandbox.run("bind message-add --handler https://old.example.com/b24").ended_with(0);
    sandbox.run("diff --save-plan plan.json").ended_with(3);
    // The manifest is no longer read.
    sandbox.home.write("imconn.toml", "");
    sandbox.run("bind OnAppTest --handler https://other.example.com/").ended_with(0);
    let output = sandbox.run("apply --plan plan.json --yes -o json").ended_with(3);
    assert_eq!(output.json_error()["code"], "plan_is_old");
    assert_eq!(sandbox.bindings().len(), 2, "nothing was changed");
    sandbox.run("unbind OnAppTest").ended_with(0);
    assert!(sandbox.run("apply --plan plan.json").ended_with(2).stderr.contains("--yes"));
    sandbox.run("apply --plan plan.json --yes").ended_with(0);
    assert!(sandbox.bindings().len() == 7 && sandbox.bindings().iter().all(|binding| binding["handler"] == HANDLER));
    sandbox.home.write("no.json", "{}");
    assert!(sandbox.run("apply --plan no.json").ended_with(2).stderr.contains("--save-plan"));
    let other = Sandbox::start();
    let plan = std::fs::read_to_string(sandbox.home.path("plan.json")).unwrap();
    other.home.write("plan.json", &plan);
    assert!(other.run("apply --plan plan.json --yes").ended_with(2).stderr.contains("was saved for"));
}

#[test]
fn undo_reverts_the_last_change_and_then_the_one_before() {
    let sandbox = with_manifest(SEVEN);
    sandbox.run("bind message-add --handler https://old.example.com/b24").ended_with(0);
    sandbox.run("apply --yes").ended_with(0);
    sandbox.run("unbind line-delete").ended_with(0);
    let listed = sandbox.run("undo --list -o json").ended_with(0).json();
    let commands: Vec<&str> =
        listed["entries"].as_array().unwrap().iter().map(|e| e["command"].as_str().unwrap()).collect();
    assert_eq!(commands, ["unbind", "apply", "bind"]);
    assert!(sandbox.run("undo").ended_with(2).stderr.contains("--yes"));
    assert_eq!(sandbox.run("undo --yes -o json").ended_with(0).statuses(), ["bound"]);
    sandbox.run("undo --yes").ended_with(0);
    let left = sandbox.bindings();
    assert_eq!((left.len(), &left[0]["handler"]), (1, &json!("https://old.example.com/b24")));
    sandbox.run("undo --yes").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 0);
    assert!(sandbox.run("undo").ended_with(0).stderr.contains("nothing to undo"));
}

#[test]
fn undo_keeps_changes_of_others_and_forgets_what_it_reverted() {
    let sandbox = with_manifest(SEVEN);
    sandbox.run("apply").ended_with(0);
    sandbox.call("event.unbind", &json!({"event": "OnImConnectorLineDelete", "handler": HANDLER}));
    assert_eq!(sandbox.run("undo --yes -o json").ended_with(0).statuses(), ["unbound"; 6]);
    let history = std::fs::read_dir(sandbox.home.path("data/changes")).unwrap().next().unwrap().unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&history.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert!(sandbox.run("undo").ended_with(0).stderr.contains("nothing to undo"));
}

#[test]
fn after_a_kill_at_any_moment_of_an_apply_the_next_one_reaches_the_manifest() {
    let sandbox = with_manifest(SEVEN);
    let mut delay = std::time::Duration::from_millis(1);
    for i in 0..40 {
        sandbox.edit_state(|state| state["handlers"] = json!([]));
        sandbox.run("bind --all --handler https://old.example.com/b24 -q").ended_with(0);
        let mut command = sandbox.home.command();
        command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
        command.args(["apply", "--yes", "--force"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();
        let is_done = sandbox.bindings().iter().all(|binding| binding["handler"] == HANDLER);
        // Around the moment of writing, on slow and fast machines alike.
        delay = delay.mul_f64(if is_done { 0.8 } else { 1.2 });
        sandbox.run("apply --yes --force").ended_with(0);
        assert_eq!(sandbox.run("diff").ended_with(0).code, 0, "try {i}");
        assert_eq!(sandbox.bindings().len(), 7);
    }
}

/// Events, handlers and users that make collisions likely.
fn any_binding() -> impl Strategy<Value = (String, String, u64)> {
    let event =
        prop::sample::select(vec!["OnImConnectorMessageAdd", "OnImConnectorDialogStart", "OnAppTest", "OnAppUpdate"]);
    let handler =
        prop::sample::select(vec!["https://a.b/", "https://c.d/x", "https://e.f/?y=1", "https://t.ngrok.app/"]);
    (event.prop_map(str::to_owned), handler.prop_map(str::to_owned), 0..3_u64)
}

fn manifest_of(wanted: &[(String, String, u64)], remove: &str, ignore: bool) -> String {
    let first = |i: usize| !wanted[..i].contains(&wanted[i]);
    let text: String = (0..wanted.len())
        .filter(|&i| first(i))
        .map(|i| {
            let (event, handler, user) = &wanted[i];
            format!("[[subscription]]\nevents = \"{event}\"\nhandler = \"{handler}\"\nauth_user = {user}\n")
        })
        .collect();
    let ignore = if ignore { "ignore = [\"https://*.ngrok.app/*\"]\n" } else { "" };
    format!("{text}[manage]\nremove = \"{remove}\"\n{ignore}")
}

#[test]
fn apply_makes_any_portal_match_any_manifest_and_touches_nothing_else() {
    let sandbox = Sandbox::start();
    let remove = prop::sample::select(vec!["listed", "connector", "all", "none"]);
    let bindings = || prop::collection::vec(any_binding(), 0..8);
    let cases = (bindings(), bindings(), remove, any::<bool>());
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&cases, |(wanted, actual, remove, ignore)| {
        sandbox.home.write("imconn.toml", &manifest_of(&wanted, remove, ignore));
        let mut handlers: Vec<Value> = Vec::new();
        for (i, (event, handler, user)) in actual.iter().enumerate() {
            let row = json!({"id": i + 1, "event": event.to_uppercase(), "handler": handler, "auth_user": user,
                "offline": false, "connector": "", "min_timeout": null});
            let same = |old: &Value| ["event", "handler", "auth_user"].iter().all(|key| old[key] == row[key]);
            if !handlers.iter().any(same) {
                handlers.push(row);
            }
        }
        sandbox.edit_state(|state| state["handlers"] = json!(handlers));
        let before = sandbox.bindings();
        sandbox.run("apply --yes --force -q").ended_with(0);
        sandbox.run("diff -q").ended_with(0);
        sandbox.forget();
        prop_assert_eq!(sandbox.run("apply -o json").ended_with(0).statuses(), Vec::<String>::new());
        prop_assert_eq!(sandbox.requests().len(), 1);
        let after = sandbox.bindings();
        let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
        let is_listed = |row: &Value| wanted.iter().any(|(event, _, _)| event.to_uppercase() == text(row, "event"));
        let is_connector = |row: &Value| text(row, "event").starts_with("ONIMCONNECTOR");
        for row in &before {
            let may_go = match remove {
                "listed" => is_listed(row),
                "connector" => is_listed(row) || is_connector(row),
                "all" => true,
                _ => false,
            };
            let is_ignored = ignore && text(row, "handler").contains("ngrok");
            prop_assert!(may_go && !is_ignored || after.contains(row), "touched: {row}");
        }
        for (event, handler, user) in &wanted {
            let is_bound = |row: &&Value| {
                text(row, "event") == event.to_uppercase()
                    && text(row, "handler") == *handler
                    && text(row, "auth_type") == user.to_string()
            };
            prop_assert_eq!(after.iter().filter(is_bound).count(), 1);
        }
        Ok(())
    });
    outcome.unwrap();
}
