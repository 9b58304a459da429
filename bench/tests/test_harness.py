"""What the harness decides, without load: words, ratios, readings, clean ends. Run with `python3 -m unittest discover -s bench/tests`."""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import (  # noqa: E402
    check,
    crawl,
    engine,
    footprint,
    http1,
    load,
    logs,
    near,
    nginx,
    onehop,
    rows,
    scan,
    trails,
    upstream,
    urls,
)
from harness.children import ChildError, Children  # noqa: E402
from harness.run_context import QUICK, Run  # noqa: E402


def sample(rate: float, errors: dict[str, int] | None = None) -> load.Sample:
    return load.Sample(rate, 1.0, 2.0, int(rate), errors or {})


def row(figure: float, bar: rows.Bar | None, fault: str = "") -> rows.Row:
    return rows.Row("name", "ours", "peer", load.Ratios(figure, figure, figure), bar=bar, fault=fault)


class Verdicts(unittest.TestCase):
    def test_the_word_follows_the_bar(self) -> None:
        least, most = rows.Bar(True, 0.9), rows.Bar(False, 1.0, enforced=False)
        cases = [
            ("above a lower bar", row(0.91, least), "pass", False),
            ("on a lower bar", row(0.90, least), "pass", False),
            ("below a lower bar", row(0.89, least), "miss", True),
            ("within a reported bar", row(1.0, most), "pass", False),
            ("over a reported bar is told, not counted", row(1.2, most), "over", False),
            ("without a bar", row(0.1, None), "-", False),
            ("a fault wins over a good figure", row(2.0, least, "3 status errors"), "invalid", True),
        ]
        for name, given, word, missed in cases:
            with self.subTest(name):
                self.assertEqual((given.verdict, given.missed), (word, missed))

    def test_a_figure_without_a_peer_is_judged(self) -> None:
        bar = rows.Bar(False, 1024, unit="/s")
        self.assertEqual(rows.Row("packets", "", figure=1024, bar=bar).verdict, "pass")
        self.assertEqual(rows.Row("packets", "", figure=1025, bar=bar).verdict, "miss")

    def test_no_upstream_traffic_is_a_fault(self) -> None:
        quiet = upstream.packet_row(sample(100), 2.0, 0, 0)
        busy = upstream.packet_row(sample(100), 2.0, 5, 30)
        self.assertEqual((quiet.verdict, busy.verdict), ("invalid", "pass"))

    def test_an_unanswered_entry_is_a_fault(self) -> None:
        whole = crawl.Tree(("/a/", "/a/b", "/c"), ())
        broken = crawl.Tree(("/a/", "/a/b", "/c"), ("/a/d",))
        verdicts = [crawl.crawl_rows(tree, [sample(10)], [sample(10)])[0].verdict for tree in (whole, broken)]
        self.assertEqual(verdicts, ["-", "invalid"])


    def test_answers_are_counted(self) -> None:
        given = check.UrlList(Path("urls"), 10, 3)
        self.assertEqual(check.count_fault(given, 10, 3), "")
        for lines, denials in [(9, 3), (11, 3), (10, 2), (10, 4), (0, 0)]:
            with self.subTest((lines, denials)):
                self.assertIn(f"{lines} answers with {denials} denials", check.count_fault(given, lines, denials))

    def test_growing_memory_is_a_miss(self) -> None:
        lists = [check.UrlList(Path("urls"), count, 0) for count in check.COUNTS]
        verdicts = [check.memory_row([4_000, peak], lists).verdict for peak in (3_900, 4_400, 4_500, 40_000)]
        self.assertEqual(verdicts, ["pass", "pass", "miss", "miss"])

    def test_a_bench_is_judged_by_its_own_lines(self) -> None:
        printed = (
            "allocations for 8 ordinary URLs: 0\n"
            "ordinary, beside Url::parse             99.0 ns    100.0 ns   0.99 (budget 1)\n"
            "hostile, beside Url::parse             301.0 ns    100.0 ns   3.01 (budget 3)\n"
            "10,000 host rules, beside ten          200.0 ns    100.0 ns   2.00 (budget 2)\n"
        )
        verdicts = [row.verdict for row in engine.verdict_rows(printed)]
        self.assertEqual(verdicts, ["pass", "miss", "pass", "invalid"])
        printed = (
            "classify  ordinary IPv4 (budget 10)       10.0 ns\n"
            "classify  special IPv4                    10.1 ns\n"
            "classify  special IPv6                    36.0 ns\n"
            "read      plain names                     43.6 ns\n"
        )
        verdicts = [row.verdict for row in engine.class_rows(printed)]
        self.assertEqual(verdicts, ["pass", "miss", "invalid", "-"])


class Lists(unittest.TestCase):
    def test_a_list_is_the_same_each_time(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            files = [Path(directory) / name for name in "ab"]
            hostile = [urls.write(file, 2_000) for file in files]
            first, second = (file.read_bytes() for file in files)
        self.assertEqual(first, second)
        self.assertEqual(hostile[0], hostile[1])
        self.assertTrue(20 <= hostile[0] <= 60, hostile)
        lines = first.decode().splitlines()
        self.assertEqual(len(lines), 2_000)
        self.assertEqual(sum(line.startswith("https://") for line in lines), 2_000 - hostile[0])

    def test_near_misses_are_the_same_each_time_and_one_to_decode_stands_in_every_line(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            files = [Path(directory) / name for name in "ab"]
            sizes = [near.write(file, 2_000, 7) for file in files]
            first, second = (file.read_bytes() for file in files)
        self.assertEqual(first, second)
        self.assertEqual(sizes, [len(first)] * 2)
        self.assertEqual(first.count(b"\n"), 2_000)
        self.assertNotIn(b"169.254.169.254", first)
        self.assertTrue(all("%" in line or "１６９" in line for line in first.decode().splitlines()))

    def test_every_disguise_can_be_written(self) -> None:
        source = urls.random.Random(1)
        made = {urls.disguise(source) for _ in range(4_000)}
        self.assertEqual(len(made), len(urls.DISGUISES) * len(urls.INSIDE))
        for url in ("http://2852039166/latest/meta-data/", "http://0xa9fea9fe/", "http://%3169.254.169.254/", "http://127.0.1/"):
            self.assertIn(url, made)


class Scans(unittest.TestCase):
    """The program is a script that says what a scan would."""

    def stub(self, directory: str, children: Children, script: str) -> Run:
        program = Path(directory) / "program"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return Run(children, program, None, None, QUICK)

    def test_a_summary_is_judged(self) -> None:
        text = logs.Text(Path("log"), 1000, 10)
        plain, hostile = scan.Work("plain", text), scan.Work("hostile", text, wanted=(9, 20))
        cases = [
            ("nothing to find, nothing found", plain, (1000, 0), ""),
            ("a false alarm", plain, (1000, 1), "1 findings, between 0 and 0 expected"),
            ("a text cut short", plain, (999, 0), "999 of 1000 bytes scanned"),
            ("most attempts", hostile, (1000, 9), ""),
            ("too few attempts", hostile, (1000, 8), "8 findings, between 9 and 20 expected"),
            ("far too many", hostile, (1000, 21), "21 findings, between 9 and 20 expected"),
        ]
        for name, work, (size, findings), want in cases:
            with self.subTest(name):
                self.assertEqual(work.fault({"findings": findings, "facts": {"bytes": size}}), want)
        self.assertIn("bytes scanned", plain.fault({}))

    def test_a_run_is_watched_and_timed(self) -> None:
        summary = {"type": "summary", "findings": 1, "facts": {"bytes": 5}}
        script = f"head -c 300000 /dev/zero | tr '\\0' x; echo; echo '{json.dumps(summary)}'; exit 1"
        work = scan.Work("stub", logs.Text(Path("log"), 5, 1), wanted=(1, 1))
        with tempfile.TemporaryDirectory() as directory, Children(Path(directory)) as children:
            run = self.stub(directory, children, script)
            watched = scan.watch(run, work)
            self.assertEqual((watched.summary, work.fault(watched.summary)), (summary, ""))
            self.assertGreater(watched.peak, 0)
            spent = scan.spend(run, work.argv(run), 1)
            self.assertTrue(0 < spent.cpu and 0 < spent.seconds and 0 < spent.peak, spent)
            with self.assertRaisesRegex(ChildError, "ended with 1"):
                scan.spend(run, work.argv(run), 0)
            with self.assertRaisesRegex(ChildError, "ended with 1"):
                scan.spend_pair(run, work)
            self.assertEqual(children.running, [])

    def test_long_runs_are_taken_less_often(self) -> None:
        with tempfile.TemporaryDirectory() as directory, Children(Path(directory)) as children:
            run = self.stub(directory, children, "")
            self.assertEqual([scan.turns(run, seconds) for seconds in (0.0, 1.0, 10.0, 100.0)], [6, 6, 4, 2])

    def test_memory_below_the_floor_is_the_harness(self) -> None:
        mebibyte = 1 << 20
        work = scan.Work("stub", logs.Text(Path("log"), 5, 1))

        def verdict(seen: int, told: int) -> tuple[float | None, str]:
            watched = scan.Watched({}, seen * mebibyte, 0.0)
            made = scan.memory_row(scan.Measured(work, watched, [scan.Spent(1, 1, told * mebibyte)]), 30 * mebibyte)
            return made.figure, made.verdict

        cases = {(9, 30): (9.0, "pass"), (9, 31): (31.0, "pass"), (9, 65): (65.0, "miss"), (65, 30): (65.0, "miss")}
        for given, want in cases.items():
            with self.subTest(given):
                self.assertEqual(verdict(*given), want)
        self.assertEqual(verdict(0, 30)[1], "invalid")

    def test_a_slow_scan_is_a_miss(self) -> None:
        text = logs.Text(Path("log"), 10**9, 1)
        watched = scan.Watched({"findings": 0, "facts": {"bytes": 10**9}}, 1, 0.5)
        ours = scan.Measured(scan.Work("stub", text), watched, [scan.Spent(1.0, 1.0, 1)] * 2)
        twice = scan.Measured(scan.Work("stub", text, 2), watched, [scan.Spent(0.5, 1.0, 1), scan.Spent(0.6, 1.0, 1)])
        for seconds, word in ((1.3, "pass"), (1.1, "miss")):
            row = scan.beside(ours, [scan.Spent(9.0, seconds, 1)] * 2, "peer", scan.RIPGREP_BAR)
            self.assertEqual(row.verdict, word, row)
        row = scan.beside_one_thread(twice, ours, ours.spent, scan.THREADS_BAR)
        self.assertIn("two processes at once reach 2.00", row.note)
        self.assertEqual((row.verdict, row.ours, row.peer), ("pass", "2.00 GB/s", "1.00 GB/s"))
        self.assertEqual(scan.beside_one_thread(ours, ours, ours.spent, scan.THREADS_BAR).verdict, "miss")

    def test_records_are_the_same_each_time(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            files = [Path(directory) / name for name in "ab"]
            made = [trails.write(file, 3_000_000) for file in files]
            self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
            text = files[0].read_text()
        records = json.loads(text)["Records"]
        self.assertEqual((made[0].size, made[0].records), (len(text), len(records)))
        self.assertNotIn("\n", text)
        self.assertTrue(0.01 <= made[0].matter / len(records) <= 0.05, made[0])
        with_keys = [record for record in records if "ec2RoleDelivery" in record["userIdentity"]["sessionContext"]]
        self.assertTrue(0 < len(with_keys) <= made[0].matter)

    def test_what_is_half_made_is_made_anew(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)

            def fails(out: Path) -> logs.Text:
                out.write_text("half")
                raise OSError

            def works(out: Path) -> logs.Text:
                out.write_text("whole")
                return logs.Text(out, 5, 1, 2)

            with self.assertRaises(OSError):
                logs.kept(folder, "a.log", fails)
            want = logs.Text(folder / "a.log", 5, 1, 2)
            self.assertEqual([logs.kept(folder, "a.log", make) for make in (works, fails)], [want, want])
            self.assertEqual(want.path.read_text(), "whole")
            self.assertEqual(logs.warm(want), 5)


class Statistics(unittest.TestCase):
    def test_ratios_are_taken_within_a_round(self) -> None:
        ours = [sample(10), sample(100), sample(50)]
        peer = [sample(20), sample(200), sample(50)]
        self.assertEqual(load.ratios(ours, peer, "rate"), load.Ratios(0.5, 0.5, 1.0))

    def test_every_round_has_another_order(self) -> None:
        seen: list[str] = []
        measures = {name: lambda name=name: seen.append(name) or sample(1) for name in "ab"}
        samples = load.rounds(measures, 3)
        self.assertEqual("".join(seen), "abbaab")
        self.assertEqual({name: len(taken) for name, taken in samples.items()}, {"a": 3, "b": 3})

    def test_errors_of_all_samples_are_told(self) -> None:
        self.assertEqual(load.faults([sample(1)], [sample(2)]), "")
        text = load.faults([sample(1, {"status": 2})], [sample(2, {"status": 3, "read": 1})])
        self.assertEqual(text, "1 read errors, 5 status errors")

    def test_a_result_line_of_wrk_is_read(self) -> None:
        line = '{"requests":4000,"duration":2000000,"p50":900,"p99":1500,"max":2000,"connect":0,"read":0,"write":0,"status":7,"timeout":0}'
        self.assertEqual(load.parse_sample(f"Running 2s test\n{line}\n"), load.Sample(2000, 900, 1500, 4000, {"status": 7}))
        with self.assertRaises(ChildError):
            load.parse_sample("unable to connect")


class Readings(unittest.TestCase):
    def test_listings_name_their_entries(self) -> None:
        cases = [
            ("a leaf and a directory", "/m/", "instance-id\nplacement/", ["/m/instance-id", "/m/placement/"]),
            ("a key is a directory", "/m/public-keys/", "0=demo", ["/m/public-keys/0/"]),
            ("a tag may hold an equals sign", "/m/tags/instance/", "a=b", ["/m/tags/instance/a=b"]),
            ("nothing", "/m/", "", []),
        ]
        for name, directory, listing, want in cases:
            with self.subTest(name):
                self.assertEqual(crawl.children_of(directory, listing), want)

    def test_answers_are_split(self) -> None:
        answer = http1.parse(b"HTTP/1.1 200 OK\r\nServer: EC2ws\r\n\r\nbody\r\n\r\nmore")
        self.assertEqual((answer.status, answer.headers, answer.body), (200, {"server": "EC2ws"}, b"body\r\n\r\nmore"))
        for raw in (b"", b"HTTP/1.1", b"HTTP/1.1 200 OK\r\n", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"):
            with self.subTest(raw), self.assertRaises(ValueError):
                http1.parse(raw)

    def test_metrics_are_read(self) -> None:
        text = '# TYPE a counter\na{code="IMDS-V1",x="}"} 3\nMetadataNoToken 4\nbroken\n'
        self.assertEqual(onehop.parse_metrics('a{code="IMDS-V1"} 3\n' + text)["MetadataNoToken"], 4)
        self.assertEqual(onehop.parse_metrics('a{code="IMDS-V1"} 3'), {'a{code="IMDS-V1"}': 3})

    def test_chunked_bodies_are_joined(self) -> None:
        self.assertEqual(onehop.dechunk(b"2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n", {"transfer-encoding": "chunked"}), "abc")
        self.assertEqual(onehop.dechunk(b"2\r\nab", {}), "2\r\nab")

    def test_the_peer_answers_the_same(self) -> None:
        answer = http1.parse(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nServer: x\r\nAccept-Ranges: none\r\n\r\ni-1")
        text = nginx.same_answer(answer)
        self.assertIn('add_header accept-ranges "none" always;', text)
        self.assertIn('return 200 "i-1"', text)
        self.assertNotIn("server", text)
        for unsafe in ("$host", "a\nb"):
            with self.subTest(unsafe), self.assertRaises(ValueError):
                nginx.quote(unsafe)


class Processes(unittest.TestCase):
    def test_children_end_on_failure(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            with self.assertRaises(KeyboardInterrupt), Children(Path(directory)) as children:
                child = children.start("sleep", ["sleep", "1000"])
                self.assertTrue(os.path.exists(f"/proc/{child.pid}"))
                raise KeyboardInterrupt
            self.assertFalse(os.path.exists(f"/proc/{child.pid}"))

    def test_a_child_without_a_ready_line_is_an_error(self) -> None:
        with tempfile.TemporaryDirectory() as directory, Children(Path(directory)) as children:
            child = children.start("stub", ["sh", "-c", "echo listening; echo sorry >&2"])
            with self.assertRaisesRegex(ChildError, "no ready line"):
                onehop.read_ready(child)

    def test_held_connections_are_open_then_closed(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
            before = len(os.listdir("/proc/self/fd"))
            with footprint.held(server.getsockname(), 20):
                self.assertEqual(len(os.listdir("/proc/self/fd")), before + 20)
            self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_packets_to_one_port_are_counted(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as other:
            counter = upstream.open_counter(server.getsockname()[1])
            if counter is None:
                self.skipTest("needs CAP_NET_RAW: the kernel's count of packets is not checked")
            socket.create_connection(other.getsockname()).close()
            elsewhere = counter.take()
            socket.create_connection(server.getsockname()).close()
            packets = counter.take()
            counter.close()
        # SYN, ACK and FIN of the client; the server has not closed.
        self.assertEqual((elsewhere, packets), (0, 3))

    def test_the_filter_is_whole_instructions(self) -> None:
        program = upstream.port_filter(80)
        self.assertEqual(len(program) % struct.calcsize("HBBI"), 0)
        self.assertIn(struct.pack("HBBI", 0x15, 0, 1, 80), program)


if __name__ == "__main__":
    unittest.main()
