"""Requests a second and their times: `serve` beside `return 200`, `guard` beside `proxy_pass`, tokens beside reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .crawl import discover
from .http1 import Address, Answer, exchange
from .load import Load, Sample, compare, faults, median, ratios
from .nginx import Nginx, forward, forward_cached, same_answer
from .onehop import TOKEN_HEADER, TOKEN_PATH, TTL_HEADER, TTL_SECONDS, Onehop
from .rows import Bar, Row, millis, per_second
from .run_context import Run

PATH = "/latest/meta-data/instance-id"
SERVE_BAR = 1.0
GUARD_BAR = 0.9
TOKEN_BAR = 0.8
# The load is one caller, which the defaults would hold to 500 requests a second.
UNBOUNDED = ("--rate", "1000000000", "--caller-connections", "20000")


def read(server: Onehop | Nginx, token: str) -> Load:
    """Reads of one leaf with a valid token."""
    return Load(server.child, server.address, PATH, {TOKEN_HEADER: token})


def serve_beside_return(run: Run) -> list[Row]:
    """Row 1: every GET on a connection of its own, the same answer from both; and nginx against itself."""
    serve = Onehop(run.children, run.binary, "serve")
    load = read(serve, serve.token())
    ours = fetch(load)
    peer_server = Nginx(run.children, run.nginx, "nginx-return", same_answer(ours))
    peer_load = replace(load, server=peer_server.child, address=peer_server.address)
    peer = fetch(peer_load)
    loads = {"ours": load, "peer": peer_load, "again": peer_load}
    samples = compare(run.wrk, loads, run.rounds, run.seconds)
    run.children.stop(serve.child)
    run.children.stop(peer_server.child)
    same = "the same body" if ours.body == peer.body else "ANOTHER BODY"
    note = f"whole answers: ours {ours.size} bytes, nginx {peer.size} bytes, {same}"
    return [
        *rows("serve GET", samples["ours"], samples["peer"], SERVE_BAR, note),
        *rows("nginx / the same nginx", samples["again"], samples["peer"], None, "what this machine calls equal"),
    ]


def fetch(load: Load) -> Answer:
    """One answer to what `load` asks."""
    answer = exchange(load.address, load.method, load.path, load.headers)
    if answer.status != 200:
        raise ValueError(f"{load.method} {load.path} was answered with {answer.status}, so there is nothing to measure")
    return answer


def rows(
    name: str, ours: list[Sample], peer: list[Sample], bar: float | None, note: str, judge_p99: bool = True
) -> list[Row]:
    """Rate, median time, 99th percentile and processor time of one comparison; without a `bar` nothing is judged."""
    fault = faults(ours, peer)

    def timed(figure: str, limit: Bar | None) -> Row:
        texts = [millis(median(side, figure)) for side in (ours, peer)]
        return Row(f"{name}, {figure}", *texts, ratios(ours, peer, figure), bar=limit, fault=fault)

    rates = [per_second(median(side, "rate")) for side in (ours, peer)]
    limit = Bar(True, bar) if bar else None
    first = Row(f"{name}, requests", *rates, ratios(ours, peer, "rate"), bar=limit, fault=fault, note=note)
    spent = [f"{median(side, 'cpu'):.1f} us" for side in (ours, peer)]
    return [
        first,
        timed("p50", None),
        timed("p99", Bar(False, 1.0, enforced=False) if bar and judge_p99 else None),
        Row(f"{name}, server cpu", *spent, ratios(ours, peer, "cpu"), fault=fault),
    ]


def guard_beside_proxy(run: Run) -> list[Row]:
    """Row 2: all contenders stand in front of the same `serve` and are asked for every leaf of its tree in turn.

    Different paths, because a guard without a cache still makes one read of identical reads at one moment.
    """
    upstream = Onehop(run.children, run.binary, "serve")
    guard = start_guard(run, upstream, "guard")
    uncached = start_guard(run, upstream, "guard-uncached", "--cache-ms", "0")
    plain = Nginx(run.children, run.nginx, "nginx-proxy", forward(upstream.address))
    http, server = forward_cached(upstream.address, run.children.directory)
    cached = Nginx(run.children, run.nginx, "nginx-cache", server, http)
    token = upstream.token()
    paths = leaves(upstream.address, token)
    loads = {
        "guard": read(guard, guard.token()),
        "uncached": read(uncached, uncached.token()),
        "proxy_pass": read(plain, token),
        "proxy_cache": read(cached, token),
    }
    loads = {name: replace(load, paths=paths) for name, load in loads.items()}
    for load, path in ((load, path) for load in loads.values() for path in paths):
        fetch(replace(load, path=path))
    samples = compare(run.wrk, loads, run.rounds, run.guard_seconds)
    shares = {"guard": upstream_share(guard), "uncached": upstream_share(uncached)}
    for child in (guard.child, uncached.child, plain.child, cached.child, upstream.child):
        run.children.stop(child)
    return guard_rows(samples, shares, len(paths))


def leaves(address: Address, token: str) -> tuple[str, ...]:
    """Every path of the tree that is no directory."""
    tree = discover(address, {TOKEN_HEADER: token})
    return tuple(path for path in tree.paths if not path.endswith("/"))


def upstream_share(guard: Onehop) -> float:
    """Requests sent upstream for each request answered."""
    counters = guard.counters()
    answered = sum(value for name, value in counters.items() if name.startswith("onehop_guard_requests_total"))
    return counters["onehop_guard_upstream_requests_total"] / max(answered, 1)


def guard_rows(samples: dict[str, list[Sample]], shares: dict[str, float], paths: int) -> list[Row]:
    """Both guards against the plain proxy, and the caching one against a caching proxy."""
    guard, uncached = samples["guard"], samples["uncached"]
    plain, cached = samples["proxy_pass"], samples["proxy_cache"]
    kept = f"{paths} paths in turn; guard with its default cache, {shares['guard']:.4f} requests upstream for each answer"
    fresh = f"{paths} paths in turn; guard sent {shares['uncached']:.2f} requests upstream for each answer, nginx 1.00"
    return [
        *rows("guard / proxy_pass", guard, plain, GUARD_BAR, kept),
        *rows("guard --cache-ms 0 / proxy_pass", uncached, plain, GUARD_BAR, fresh),
        *rows("guard / proxy_cache 1s", guard, cached, None, "both answer from memory"),
    ]


def start_guard(run: Run, upstream: Onehop, name: str, *options: str) -> Onehop:
    """A guard as it is used, in front of an upstream and with its journal, but without a bound on its one caller."""
    journal: Path = run.children.directory / f"{name}.jsonl"
    settings = ("--upstream", upstream.url, "--journal", str(journal), "--credentials-for", "any", *UNBOUNDED)
    return Onehop(run.children, run.binary, "guard", *settings, *options)


def tokens_beside_reads(run: Run) -> list[Row]:
    """Row 3: issuing a token costs about as much as reading a leaf."""
    serve = Onehop(run.children, run.binary, "serve")
    reads = read(serve, serve.token())
    issues = Load(serve.child, serve.address, TOKEN_PATH, {TTL_HEADER: TTL_SECONDS}, method="PUT")
    samples = compare(run.wrk, {"put": issues, "get": reads}, run.rounds, run.token_seconds)
    run.children.stop(serve.child)
    name, note = "serve token PUT / GET", "the peer is our own GET"
    return rows(name, samples["put"], samples["get"], TOKEN_BAR, note, judge_p99=False)
