//! Commands that are killed at each of their system calls, one run per call: what they did is undone, or undo says that it
//! cannot know.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::Command;
use std::thread;

use serde_json::Value;

use crate::support::home::finish;
use crate::support::{HANDLER, Output, Sandbox};

/// A portal with a history, and a command that changes it.
struct Scenario {
    /// Run before it.
    preparation: &'static [&'static str],
    command: String,
    /// Whether the command is undo itself, which is to be finished instead of undone.
    is_undo: bool,
}

fn scenario(preparation: &'static [&'static str], command: &str) -> Scenario {
    Scenario { preparation, command: command.to_owned(), is_undo: command.starts_with("undo") }
}

fn scenarios() -> Vec<Scenario> {
    let old = &["bind message-add dialog-start --handler https://old.example.com/b24"];
    vec![
        scenario(old, "unbind --all --yes"),
        scenario(old, &format!("bind message-add line-delete --handler {HANDLER}")),
        scenario(old, &format!("bind message-add line-delete --replace --handler {HANDLER}")),
        scenario(old, "apply --yes --force"),
        scenario(&["bind --all --handler https://old.example.com/b24", "unbind --all --yes"], "undo --yes"),
    ]
}

/// A system call of a run.
#[derive(Debug)]
struct Call {
    name: String,
    /// The how many-th of that name it is; strace counts so, too.
    nth: usize,
}

/// What a run must not lose: the portal's bindings, and the history.
#[derive(Clone, PartialEq)]
struct Moment {
    state: Value,
    history: Vec<(std::path::PathBuf, String)>,
}

struct World {
    sandbox: Sandbox,
    before: Moment,
}

impl World {
    fn new(scenario: &Scenario) -> Self {
        let sandbox = Sandbox::start();
        let subscription = format!("[[subscription]]\nevents = \"connector\"\nhandler = \"{HANDLER}\"\n");
        sandbox.home.write("imconn.toml", &subscription);
        for command in scenario.preparation {
            sandbox.run(command).ended_with(0);
        }
        let before = moment(&sandbox);
        Self { sandbox, before }
    }

    fn reset(&self) {
        self.sandbox.forget();
        self.sandbox.edit_state(|state| state["handlers"] = self.before.state["handlers"].clone());
        for (path, text) in &self.before.history {
            std::fs::write(path, text).unwrap();
        }
    }

    /// Runs a command that dies at this system call.
    fn run_killed(&self, command: &str, call: &Call) -> Output {
        let Call { name, nth } = call;
        let inject = format!("--inject={name}:signal=KILL:when={nth}");
        self.traced(&["-o", "/dev/null", &format!("--trace={name}"), &inject], command)
    }

    fn traced(&self, options: &[&str], command: &str) -> Output {
        let untraced = self.sandbox.home.command();
        let mut strace = Command::new("strace");
        strace.env_clear().envs(untraced.get_envs().filter_map(|(name, value)| Some((name, value?))));
        strace.env("IMCONN_PORTAL", self.sandbox.url()).env("IMCONN_ACCESS_TOKEN", self.sandbox.fact("access_token"));
        strace.current_dir(self.sandbox.home.path("")).arg("-qq").args(options);
        finish(strace.arg(untraced.get_program()).args(command.split_whitespace()))
    }

    /// The system calls of a whole run, from the first one that reaches the portal.
    fn calls(&self, command: &str) -> Vec<Call> {
        let log = self.sandbox.home.path("strace.log");
        self.traced(&["-o", log.to_str().unwrap()], command).ended_with(0);
        let text = std::fs::read_to_string(log).unwrap();
        let mut count: HashMap<&str, usize> = HashMap::new();
        let mut calls = Vec::new();
        for (name, _) in text.lines().filter_map(|line| line.split_once('(')) {
            let nth = count.entry(name).or_default();
            *nth += 1;
            calls.push(Call { name: name.to_owned(), nth: *nth });
        }
        let first = calls.iter().position(|call| call.name == "connect").unwrap();
        calls.split_off(first)
    }

    /// What the portal lists once no request is on its way any more.
    fn settled(&self) -> Vec<Value> {
        let mut seen = (self.sandbox.bindings(), self.sandbox.requests().len());
        loop {
            // The two readings make a request each.
            let now = (self.sandbox.bindings(), self.sandbox.requests().len() - 1);
            if now == seen {
                return now.0;
            }
            seen = (now.0, now.1 + 1);
        }
    }
}

fn moment(sandbox: &Sandbox) -> Moment {
    let files = std::fs::read_dir(sandbox.home.path("data/changes")).unwrap().map(|entry| entry.unwrap().path());
    let history = files.filter(|path| path.extension().is_some_and(|name| name == "json"));
    let history = history.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect();
    Moment { state: sandbox.state(), history }
}

/// The bindings without their numbers, which a new binding gets anew, in any order.
fn sorted(bindings: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = bindings.iter().map(|row| format!("{} {}", row["event"], row["handler"])).collect();
    texts.sort();
    texts
}

/// What became of the runs of a scenario.
#[derive(Debug, Default)]
struct Outcomes {
    /// Killed before anything was recorded, or after the end of its work.
    untouched: usize,
    /// By undo.
    restored: usize,
    /// By undo.
    refused: usize,
    /// Some calls, such as waiting for the network, are not made in every run.
    not_killed: usize,
}

fn kill_at_each_call(scenario: &Scenario) -> Outcomes {
    let world = World::new(scenario);
    let before = sorted(&world.sandbox.bindings());
    let calls = world.calls(&scenario.command);
    let after = sorted(&world.sandbox.bindings());
    assert!(before != after);
    let goal = if scenario.is_undo { &after } else { &before };
    let mut outcomes = Outcomes::default();
    for call in calls {
        world.reset();
        let output = world.run_killed(&scenario.command, &call);
        outcomes.not_killed += usize::from(output.code != -1);
        let place = format!("`{}`, killed at {call:?}: {output:?}", scenario.command);
        let left = sorted(&world.settled());
        if scenario.has_nothing_to_undo(&world) {
            assert_eq!(&left, goal, "{place}: changed, and not recorded");
            outcomes.untouched += 1;
            continue;
        }
        let undo = world.sandbox.run("undo --yes");
        let now = sorted(&world.settled());
        if undo.code == 2 && undo.stderr.contains("cannot safely undo") {
            assert_eq!(now, left, "{place}\n{undo:?}");
            outcomes.refused += 1;
        } else {
            assert_eq!((undo.code, &now), (0, goal), "{place}\n{undo:?}");
            outcomes.restored += 1;
        }
    }
    outcomes
}

impl Scenario {
    fn has_nothing_to_undo(&self, world: &World) -> bool {
        if self.is_undo {
            entries(&world.sandbox) < self.preparation.len()
        } else {
            moment(&world.sandbox).history == world.before.history
        }
    }
}

fn entries(sandbox: &Sandbox) -> usize {
    sandbox.run("undo --list -o json").ended_with(0).json()["entries"].as_array().unwrap().len()
}

#[test]
fn a_change_that_is_killed_at_any_system_call_is_undone_or_undo_says_that_it_cannot() {
    if Command::new("strace").arg("-V").output().is_err() {
        // Past the harness's capture.
        let _ = writeln!(std::io::stderr(), "skipped: strace is not installed, so nothing was killed");
        return;
    }
    let scenarios = scenarios();
    let outcomes: Vec<Outcomes> = thread::scope(|scope| {
        let running: Vec<_> = scenarios.iter().map(|one| scope.spawn(move || kill_at_each_call(one))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (scenario, outcomes) in scenarios.iter().zip(outcomes) {
        let Outcomes { untouched, restored, refused, not_killed } = &outcomes;
        // What a bind found is known only with its answer.
        let may_refuse = scenario.command.starts_with("bind");
        assert!(*restored > 10 && (*refused > 0) == may_refuse, "{}: {outcomes:?}", scenario.command);
        let runs = untouched + restored + refused;
        assert!(runs > 50 && 10 * *not_killed < runs, "{}: {outcomes:?}", scenario.command);
    }
}
