//! The sandbox's sockets: plain or TLS, with a time limit for requests, and able to break a connection on purpose.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a client may take for a TLS handshake, or for a whole request.
pub(super) const REQUEST_LIMIT: Duration = Duration::from_secs(30);

/// The client's address, and how the server stops the connection's clock or ends it.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    connection: Arc<Connection>,
}

#[derive(Debug, Default)]
struct Connection {
    reset: AtomicBool,
    request_arrived: AtomicBool,
}

impl Peer {
    /// Ends the connection with a reset; nothing more is written.
    pub(super) fn reset(&self) {
        self.connection.reset.store(true, Ordering::Relaxed);
    }

    /// Stops the clock of the request: from here on the server takes the time.
    pub(super) fn request_arrived(&self) {
        self.connection.request_arrived.store(true, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Sockets>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Sockets>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Accepted connections. TLS handshakes run concurrently: a slow client does not delay the next one.
#[derive(Debug)]
pub(super) struct Sockets {
    local: SocketAddr,
    ready: mpsc::Receiver<(Socket, Peer)>,
}

impl Sockets {
    /// Accepts connections, with TLS if there is an acceptor. A client has `limit` for each request.
    pub(super) fn new(listener: TcpListener, tls: Option<TlsAcceptor>, limit: Duration) -> Result<Self> {
        let local = listener.local_addr().context("the listener has no address")?;
        let (sender, ready) = mpsc::channel(16);
        tokio::spawn(accept_all(listener, tls, limit, sender));
        Ok(Self { local, ready })
    }
}

async fn accept_all(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    limit: Duration,
    ready: mpsc::Sender<(Socket, Peer)>,
) {
    loop {
        let Ok((tcp, address)) = listener.accept().await else {
            // Out of file descriptors, most likely: some will be free again soon.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Otherwise an answer in two writes waits for the client's delayed acknowledgement.
        let _ = tcp.set_nodelay(true);
        tokio::spawn(open(tcp, address, tls.clone(), limit, ready.clone()));
    }
}

async fn open(
    tcp: TcpStream,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    limit: Duration,
    ready: mpsc::Sender<(Socket, Peer)>,
) {
    let stream = match tls {
        None => MaybeTls::Plain(tcp),
        Some(tls) => match timeout(limit, tls.accept(tcp)).await {
            Ok(Ok(stream)) => MaybeTls::Tls(Box::new(stream)),
            Ok(Err(_)) | Err(_) => return,
        },
    };
    let connection = Arc::<Connection>::default();
    let peer = Peer { address, connection: Arc::clone(&connection) };
    let _ = ready.send((Socket { stream, connection, limit, deadline: Box::pin(sleep(limit)) }, peer)).await;
}

impl Listener for Sockets {
    type Io = Socket;
    type Addr = Peer;

    async fn accept(&mut self) -> (Socket, Peer) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { address: self.local, connection: Arc::default() })
    }
}

/// One connection.
#[derive(Debug)]
pub(super) struct Socket {
    stream: MaybeTls,
    connection: Arc<Connection>,
    limit: Duration,
    deadline: Pin<Box<Sleep>>,
}

#[derive(Debug)]
enum MaybeTls {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Socket {
    fn check_reset(&self) -> io::Result<()> {
        if self.connection.reset.load(Ordering::Relaxed) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }

    /// Fails once the client has taken too long for its request.
    fn check_deadline(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let is_reading = !self.connection.request_arrived.load(Ordering::Relaxed);
        let is_late = is_reading && self.deadline.as_mut().poll(cx).is_ready();
        if is_late { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }

    /// An answer is on its way: the clock of the next request starts.
    fn restart_clock(&mut self) {
        if self.connection.request_arrived.swap(false, Ordering::Relaxed) {
            self.deadline.as_mut().reset(Instant::now() + self.limit);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.connection.reset.load(Ordering::Relaxed) {
            let tcp = match &self.stream {
                MaybeTls::Plain(tcp) => tcp,
                MaybeTls::Tls(tls) => tls.get_ref().0,
            };
            let _ = tcp.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check_reset()?;
        self.check_deadline(cx)?;
        match &mut self.stream {
            MaybeTls::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            MaybeTls::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_reset()?;
        self.restart_clock();
        match &mut self.stream {
            MaybeTls::Plain(tcp) => Pin::new(tcp).poll_write(cx, buf),
            MaybeTls::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            MaybeTls::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            MaybeTls::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check_reset()?;
        match &mut self.stream {
            MaybeTls::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            MaybeTls::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const LIMIT: Duration = Duration::from_millis(50);

    async fn connect() -> (TcpStream, Socket, Peer) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let client = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("a connection");
        let (socket, peer) = Sockets::new(listener, None, LIMIT).expect("sockets").accept().await;
        (client, socket, peer)
    }

    #[tokio::test]
    async fn a_client_that_never_finishes_its_request_is_disconnected() {
        let (mut client, mut socket, _peer) = connect().await;
        client.write_all(b"GET").await.expect("a write");
        assert_eq!(socket.read(&mut [0; 9]).await.expect("the first bytes"), 3);
        let late = socket.read(&mut [0; 9]).await.expect_err("a time-out");
        assert_eq!(late.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn the_clock_stops_once_the_request_has_arrived_and_restarts_with_the_answer() {
        let (_client, mut socket, peer) = connect().await;
        peer.request_arrived();
        timeout(LIMIT * 2, socket.read(&mut [0; 9])).await.expect_err("no time-out of the socket's own");
        socket.write_all(b"answer").await.expect("a write");
        let late = socket.read(&mut [0; 9]).await.expect_err("a time-out");
        assert_eq!(late.kind(), io::ErrorKind::TimedOut);
    }
}
