//! A server that answers with any bytes, and records the requests.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use super::{Home, Output, TOKEN};

/// Answers every request with the same bytes.
pub(crate) struct RawServer {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    /// Sends these bytes and closes.
    pub(crate) fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::doing(move |stream| {
            let _ = stream.write_all(&bytes);
        })
    }

    /// A body with status 200 and this content type.
    pub(crate) fn page(content_type: &str, body: &str) -> Self {
        Self::status(200, content_type, body)
    }

    /// A body with a status.
    pub(crate) fn status(status: u16, content_type: &str, body: &str) -> Self {
        let length = body.len();
        Self::answering(format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    }

    /// One JSON body after the other; the last one repeats.
    pub(crate) fn in_turn(bodies: Vec<String>) -> Self {
        let asked = AtomicUsize::new(0);
        Self::doing(move |stream| {
            let turn = asked.fetch_add(1, Ordering::Relaxed).min(bodies.len() - 1);
            let (body, length) = (&bodies[turn], bodies[turn].len());
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n");
            let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes());
        })
    }

    /// An empty answer with a status and headers computed from the request.
    pub(crate) fn replying(reply: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::working(move |request, stream| {
            let (status, lines) = reply(request);
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n{lines}Connection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes());
        })
    }

    /// Handles every connection after its request has been read.
    pub(crate) fn doing(work: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::working(move |_, stream| work(stream))
    }

    fn working(work: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (log, work) = (Arc::clone(&received), Arc::new(work));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, work) = (Arc::clone(&log), Arc::clone(&work));
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let request = read_request(&mut stream);
                    log.lock().unwrap().push(request.clone());
                    work(&request, &mut stream);
                });
            }
        });
        Self { url, received }
    }

    /// Runs imconn against this server with [`TOKEN`] and a new home folder.
    pub(crate) fn run(&self, args: &str) -> Output {
        Home::new().run_with(&[("IMCONN_PORTAL", self.url.as_str()), ("IMCONN_ACCESS_TOKEN", TOKEN)], args)
    }

    /// The requests, head and body.
    pub(crate) fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).unwrap_or(0);
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request);
        let complete = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length =
                head.to_ascii_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            body.len() >= length.unwrap_or(0)
        });
        if read == 0 || complete {
            return text.into_owned();
        }
    }
}
