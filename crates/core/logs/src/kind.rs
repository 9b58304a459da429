//! What kind of place a field is: who sent it, what it was for.

/// What a field holds, and so what an address in it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// The address that a message came from. A metadata address here is no attempt.
    Client,
    /// An address or host that was dialled or asked for: a peer, an upstream, the host that a proxy was given.
    Target,
    /// A request line, or its target: a path with a query, or a whole URL.
    Request,
    /// A path.
    Path,
    /// A query string, or the value of one parameter.
    Query,
    /// The host that a request was for: `Host`, `:authority`, the server name of a TLS handshake.
    Host,
    /// The value of a request header that has no kind of its own, or the name of one.
    Header,
    /// Cookies.
    Cookie,
    /// `User-Agent`.
    UserAgent,
    /// `Referer`.
    Referer,
    /// A request body.
    Body,
    /// A DNS name that was asked for.
    Name,
    /// What DNS answered: an address or another name.
    Answer,
    /// Anything else.
    Text,
    /// A number: a status, a size, a duration. Holds digits and a sign or a point, nothing else.
    Number,
    /// A time that [`Time`](crate::Time) reads.
    Time,
}

impl Kind {
    /// The stable text, e.g. `user-agent`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Client => "client",
            Kind::Target => "target",
            Kind::Request => "request",
            Kind::Path => "path",
            Kind::Query => "query",
            Kind::Host => "host",
            Kind::Header => "header",
            Kind::Cookie => "cookie",
            Kind::UserAgent => "user-agent",
            Kind::Referer => "referer",
            Kind::Body => "body",
            Kind::Name => "name",
            Kind::Answer => "answer",
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::Time => "time",
        }
    }
}
