#!/usr/bin/env python3
"""The oracle itself: that it fails when it should. `python3 lab/urls/test_urls.py`; no network, no clients."""

import ipaddress
import random
import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
here = Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent)]

from oracle import (  # noqa: E402
    answers,
    catalogue,
    compare,
    dials,
    generate,
    main,
    names,
    page,
    record,
    verdicts,
)
from oracle.clients import CLIENTS  # noqa: E402
from oracle.inside import is_inside  # noqa: E402
from oracle.verdicts import Verdict  # noqa: E402

ALLOW, DENY = Verdict(True, None), Verdict(False, "ADDR-LOOPBACK")


def packet(source, destination, protocol, ports, flags=0x02):
    """An IP packet as `lo` shows it: header, ports, TCP flags."""
    tail = struct.pack(">HHIIBB", *ports, 0, 0, 0x50, flags)
    source, destination = ipaddress.ip_address(source), ipaddress.ip_address(destination)
    if source.version == 6:
        return (
            struct.pack(">IHBB", 6 << 28, len(tail), protocol, 64) + source.packed + destination.packed + tail
        )
    head = struct.pack(">BBHIBBH", 0x45, 0, 20 + len(tail), 0, 64, protocol, 0)
    return head + source.packed + destination.packed + tail


def kept(raw, outgoing=True):
    """Runs the filter, as the kernel does, over one packet."""
    lines, accumulator, index, at = dials.FILTER, 0, 0, 0
    places = {label: number for number, (label, *_) in enumerate(lines) if label}
    while True:
        _, word, operand, yes, no = lines[at]
        at += 1
        if word == dials.RET:
            return operand > 0
        if word == dials.LDB and operand == dials.PACKET_TYPE:
            accumulator = dials.OUTGOING if outgoing else 0
        elif word in (dials.LDB, dials.LDB_X):
            accumulator = raw[operand + (index if word == dials.LDB_X else 0)]
        elif word in (dials.LDH, dials.LDH_X):
            start = operand + (index if word == dials.LDH_X else 0)
            accumulator = int.from_bytes(raw[start : start + 2], "big")
        elif word == dials.IHL:
            index = 4 * (raw[operand] & 0x0F)
        elif word == dials.AND:
            accumulator &= operand
        elif word == dials.JEQ:
            label = yes if accumulator == operand else no
            at = places[label] if label else at


class Inside(unittest.TestCase):
    def test_addresses(self):
        for want, addresses in {
            True: "127.0.0.1 127.9.9.9 0.0.0.0 169.254.169.254 168.63.129.16 ::1 :: fd00:ec2::254 ::ffff:127.0.0.1 "
            "::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::7f00:1 64:ff9b:1:a9fe:a9:fe00:: 2002:7f00:1:: "
            "2001:0:c633:6407:0:ffff:5601:5601 2001:0:7f00:1::1 2001:db8::5efe:7f00:1 2001:db8:1:2:3:4:a9fe:a9fe",
            False: "198.51.100.7 169.254.1.1 10.0.0.1 126.255.255.255 128.0.0.0 2001:db8::7 2002:c633:6407:: fe80::1 "
            "::ffff:198.51.100.7 64:ff9b::c633:6407",
        }.items():
            for address in addresses.split():
                self.assertEqual(is_inside(address), want, address)


class Dials(unittest.TestCase):
    def test_the_filter_keeps_first_packets_alone(self):
        for name, raw, want in [
            ("a first packet", packet("127.0.0.1", "169.254.169.254", 6, (40000, 80)), True),
            ("a first packet, IPv6", packet("::1", "fd00:ec2::254", 6, (40000, 80)), True),
            ("an answer", packet("127.0.0.1", "127.0.0.1", 6, (80, 40000), 0x12), False),
            ("data", packet("::1", "::1", 6, (40000, 80), 0x18), False),
            ("a datagram", packet("127.0.0.1", "127.0.0.1", 17, (40000, 69)), True),
            ("a datagram, IPv6", packet("::1", "::1", 17, (40000, 69)), True),
            ("a query", packet("127.0.0.1", "127.0.0.53", 17, (40000, 53)), False),
            ("an answer to it", packet("127.0.0.53", "127.0.0.1", 17, (53, 40000)), False),
            ("an answer to it, IPv6", packet("::1", "::1", 17, (53, 40000)), False),
            ("another protocol", packet("127.0.0.1", "127.0.0.1", 1, (0, 0)), False),
        ]:
            with self.subTest(name):
                self.assertEqual(kept(raw), want)
                self.assertFalse(kept(raw, outgoing=False))

    def test_a_packet_tells_its_target(self):
        self.assertEqual(
            dials.target(packet("127.0.0.1", "169.254.169.254", 6, (4, 80))), ("169.254.169.254", 80)
        )
        self.assertEqual(dials.target(packet("::1", "fd00:ec2::254", 6, (4, 8080))), ("fd00:ec2::254", 8080))

    def test_every_jump_fits(self):
        self.assertEqual(len(dials.assemble(dials.FILTER)), 8 * len(dials.FILTER))


class Names(unittest.TestCase):
    def test_addresses(self):
        for name, want in {
            "www.example.com": names.HARMLESS,
            "A.LocalTest.me.": "127.0.0.1",
            "127-0-0-1.nip.io": "127.0.0.1",
            "x.169.254.169.254.sslip.io": "169.254.169.254",
            "a9fea9fe.nip.io": "169.254.169.254",
            "--1.sslip.io": "::1",
            "nip.io": None,
            "300.0.0.1.nip.io": None,
            "7f000001.c6336407.rbndr.us": "127.0.0.1",
            "metadata": "169.254.169.254",
            "elsewhere.example.org": None,
        }.items():
            self.assertEqual(names.address(name), want, name)

    def test_a_reply_has_the_address_or_says_that_there_is_none(self):
        head = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0"
        query = head + b"\x09localtest\x02me\0\0\x01\0\x01"
        self.assertTrue(answers.answer(query).endswith(b"\x7f\0\0\x01"))
        self.assertEqual(answers.answer(query.replace(b"local", b"loyal"))[3] & 15, answers.NAME_ERROR)
        self.assertEqual(answers.answer(query[:-3] + b"\x1c\0\x01")[6:8], b"\0\0")
        for end in range(len(query)):
            self.assertIsNone(answers.answer(query[:end]), end)


class Urls(unittest.TestCase):
    def test_the_same_seed_gives_the_same_urls(self):
        first = generate.urls(3, 4000)
        self.assertEqual(first, generate.urls(3, 4000))
        self.assertNotEqual(first, generate.urls(4, 4000))
        self.assertEqual(len(first), len(set(first)))
        self.assertEqual(len(first), 4000)

    def test_the_first_is_the_plain_address(self):
        self.assertEqual(generate.urls(3, 0)[0], f"http://{catalogue.METADATA}{catalogue.PATH}".encode())

    def test_every_url_can_be_handed_to_check(self):
        for url in generate.urls(5, 6000):
            self.assertTrue(url)
            self.assertFalse(b"\0" in url and (b"\n" in url or b"\r" in url), url)

    def test_every_row_has_urls_and_a_title_of_its_own(self):
        found = catalogue.rows()
        self.assertTrue(all(urls for *_, urls in found))
        self.assertEqual(len({row[:2] for row in found}), len(found))

    def test_shapes_fill_in_the_placeholders_alone(self):
        urls = [url for row in catalogue.SHAPES for url in row.build("1.1.1.1", "2.2.2.2", "/p")]
        self.assertIn("HTTP://1.1.1.1/p", urls)
        self.assertIn("http://2.2.2.2/p\r\nHost: 1.1.1.1", urls)
        self.assertFalse([url for url in urls if "1.1.1.1" not in url.translate({9: "", 10: "", 13: ""})])
        self.assertFalse([url for url in urls if set(url) & set("§¤¶")])

    def test_the_corpus_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.json").write_text(
                '["http://a/",{"url":"http://b/"},{"input":"http://c/"},{"name":"d"}]'
            )
            self.assertEqual(generate.corpus(Path(folder)), ["http://a/", "http://b/", "http://c/"])
            self.assertEqual(generate.corpus(Path(folder, "absent")), [])
            (Path(folder) / "b.json").write_text('[{"text":"http://a/"}]')
            with self.assertRaises(ValueError):
                generate.corpus(Path(folder))

    def test_samples_hold_the_catalogue(self):
        slow = next(client for client in CLIENTS if client.sample)
        chosen = record.indices(slow, 10, 100_000, 1)
        self.assertEqual(chosen[:10], list(range(10)))
        self.assertEqual(len(set(chosen)), 10 + slow.sample)

    def test_a_choice_is_kept_to(self):
        among = {0, 9, 10, 77}
        for client in CLIENTS:
            self.assertEqual(record.indices(client, 10, 100, 1, among), sorted(among))


class Comparison(unittest.TestCase):
    urls = [b"http://127.1/", b"http://www.example.com/", b"http://[", b"http://127.2/"]

    def compared(self, strict, compat):
        records = {client.name: record.Record(client) for client in CLIENTS[:2]}
        first, second = records.values()
        first.dialled = {0: [("127.0.0.1", 80)], 1: [("198.51.100.7", 80)], 2: [], 3: []}
        second.dialled = {0: [], 1: [], 2: [], 3: [("198.51.100.7", 80), ("127.0.0.2", 81)]}
        return compare.Comparison(records, self.urls, {"strict": strict, "compat": compat})

    def test_one_client_inside_is_a_miss_in_each_mode_that_allows(self):
        found = self.compared([DENY, ALLOW, DENY, DENY], [DENY, ALLOW, DENY, ALLOW])
        self.assertEqual([(mode, index) for mode, index, _ in found.misses()], [("compat", 3)])
        found = self.compared([ALLOW, ALLOW, DENY, DENY], [DENY] * 4)
        self.assertEqual([(mode, index) for mode, index, _ in found.misses()], [("strict", 0)])
        self.assertFalse(self.compared([DENY] * 4, [DENY] * 4).misses())

    def test_a_client_that_is_not_seen_at_the_plain_address_is_blind(self):
        found = self.compared([DENY] * 4, [DENY] * 4)
        self.assertEqual(found.blind(), [CLIENTS[1].name])
        for one in found.records.values():
            one.dialled[0] = [("127.0.0.1", 80)]
        self.assertFalse(compare.Comparison(found.records, self.urls, found.asked).blind())

    def test_what_was_not_tried_is_not_counted(self):
        found = self.compared([DENY] * 4, [DENY] * 4)
        for one in found.records.values():
            del one.dialled[2]
        found = compare.Comparison(found.records, self.urls, found.asked)
        self.assertEqual((found.tried, found.undialled()), ({0, 1, 3}, []))

    def test_a_false_alarm_is_what_led_elsewhere_only(self):
        found = self.compared([DENY] * 4, [DENY] * 4)
        self.assertEqual(found.false_alarms(), [("ADDR-LOOPBACK", 1, 1)])
        self.assertEqual(found.undialled(), [("ADDR-LOOPBACK", 1, 2)])
        self.assertTrue(any("127.1" not in line and "4 denied" in line for line in found.report([])))


    def test_what_a_mode_allows_is_tried_and_the_first_with_it(self):
        asked = {"strict": [DENY, ALLOW, DENY, DENY], "compat": [DENY, DENY, DENY, ALLOW]}
        self.assertEqual(main._allowed(asked), {0, 1, 3})


class Check(unittest.TestCase):
    def script(self, folder, body):
        path = Path(folder) / "onehop"
        path.write_text(f"#!{sys.executable}\nimport json, sys\n{body}")
        path.chmod(0o755)
        return path

    def test_lines_and_arguments_keep_their_order(self):
        body = """words = sys.argv[5:]
given = [w.encode() for w in words[1:]] if words[0] == '--' else sys.stdin.buffer.read().split(b'\\n')[:-1]
for each in given:
    print(json.dumps({'type': 'check', 'verdict': 'allow' if b'a' in each else 'deny', 'code': None}))
sys.exit(1)
"""
        urls = [b"a", b"b\n", b"b", b"a\r\n", b"\xffa"]
        with tempfile.TemporaryDirectory() as folder:
            found = verdicts.ask(self.script(folder, body), "strict", urls)
        self.assertEqual([verdict.allowed for verdict in found], [True, False, False, True, True])

    def test_a_command_that_fails_or_skips_a_line_is_no_verdict(self):
        with tempfile.TemporaryDirectory() as folder:
            for body in ("sys.exit(2)", "sys.exit(0)"):
                with self.assertRaises(verdicts.CheckError):
                    verdicts.ask(self.script(folder, body), "compat", [b"a"])


class Page(unittest.TestCase):
    def test_the_page_shows_what_was_dialled(self):
        urls = generate.urls(1, 0)
        chance = random.Random(1)
        records = {client.name: record.Record(client, "1.0") for client in CLIENTS}
        for one in records.values():
            one.dialled = {i: [("127.0.0.1", 80)] if chance.random() < 0.5 else [] for i in range(len(urls))}
        places = {url: index for index, url in enumerate(urls)}
        text = page.render(records, places, [DENY] * len(urls))
        rows = [line for line in text.splitlines() if "`ADDR-LOOPBACK`" in line]
        self.assertEqual(len(rows), len(catalogue.rows()))
        self.assertEqual({row.count("|") for row in rows}, {len(CLIENTS) + 3})
        self.assertTrue(text.isprintable() or all(c == "\n" or c.isprintable() for c in text))

    def test_marks(self):
        for want, found in {
            "●": [[], [("198.51.100.7", 80), ("::1", 80)]],
            "○": [[("198.51.100.7", 80)], []],
            "–": [[], []],
        }.items():
            self.assertEqual(page.mark(found), want)

    def test_names_are_unique(self):
        self.assertEqual(len({client.name for client in CLIENTS}), len(CLIENTS))
        self.assertEqual(len({client.short for client in CLIENTS}), len(CLIENTS))
        self.assertGreaterEqual(len({client.language for client in CLIENTS}), 6)


if __name__ == "__main__":
    unittest.main()
