//! Lines of text: nginx and Apache combined, Envoy's default, `HAProxy`'s HTTP log with captured headers, and what
//! programs print. Layouts are those of the servers' sources. Nothing fails.

use super::escape;
use crate::dice::Dice;
use crate::request::Request;
use std::fmt::Write;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `01/May/2024:00:00:00` and what follows it.
fn push_clf_time(request: &Request, out: &mut String, after: std::fmt::Arguments<'_>) {
    let date = request.date();
    let _ = write!(
        out,
        "{:02}/{}/{:04}:{:02}:{:02}:{:02}{after}",
        date.day(),
        MONTHS[usize::from(u8::from(date.month())) - 1],
        date.year(),
        date.hour(),
        date.minute(),
        date.second()
    );
}

fn push_combined(request: &Request, out: &mut String, escape: fn(&mut String, &str)) {
    let field =
        |out: &mut String, text: &str| if text.is_empty() { out.push('-') } else { escape(out, text) };
    out.push_str(&request.client);
    out.push_str(" - - [");
    push_clf_time(request, out, format_args!(" +0000] \""));
    out.push_str(request.method);
    out.push(' ');
    escape(out, &request.target);
    let _ = write!(out, " HTTP/1.1\" {} {} \"", request.status, request.size);
    field(out, &request.referer);
    out.push_str("\" \"");
    field(out, &request.user_agent);
    out.push('"');
}

pub(super) fn nginx(request: &Request, _: &mut Dice, out: &mut String) {
    push_combined(request, out, escape::nginx);
}

pub(super) fn apache(request: &Request, _: &mut Dice, out: &mut String) {
    push_combined(request, out, escape::apache);
}

/// An address with a port, in brackets where the address has colons.
pub(super) fn push_authority(out: &mut String, address: &str, port: u16) {
    let _ = if address.contains(':') {
        write!(out, "[{address}]:{port}")
    } else {
        write!(out, "{address}:{port}")
    };
}

pub(super) fn envoy(request: &Request, _: &mut Dice, out: &mut String) {
    out.push('[');
    request.push_timestamp(out, 'T');
    out.push_str("Z] \"");
    out.push_str(request.method);
    out.push(' ');
    escape::quotes(out, &request.target);
    let _ = write!(
        out,
        " HTTP/1.1\" {} - 0 {} {} {} \"{}\" \"",
        request.status,
        request.size,
        request.duration_millis,
        request.duration_millis.saturating_sub(1),
        request.client
    );
    escape::quotes(out, &request.user_agent);
    out.push_str("\" \"");
    request.push_uuid(out);
    out.push_str("\" \"");
    escape::quotes(out, &request.host);
    out.push_str("\" \"");
    push_authority(out, &request.peer, request.peer_port);
    out.push('"');
}

pub(super) fn haproxy(request: &Request, dice: &mut Dice, out: &mut String) {
    let total = request.duration_millis;
    let _ = write!(out, "haproxy[{}]: {}:{} [", 1000 + dice.below(9000), request.client, request.port);
    push_clf_time(request, out, format_args!(".{:03}] ", request.time().1));
    let _ = write!(
        out,
        "fe_http~ be_app/srv{} 0/0/1/{}/{total} {} {} - - ---- 12/10/3/1/0 0/0 {{",
        1 + dice.below(4),
        total.saturating_sub(1),
        request.status,
        request.size
    );
    escape::haproxy_header(out, &request.host);
    out.push('|');
    escape::haproxy_header(out, &request.referer);
    out.push('|');
    escape::haproxy_header(out, &request.user_agent);
    out.push_str("} \"");
    out.push_str(request.method);
    out.push(' ');
    escape::haproxy(out, &request.target);
    out.push_str(" HTTP/1.1\"");
}

/// What a program prints: no format to rely on.
pub(super) fn text(request: &Request, dice: &mut Dice, out: &mut String) {
    request.push_timestamp(out, if dice.chance(50) { ' ' } else { 'T' });
    let level = dice.pick(&["INFO", "WARN", "DEBUG", "ERROR"]);
    let part = dice.pick(&["web", "fetcher", "importer", "c.e.shop.ImageService"]);
    let _ = write!(out, " {level} [{part}-{}] ", dice.below(32));
    let _ = write!(out, "{}:{} {} ", request.client, request.port, request.method);
    escape::line_ends(out, &request.target);
    let _ = write!(out, " -> {} in {} ms, {} bytes", request.status, request.duration_millis, request.size);
    if !request.referer.is_empty() {
        out.push_str(" referer=");
        escape::line_ends(out, &request.referer);
    }
    out.push_str(" agent=\"");
    escape::line_ends(out, &request.user_agent);
    out.push('"');
    if !request.body.is_empty() {
        out.push_str(dice.pick(&[" body: ", " payload=", " received "]));
        escape::line_ends(out, &request.body);
    }
}
