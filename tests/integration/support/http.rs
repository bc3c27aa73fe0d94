//! A minimal HTTP client: one request, one answer, connection closed.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Sends one request to `http://HOST:PORT`, with extra headers.
#[track_caller]
pub(crate) fn request(base: &str, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{lines}\r\n"
    );
    stream.write_all((head + body).as_bytes()).unwrap();
    read_answer(stream)
}

fn read_answer(mut stream: TcpStream) -> Answer {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Sends a request whose `Host` differs from the address.
#[track_caller]
pub(crate) fn request_as(base: &str, host: &str, method: &str, path: &str) -> Answer {
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    read_answer(stream)
}

/// Posts JSON.
#[track_caller]
pub(crate) fn post_json(base: &str, path: &str, body: &Value) -> Answer {
    request(base, "POST", path, &["Content-Type: application/json"], &body.to_string())
}
