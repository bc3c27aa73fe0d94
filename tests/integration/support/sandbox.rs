//! A separate sandbox for each test.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use super::home::{Home, Output};
use super::http::{self, Answer};

/// `imconn sandbox serve` on a free port; killed when dropped.
pub(crate) struct Sandbox {
    pub(crate) home: Home,
    pub(crate) ready: Value,
    server: Child,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Serves with further options.
    pub(crate) fn start_with(options: &[&str]) -> Self {
        Self::start_in(Home::new(), options)
    }

    pub(crate) fn start_in(home: Home, options: &[&str]) -> Self {
        let mut command = home.command();
        command.args(["sandbox", "serve", "-o", "json", "--addr", "127.0.0.1:0"]).args(options).stdout(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { home, ready, server }
    }

    /// A member of the ready line.
    pub(crate) fn fact(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    pub(crate) fn url(&self) -> &str {
        self.fact("url")
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.server.id()
    }

    /// Waits for the server to exit, and returns its exit code.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.server.wait().unwrap().code()
    }

    /// Runs imconn as the administrator, with the token in the environment.
    pub(crate) fn run(&self, args: &str) -> Output {
        self.run_with(&[], args)
    }

    pub(crate) fn run_with(&self, variables: &[(&str, &str)], args: &str) -> Output {
        let mut all = vec![("IMCONN_PORTAL", self.url()), ("IMCONN_ACCESS_TOKEN", self.fact("access_token"))];
        all.extend(variables);
        self.home.run_with(&all, args)
    }

    /// Runs imconn as the user without administrator rights.
    pub(crate) fn run_as_user(&self, args: &str) -> Output {
        self.run_with(&[("IMCONN_ACCESS_TOKEN", self.fact("user_access_token"))], args)
    }

    /// Variables that let imconn renew its token.
    pub(crate) fn renewable(&self) -> Vec<(&str, &str)> {
        vec![
            ("IMCONN_REFRESH_TOKEN", self.fact("refresh_token")),
            ("IMCONN_CLIENT_ID", self.fact("client_id")),
            ("IMCONN_CLIENT_SECRET", self.fact("client_secret")),
            ("IMCONN_OAUTH_SERVER", self.fact("oauth_server")),
        ]
    }

    #[track_caller]
    pub(crate) fn fault(&self, fault: &Value) {
        let answer = http::post_json(self.fact("control"), "/faults", fault);
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The faults that no request has consumed yet.
    pub(crate) fn waiting_faults(&self) -> Vec<Value> {
        http::request(self.fact("control"), "GET", "/faults", &[], "").json().as_array().unwrap().clone()
    }

    /// Drops the faults that no request has consumed.
    pub(crate) fn clear_faults(&self) {
        http::request(self.fact("control"), "DELETE", "/faults", &[], "");
    }

    /// Changes the application.
    #[track_caller]
    pub(crate) fn app(&self, change: &Value) {
        let answer = http::post_json(self.fact("control"), "/app", change);
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Puts an event into the offline queue.
    #[track_caller]
    pub(crate) fn enqueue(&self, event: &str, data: &Value) {
        let answer = http::post_json(self.fact("control"), "/events", &json!({"event": event, "data": data}));
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The requests since the start or the last [`Sandbox::forget`].
    pub(crate) fn requests(&self) -> Vec<Value> {
        let answer = http::request(self.fact("control"), "GET", "/requests", &[], "");
        answer.json().as_array().unwrap().clone()
    }

    /// Clears the recorded requests.
    pub(crate) fn forget(&self) {
        http::request(self.fact("control"), "DELETE", "/requests", &[], "");
    }

    /// Calls a method as the administrator, with JSON.
    #[track_caller]
    pub(crate) fn call(&self, method: &str, params: &Value) -> Answer {
        self.call_as("access_token", method, params)
    }

    /// Calls a method with one of the ready line's tokens.
    #[track_caller]
    pub(crate) fn call_as(&self, token: &str, method: &str, params: &Value) -> Answer {
        let mut body = params.clone();
        body["auth"] = self.ready[token].clone();
        http::post_json(self.url(), &format!("/rest/{method}"), &body)
    }

    /// Writes a profile called `acme` with the sandbox's own tokens, as a login would.
    pub(crate) fn store_profile(&self) -> PathBuf {
        let fact = |name| self.fact(name);
        let path = self.home.write(
            "config/profiles/acme.toml",
            &format!(
                "host = \"{}\"\nmember_id = \"m\"\naccess_token = \"{}\"\nrefresh_token = \"{}\"\n\
                 client_id = \"{}\"\nclient_secret = \"{}\"\n",
                fact("url"),
                fact("access_token"),
                fact("refresh_token"),
                fact("client_id"),
                fact("client_secret"),
            ),
        );
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The number of requests to the auth server.
    pub(crate) fn refreshes(&self) -> usize {
        self.requests().iter().filter(|request| request["method"] == "/oauth/token/").count()
    }

    /// The state file, as it is now.
    pub(crate) fn state(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.home.path("data/sandbox/state.json")).unwrap()).unwrap()
    }

    /// Changes the state file behind the sandbox's back.
    pub(crate) fn edit_state(&self, work: impl FnOnce(&mut Value)) {
        let mut state = self.state();
        work(&mut state);
        std::fs::write(self.home.path("data/sandbox/state.json"), state.to_string()).unwrap();
    }

    /// Every issued pair of tokens, oldest first.
    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let text = |token: &Value, name: &str| token[name].as_str().unwrap().to_owned();
        let state = self.state();
        state["tokens"]
            .as_array()
            .unwrap()
            .iter()
            .map(|token| (text(token, "access"), text(token, "refresh")))
            .collect()
    }

    /// Another pair for the administrator, issued by the auth server.
    pub(crate) fn fresh_pair(&self) -> Value {
        let keys = format!("client_id={}&client_secret={}", self.fact("client_id"), self.fact("client_secret"));
        let grant = format!("grant_type=refresh_token&refresh_token={}", self.fact("refresh_token"));
        http::request(self.url(), "GET", &format!("/oauth/token/?{keys}&{grant}"), &[], "").json()
    }

    /// Authorises the application as the administrator; the code is valid for 30 seconds.
    pub(crate) fn code(&self) -> String {
        let path = format!("/oauth/authorize/?client_id={}&state=x", self.fact("client_id"));
        let page = http::request(self.url(), "GET", &path, &[], "").body;
        page.split("<p>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    }

    /// The bindings of all users.
    #[track_caller]
    pub(crate) fn bindings(&self) -> Vec<Value> {
        self.call("event.get", &json!({})).json()["result"].as_array().unwrap().clone()
    }
}

/// Access and refresh token.
pub(crate) type Pair = (String, String);

/// The stored pair of a profile, if any. An incomplete profile fails the test.
pub(crate) fn stored_pair(path: &Path) -> Option<Pair> {
    let text = std::fs::read_to_string(path).ok()?;
    let profile: toml_edit::DocumentMut = text.parse().unwrap_or_else(|error| panic!("{error}: {text:?}"));
    let text = |name: &str| profile[name].as_str().unwrap().to_owned();
    Some((text("access_token"), text("refresh_token")))
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
