//! The one list of reason codes.
//!
//! A code is stable once released: programs match on it. Adding one is a minor change, renaming one a major
//! change. The table below is the only place where a code, its text and its meaning are written.

use std::fmt;

/// What a code is about; the first word of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Area {
    /// The protocol of the metadata service.
    Imds,
    /// The HTTP request itself.
    Http,
    /// Who asks.
    Caller,
    /// What the configuration permits.
    Policy,
    /// A bound on size, time or rate.
    Limit,
    /// The service behind the guard.
    Upstream,
    /// What an IP address really is.
    Address,
    /// What a host name leads to, told from the name alone.
    Name,
    /// How a URL is written, and what the rules say of it.
    Url,
    /// What a name resolves to.
    Dns,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal in $area:ident;)+) => {
        /// Why something was denied. One code per denial.
        ///
        /// Displayed, logged and counted by its stable text, e.g. `IMDS-V1`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];

            /// The stable text, e.g. `IMDS-V1`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }

            /// What the code is about.
            pub const fn area(self) -> Area {
                match self { $(Code::$name => Area::$area,)+ }
            }

            /// One paragraph for people, as in the documentation.
            pub const fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc,)+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// An IMDSv1 request: a read without a session token where a token is required.
    ImdsV1 = "IMDS-V1" in Imds;
    /// The request carries a forwarding header (`X-Forwarded-For`, `Forwarded`, `Via` …): it was relayed by a proxy.
    ImdsForwarded = "IMDS-FORWARDED" in Imds;
    /// The session token is expired, forged, or was issued to somebody else.
    ImdsTokenInvalid = "IMDS-TOKEN-INVALID" in Imds;
    /// The request carries two session tokens, or two token lifetimes, that differ.
    ImdsTokenAmbiguous = "IMDS-TOKEN-AMBIGUOUS" in Imds;
    /// The token lifetime is absent, not a number, or outside 1 to 21,600 seconds.
    ImdsTtlInvalid = "IMDS-TTL-INVALID" in Imds;
    /// The token endpoint was asked for under a dated version; it exists under `latest` only.
    ImdsTokenPathVersion = "IMDS-TOKEN-PATH-VERSION" in Imds;
    /// The metadata endpoint is switched off.
    ImdsDisabled = "IMDS-DISABLED" in Imds;
    /// The request speaks the protocol of another cloud's metadata service.
    ImdsForeignCloud = "IMDS-FOREIGN-CLOUD" in Imds;
    /// The path cannot be brought to a canonical form: a control character, NUL, or bytes that are not UTF-8.
    HttpPath = "HTTP-PATH" in Http;
    /// The method is none of those the metadata service knows.
    HttpMethod = "HTTP-METHOD" in Http;
    /// The request target is in absolute or authority form: the sender takes this service for a proxy.
    HttpTarget = "HTTP-TARGET" in Http;
    /// The `Host` header is absent, repeated, or names another host: DNS rebinding.
    HttpHost = "HTTP-HOST" in Http;
    /// The request could not be parsed.
    HttpMalformed = "HTTP-MALFORMED" in Http;
    /// The request carries a body, which no request to the metadata service does.
    HttpBody = "HTTP-BODY" in Http;
    /// The kernel could not say which process holds the other end of the connection.
    CallerUnknown = "CALLER-UNKNOWN" in Caller;
    /// The caller comes from another host or namespace and such callers are not admitted.
    CallerRemote = "CALLER-REMOTE" in Caller;
    /// The configuration does not admit this caller.
    CallerDenied = "CALLER-DENIED" in Caller;
    /// No rule allows this path for this caller.
    PolicyDeny = "POLICY-DENY" in Policy;
    /// The caller asks faster than its rate permits.
    LimitRate = "LIMIT-RATE" in Limit;
    /// The number of open connections is at its bound.
    LimitConnections = "LIMIT-CONNECTIONS" in Limit;
    /// The request took longer to arrive than it may.
    LimitTime = "LIMIT-TIME" in Limit;
    /// The request or an answer is larger than it may be.
    LimitSize = "LIMIT-SIZE" in Limit;
    /// The service behind the guard did not answer.
    UpstreamUnavailable = "UPSTREAM-UNAVAILABLE" in Upstream;
    /// The service behind the guard answered outside the protocol.
    UpstreamProtocol = "UPSTREAM-PROTOCOL" in Upstream;
    /// The address, in whatever form it came, belongs to a cloud's metadata, credential or platform service.
    AddrMetadata = "ADDR-METADATA" in Address;
    /// The address is a loopback address: the machine itself.
    AddrLoopback = "ADDR-LOOPBACK" in Address;
    /// The address belongs to an interface of this machine.
    AddrOwn = "ADDR-OWN" in Address;
    /// The address is the unspecified one or lies in `0.0.0.0/8`; the kernel takes the first for the machine itself.
    AddrUnspecified = "ADDR-UNSPECIFIED" in Address;
    /// The address is link-local.
    AddrLinkLocal = "ADDR-LINK-LOCAL" in Address;
    /// The address is private (RFC 1918).
    AddrPrivate = "ADDR-PRIVATE" in Address;
    /// The address lies in the space that carriers share behind their translators (RFC 6598).
    AddrShared = "ADDR-SHARED" in Address;
    /// The address is unique-local (RFC 4193) or site-local (RFC 3879).
    AddrUniqueLocal = "ADDR-UNIQUE-LOCAL" in Address;
    /// The address is multicast or the limited broadcast address.
    AddrMulticast = "ADDR-MULTICAST" in Address;
    /// The address is set aside for documentation.
    AddrDocumentation = "ADDR-DOCUMENTATION" in Address;
    /// The address is reserved, not allocated, or set aside for a protocol, for measurements or for discarding.
    AddrReserved = "ADDR-RESERVED" in Address;
    /// The address carries an IPv4 address in a form that is refused as a whole: 6to4, Teredo, ISATAP, local NAT64 and the like.
    AddrEmbedded = "ADDR-EMBEDDED" in Address;
    /// The name belongs to a cloud's metadata, credential or platform service.
    NameMetadata = "NAME-METADATA" in Name;
    /// The name means the machine itself.
    NameLocalhost = "NAME-LOCALHOST" in Name;
    /// The name lies under a public service that answers with an address written in the name, and that address is refused or may change.
    NameCarriesAddress = "NAME-CARRIES-ADDRESS" in Name;
    /// The name has a single label: search domains decide what it means.
    NameSingleLabel = "NAME-SINGLE-LABEL" in Name;
    /// The name lies under a suffix that is used inside networks only.
    NameInternal = "NAME-INTERNAL" in Name;
    /// The URL is longer than the limit.
    UrlTooLong = "URL-TOO-LONG" in Url;
    /// The URL cannot be read: it is not UTF-8, has no host, or a host that is neither a name nor an address.
    UrlMalformed = "URL-MALFORMED" in Url;
    /// The URL has no scheme: what it means depends on another URL.
    UrlRelative = "URL-RELATIVE" in Url;
    /// The scheme is not `http` or `https`, or is not one that the policy permits.
    UrlScheme = "URL-SCHEME" in Url;
    /// Two readers of the URL see two different hosts in it, and at least one of them may be asked to connect.
    UrlAmbiguous = "URL-AMBIGUOUS" in Url;
    /// The URL has a control character or whitespace, which some clients drop and others refuse.
    UrlControl = "URL-CONTROL" in Url;
    /// The URL has a backslash, which some clients take for a slash.
    UrlBackslash = "URL-BACKSLASH" in Url;
    /// The scheme is not followed by exactly two slashes.
    UrlSlashes = "URL-SLASHES" in Url;
    /// The URL carries a user name or password, or an `@` that looks like one.
    UrlUserinfo = "URL-USERINFO" in Url;
    /// The host is not written plainly: percent-encoding, characters beyond ASCII, IPv4 in an old form, a zone, a dot at the end.
    UrlHostSpelling = "URL-HOST-SPELLING" in Url;
    /// The port is not a plain decimal number from 1 to 65535, or is not one that the policy permits.
    UrlPort = "URL-PORT" in Url;
    /// A rule of the policy denies this host, address or port.
    UrlRule = "URL-RULE" in Url;
    /// No rule of the policy allows this host, address and port, and its default is to deny.
    UrlUnlisted = "URL-UNLISTED" in Url;
    /// The name resolves to addresses of which some are allowed and others denied.
    DnsMixed = "DNS-MIXED" in Dns;
    /// The name could not be resolved, or has no address.
    DnsFailed = "DNS-FAILED" in Dns;
}

impl Code {
    /// The code with this stable text.
    pub fn from_text(text: &str) -> Option<Code> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::HashSet;

    #[test]
    fn texts_are_unique_upper_case_words() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} twice");
            assert!(
                text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-'),
                "{text}"
            );
            assert_eq!(Code::from_text(text), Some(*code));
            assert!(!code.meaning().is_empty() && code.meaning().ends_with('.'), "{text}");
        }
    }
}
