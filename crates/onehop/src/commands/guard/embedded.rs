//! A metadata service in the same process, reached without a socket.

use crate::config::ConfigFile;
use crate::failure::Failure;
use onehop_guard::upstream::Connector;
use std::sync::Arc;

#[cfg(not(feature = "serve"))]
pub(super) fn connector(_: &ConfigFile) -> Result<Arc<dyn Connector>, Failure> {
    Err(Failure::new("this build has no embedded service")
        .hint("say which upstream with --upstream ec2 or --upstream http://ADDR:PORT"))
}

/// The service that the `[serve]` table describes, or the default one.
#[cfg(feature = "serve")]
pub(super) fn connector(config: &ConfigFile) -> Result<Arc<dyn Connector>, Failure> {
    use crate::arguments::ServeArguments;
    use crate::commands::serve;
    let keys = crate::config::keys_of::<ServeArguments>(&[]);
    let arguments = config.overlay("serve", &keys, &ServeArguments::default())?;
    Ok(Arc::new(reached::Embedded::new(serve::service(&arguments)?, serve::limits(&arguments))))
}

#[cfg(feature = "serve")]
mod reached {
    use http::HeaderValue;
    use onehop_guard::upstream::{Connecting, Connector, IoStream};
    use onehop_serve::Service;
    use onehop_server::{Limits, Stop, serve_stream};
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::Arc;

    /// Bytes on their way in one direction.
    const PIPE_BYTES: usize = 16 << 10;

    #[derive(Debug)]
    pub(super) struct Embedded {
        service: Arc<Service>,
        limits: Limits,
    }

    impl Embedded {
        pub(super) fn new(service: Service, limits: Limits) -> Self {
            Embedded { service: Arc::new(service), limits }
        }
    }

    impl Connector for Embedded {
        fn connect(&self) -> Connecting<'_> {
            let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
            let (service, limits) = (Arc::clone(&self.service), self.limits);
            tokio::spawn(async move {
                let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                serve_stream(theirs, nowhere, nowhere, &*service, limits, &Stop::new()).await;
            });
            Box::pin(async { Ok(Box::new(ours) as Box<dyn IoStream>) })
        }

        fn host(&self) -> HeaderValue {
            HeaderValue::from_static("169.254.169.254")
        }
    }
}
