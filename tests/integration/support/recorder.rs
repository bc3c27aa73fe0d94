//! A proxy in front of a server, which keeps every byte that clients send.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Listens on a port of its own.
pub(crate) struct Recorder {
    pub(crate) url: String,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    /// Forwards to `http://HOST:PORT`.
    pub(crate) fn before(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sent = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&sent);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                let (answers, back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let log = Arc::clone(&log);
                thread::spawn(move || forward(client, server, |bytes| log.lock().unwrap().extend(bytes)));
                thread::spawn(move || forward(answers, back, |_| {}));
            }
        });
        Self { url, sent }
    }

    /// What clients have sent until now, heads and bodies.
    pub(crate) fn sent(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().unwrap()).into_owned()
    }
}

fn forward(mut from: impl Read, mut to: TcpStream, keep: impl Fn(&[u8])) {
    let mut buffer = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        keep(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
