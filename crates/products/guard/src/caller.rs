//! Who holds the other end of a connection.
//!
//! The kernel is asked with one exact `sock_diag` query (a few microseconds) while the connection is held and before
//! its first byte is read. It answers with the user id of the client's socket.
//!
//! | the kernel says | caller |
//! |---|---|
//! | a socket with an inode | [`Caller::Local`] with its user id |
//! | a socket without an inode: closed already, and then its user id reads as 0 | [`Caller::Unknown`], never root |
//! | no such socket, peer on a loopback address | [`Caller::Unknown`] |
//! | no such socket, other peer: another namespace or host | [`Caller::Remote`] |
//! | nothing, or an error | [`Caller::Unknown`] |

use netlink_packet_core::{NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{AF_INET, AF_INET6, IPPROTO_TCP};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, SocketId, StateFlags};
use netlink_sys::{Socket, SocketAddr as NetlinkAddr, protocols::NETLINK_SOCK_DIAG};
use std::cell::RefCell;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};

/// The process or host behind a connection, as far as the kernel knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A process on this host and in this network namespace.
    Local {
        /// The user id that owns its socket.
        uid: u32,
    },
    /// A process in another network namespace, or on another host.
    Remote(IpAddr),
    /// The kernel could not say.
    Unknown,
}

impl Caller {
    /// What tokens are bound to: callers that share it can use each other's tokens.
    pub fn audience(&self) -> Audience {
        let mut bytes = [0u8; 17];
        match self {
            Caller::Local { uid } => {
                bytes[0] = b'u';
                bytes[1..5].copy_from_slice(&uid.to_be_bytes());
            }
            Caller::Remote(address) => {
                let v6 = match address {
                    IpAddr::V4(v4) => v4.to_ipv6_mapped(),
                    IpAddr::V6(v6) => *v6,
                };
                bytes[0] = b'r';
                bytes[1..].copy_from_slice(&v6.octets());
            }
            Caller::Unknown => bytes[0] = b'?',
        }
        Audience(bytes)
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caller::Local { uid } => write!(f, "uid:{uid}"),
            Caller::Remote(address) => write!(f, "remote:{address}"),
            Caller::Unknown => f.write_str("unknown"),
        }
    }
}

/// The bytes that a token is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience([u8; 17]);

impl Audience {
    /// As input of the token's MAC.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

thread_local! {
    /// One netlink socket a worker; opened on first use, dropped after an error so that the next call opens another.
    static SOCKET: RefCell<Option<Socket>> = const { RefCell::new(None) };
}

/// Asks the kernel who holds the other end of a connection between `peer` and `local`.
pub fn identify(peer: SocketAddr, local: SocketAddr) -> Caller {
    let (peer, local) = (unmapped(peer), unmapped(local));
    match owner(peer, local) {
        Ok(Some(owner)) if owner.inode != 0 => Caller::Local { uid: owner.uid },
        Ok(None) if !peer.ip().is_loopback() => Caller::Remote(peer.ip()),
        Ok(Some(_) | None) | Err(_) => Caller::Unknown,
    }
}

#[derive(Clone, Copy, Debug)]
struct Owner {
    uid: u32,
    inode: u32,
}

/// An IPv4 address in IPv6 clothes is an IPv4 connection to the kernel's tables.
fn unmapped(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn owner(peer: SocketAddr, local: SocketAddr) -> io::Result<Option<Owner>> {
    SOCKET.with_borrow_mut(|slot| {
        let socket = match slot.take() {
            Some(socket) => socket,
            None => open()?,
        };
        let answer = ask(&socket, peer, local);
        // After an error an answer may still be under way; a fresh socket cannot mistake it for its own.
        if answer.is_ok() {
            *slot = Some(socket);
        }
        answer
    })
}

fn open() -> io::Result<Socket> {
    let mut socket = Socket::new(NETLINK_SOCK_DIAG)?;
    socket.bind_auto()?;
    socket.connect(&NetlinkAddr::new(0, 0))?;
    Ok(socket)
}

fn ask(socket: &Socket, peer: SocketAddr, local: SocketAddr) -> io::Result<Option<Owner>> {
    let mut request = NetlinkMessage::new(
        {
            let mut header = NetlinkHeader::default();
            header.flags = NLM_F_REQUEST;
            header
        },
        SockDiagMessage::InetRequest(InetRequest {
            family: if peer.is_ipv4() { AF_INET } else { AF_INET6 },
            protocol: IPPROTO_TCP,
            extensions: ExtensionFlags::empty(),
            states: StateFlags::all(),
            // The client's own socket: its source is our peer.
            socket_id: SocketId {
                source_port: peer.port(),
                destination_port: local.port(),
                source_address: peer.ip(),
                destination_address: local.ip(),
                interface_id: 0,
                // INET_DIAG_NOCOOKIE: any socket with these addresses.
                cookie: [0xff; 8],
            },
        })
        .into(),
    );
    request.finalize();
    let mut buffer = [0u8; 1024];
    request.serialize(&mut buffer[..request.buffer_len()]);
    socket.send(&buffer[..request.buffer_len()], 0)?;
    let mut room = &mut buffer[..];
    let length = socket.recv(&mut room, 0)?;
    let answer = NetlinkMessage::<SockDiagMessage>::deserialize(buffer.get(..length).unwrap_or_default())
        .map_err(io::Error::other)?;
    match answer.payload {
        NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(found)) => {
            Ok(Some(Owner { uid: found.header.uid, inode: found.header.inode }))
        }
        NetlinkPayload::Error(error) if error.to_io().kind() == io::ErrorKind::NotFound => Ok(None),
        NetlinkPayload::Error(error) => Err(error.to_io()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, identify};
    use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};

    fn own_uid() -> u32 {
        nix::unistd::Uid::effective().as_raw()
    }

    fn pair(address: &str) -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind(address).expect("a loopback address");
        let client = TcpStream::connect(listener.local_addr().expect("bound")).expect("connected");
        let (server, _) = listener.accept().expect("accepted");
        (client, server)
    }

    #[test]
    fn a_local_client_is_known_by_its_user() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let (_client, server) = pair(address);
            let caller = identify(server.peer_addr().expect("peer"), server.local_addr().expect("local"));
            assert_eq!(caller, Caller::Local { uid: own_uid() }, "{address}");
        }
    }

    #[test]
    fn an_ipv4_client_of_a_dual_stack_listener_is_known() {
        let (_client, server) = pair("127.0.0.1:0");
        let mapped = |address: SocketAddr| match address {
            SocketAddr::V4(v4) => SocketAddr::from((v4.ip().to_ipv6_mapped(), v4.port())),
            SocketAddr::V6(_) => address,
        };
        let (peer, local) = (server.peer_addr().expect("peer"), server.local_addr().expect("local"));
        assert_eq!(identify(mapped(peer), mapped(local)), Caller::Local { uid: own_uid() });
    }

    #[test]
    fn a_client_that_closed_is_unknown_and_never_root() {
        let (client, server) = pair("127.0.0.1:0");
        let (peer, local) = (server.peer_addr().expect("peer"), server.local_addr().expect("local"));
        drop(client);
        assert_eq!(identify(peer, local), Caller::Unknown);
    }

    #[test]
    fn a_peer_without_a_socket_here_is_remote_or_unknown() {
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
        let documentation = SocketAddr::from((Ipv4Addr::new(192, 0, 2, 7), 4711));
        assert_eq!(identify(documentation, local), Caller::Remote(documentation.ip()));
        assert_eq!(identify(SocketAddr::from((Ipv6Addr::LOCALHOST, 4711)), local), Caller::Unknown);
    }

    #[test]
    fn tokens_of_two_users_differ_in_audience() {
        let (a, b) = (Caller::Local { uid: 1 }, Caller::Local { uid: 2 });
        let remote = Caller::Remote(Ipv4Addr::new(0, 0, 0, 1).into());
        assert_ne!(a.audience(), b.audience());
        assert_ne!(a.audience(), remote.audience());
        assert_ne!(a.audience(), Caller::Unknown.audience());
    }
}
