//! Connections from anywhere: limited in number and in time, so that strangers cannot keep the portal or the browser out.

use std::collections::VecDeque;
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::time::{Sleep, sleep};

/// Most connections at a time.
const MOST: usize = 128;
/// Descriptors that connections leave free: a login still has to ask the portal, and to store the tokens.
const RESERVED: usize = 48;
/// How long a client may take for the head of its request.
const HEAD_LIMIT: Duration = Duration::from_secs(5);

/// Accepts connections. Once all places are taken, the oldest connection whose request is not complete makes room.
pub(super) struct Connections {
    listener: TcpListener,
    places: Arc<Places>,
}

/// What is open.
#[derive(Debug)]
struct Places {
    most: usize,
    open: AtomicUsize,
    freed: Notify,
    /// Those whose request is not complete, oldest first.
    reading: Mutex<VecDeque<(usize, oneshot::Sender<()>)>>,
}

impl Connections {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self { listener, places: Places::new(most_connections()) }
    }
}

impl Places {
    fn new(most: usize) -> Arc<Self> {
        let (open, freed, reading) = Default::default();
        Arc::new(Self { most, open, freed, reading })
    }

    fn reading(&self) -> MutexGuard<'_, VecDeque<(usize, oneshot::Sender<()>)>> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place.
    async fn vacancy(&self) {
        while self.open.load(Ordering::Relaxed) >= self.most {
            if let Some((_, oldest)) = self.reading().pop_front() {
                let _ = oldest.send(());
            }
            self.freed.notified().await;
        }
    }

    fn forget(&self, number: usize) {
        self.reading().retain(|(other, _)| *other != number);
    }
}

/// One connection, for the code that answers it.
#[derive(Debug, Clone)]
pub(super) struct ConnectedClient {
    number: usize,
    head_arrived: Arc<AtomicBool>,
    places: Arc<Places>,
}

impl ConnectedClient {
    /// Stops the clock of the request's head.
    pub(super) fn head_arrived(&self) {
        self.head_arrived.store(true, Ordering::Relaxed);
    }

    /// From here on the connection keeps its place until it is answered.
    pub(super) fn request_arrived(&self) {
        self.places.forget(self.number);
    }
}

impl Connected<IncomingStream<'_, Connections>> for ConnectedClient {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        stream.remote_addr().clone()
    }
}

impl Listener for Connections {
    type Io = BoundedSocket;
    type Addr = ConnectedClient;

    async fn accept(&mut self) -> (BoundedSocket, ConnectedClient) {
        static NUMBERS: AtomicUsize = AtomicUsize::new(0);
        self.places.vacancy().await;
        let tcp = accept(&self.listener).await;
        let (sender, evicted) = oneshot::channel();
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let places = Arc::clone(&self.places);
        places.open.fetch_add(1, Ordering::Relaxed);
        places.reading().push_back((number, sender));
        let client = ConnectedClient { number, head_arrived: Arc::default(), places };
        let deadline = Box::pin(sleep(HEAD_LIMIT));
        (BoundedSocket { tcp, deadline, evicted: Some(evicted), client: client.clone() }, client)
    }

    fn local_addr(&self) -> io::Result<ConnectedClient> {
        Ok(ConnectedClient { number: 0, head_arrived: Arc::default(), places: Arc::clone(&self.places) })
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((tcp, _)) => return tcp,
            // Out of descriptors, most likely: some will be free again soon.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// As many as the process's limit on descriptors allows, and at least a few.
fn most_connections() -> usize {
    #[cfg(unix)]
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    let limit: Option<u64> = None;
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    limit.saturating_sub(RESERVED).clamp(4, MOST)
}

/// The stream of one connection.
pub(super) struct BoundedSocket {
    tcp: TcpStream,
    deadline: Pin<Box<Sleep>>,
    evicted: Option<oneshot::Receiver<()>>,
    client: ConnectedClient,
}

impl BoundedSocket {
    /// Fails once the client has taken too long, or its place is needed.
    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if let Some(evicted) = &mut self.evicted {
            match Pin::new(evicted).poll(cx) {
                Poll::Pending => {}
                Poll::Ready(Ok(())) => return Err(io::ErrorKind::ConnectionAborted.into()),
                // The request is complete.
                Poll::Ready(Err(_)) => self.evicted = None,
            }
        }
        let is_late = !self.client.head_arrived.load(Ordering::Relaxed) && self.deadline.as_mut().poll(cx).is_ready();
        if is_late { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

impl Drop for BoundedSocket {
    fn drop(&mut self) {
        let places = &self.client.places;
        places.forget(self.client.number);
        places.open.fetch_sub(1, Ordering::Relaxed);
        places.freed.notify_one();
    }
}

impl AsyncRead for BoundedSocket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check(cx)?;
        Pin::new(&mut self.tcp).poll_read(cx, buf)
    }
}

impl AsyncWrite for BoundedSocket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
