//! The listener: HTTP/1 on a loopback address, one thread with its own event loop for each of a few workers.

use crate::answer::{Answer, Fault};
use crate::scenario::{Scenario, ScenarioError};
use crate::world::World;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The largest request that is read.
const REQUEST_BYTES_MAX: usize = 4 << 20;

/// Why a fake did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The scenario contradicts itself.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The address is not a loopback address: a pretended account is for this machine alone.
    #[error("`{0}` is not a loopback address")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("`{address}` cannot be listened on")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

/// A pretended organization that answers.
#[derive(Debug)]
pub struct FakeAws;

/// A running fake. Stops when dropped.
#[derive(Debug)]
pub struct Handle {
    /// Where it listens.
    pub addr: SocketAddr,
    world: Arc<World>,
    stop: watch::Sender<bool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl FakeAws {
    /// Listens on a loopback address; port 0 picks one. Runs on threads of its own.
    ///
    /// # Errors
    /// The scenario contradicts itself, or the address cannot be listened on.
    pub fn start(listen: SocketAddr, scenario: Scenario) -> Result<Handle, StartError> {
        const WORKERS: usize = 2;
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(listen));
        }
        let world = Arc::new(World::new(scenario)?);
        let failed = |cause| StartError::Listen { address: listen, cause };
        let listener = std::net::TcpListener::bind(listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let mut threads = Vec::new();
        for _ in 0..WORKERS {
            let listener = listener.try_clone().map_err(failed)?;
            let (world, stopped) = (Arc::clone(&world), stopped.clone());
            let work = move || run(listener, world, stopped);
            threads
                .push(std::thread::Builder::new().name("fake-aws".to_owned()).spawn(work).map_err(failed)?);
        }
        Ok(Handle { addr, world, stop, threads })
    }
}

impl Handle {
    /// What clients are given as `--endpoint-url`.
    pub fn endpoint_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// How often each operation was called, as IAM names them, e.g. `ec2:DescribeInstances`.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.world.calls()
    }

    /// Waits until it is stopped from elsewhere, which nothing does: for a program that is ended by a signal.
    pub fn join(mut self) {
        for thread in std::mem::take(&mut self.threads) {
            let _ = thread.join();
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        for thread in std::mem::take(&mut self.threads) {
            let _ = thread.join();
        }
    }
}

fn run(listener: std::net::TcpListener, world: Arc<World>, mut stopped: watch::Receiver<bool>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stopped.wait_for(|stop| *stop) => return,
            };
            if let Ok((stream, _)) = accepted {
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream, Arc::clone(&world)));
            }
        }
    });
}

async fn serve(stream: tokio::net::TcpStream, world: Arc<World>) {
    let service = service_fn(move |request| {
        let world = Arc::clone(&world);
        async move { respond(request, &world).await }
    });
    // A client that breaks off is its own affair.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An answer that is not given.
#[derive(Debug, thiserror::Error)]
#[error("the scenario says that the connection is closed")]
struct Dropped;

async fn respond(request: Request<Incoming>, world: &World) -> Result<Response<Full<Bytes>>, Dropped> {
    let (head, body) = request.into_parts();
    let answer = match Limited::new(body, REQUEST_BYTES_MAX).collect().await {
        Ok(body) => world.answer(head.method.as_str(), &head.uri, &head.headers, &body.to_bytes()),
        Err(_) => Fault::new(413, "RequestEntityTooLarge", "the request is too large").answer(None),
    };
    let latency = world.scenario.latency_milliseconds;
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let Answer { status, content_type, body, is_dropped } = answer;
    if is_dropped {
        return Err(Dropped);
    }
    let response = Response::builder()
        .status(status)
        .header("content-type", content_type)
        .header("x-amzn-requestid", crate::answer::REQUEST_ID)
        .body(Full::new(Bytes::from(body)));
    Ok(response.unwrap_or_default())
}
