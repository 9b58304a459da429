"""Compares what clients dialled with what `onehop check` says: misses and false alarms.

A miss is a URL that any client turned into a connection inside and that a mode allows. A false alarm is one that some
client turned into a connection to another host, none into one inside, and compat mode denies. What nobody could dial
is neither: it is counted apart.
"""

import json
import tempfile
from collections import Counter
from pathlib import Path

from . import record
from .generate import text
from .inside import is_inside

MISSES_SHOWN = 100


class Comparison:
    def __init__(self, records, urls, asked):
        self.records, self.urls, self.asked = records, urls, asked
        #: By index, the clients that dialled inside, with the address; and whether any client dialled anything.
        self.inside, self.dialled, self.tried = {}, set(), set()
        for name, one in records.items():
            self.tried.update(one.dialled)
            for index, dials in one.dialled.items():
                reached = next((dial for dial in dials if is_inside(dial[0])), None)
                if dials:
                    self.dialled.add(index)
                if reached:
                    self.inside.setdefault(index, {})[name] = reached

    def blind(self):
        """The clients that were not seen to dial inside by the first URL, which is the plain address: what is not
        seen there proves nothing elsewhere."""
        return [name for name in self.records if name not in self.inside.get(0, ())]

    def misses(self):
        """`(mode, index, {client: (address, port)})`."""
        return [
            (mode, index, clients)
            for mode, found in self.asked.items()
            for index, clients in sorted(self.inside.items())
            if found[index].allowed
        ]

    def confirmed(self, misses, options):
        """The misses that hold when their URLs are tried again, apart from all others."""
        wanted = {}
        for _, index, clients in misses:
            for name in clients:
                wanted.setdefault(name, set()).add(index)
        with tempfile.TemporaryDirectory(prefix="onehop-urls-") as folder:
            again = record.run(
                [self.records[name].client for name in wanted],
                self.urls,
                lambda client: sorted(wanted[client.name]),
                Path(folder),
                options.cache,
                options.jobs,
            )
        held = []
        for mode, index, clients in misses:
            same = {
                name: dial for name, dial in clients.items() if dial in again[name].dialled.get(index, ())
            }
            if same:
                held.append((mode, index, same))
            else:
                print(f"unsteady, not counted: {mode} {json.dumps(text(self.urls[index]))} {clients}")
        return held

    def false_alarms(self):
        """Codes with which compat mode denies what led to another host, with counts and one example."""
        return self._denied(index for index in self.dialled if index not in self.inside)

    def undialled(self):
        """The same of what no client could dial."""
        return self._denied(index for index in self.tried if index not in self.dialled)

    def _denied(self, indices):
        found, first = Counter(), {}
        for index in sorted(indices):
            verdict = self.asked["compat"][index]
            if not verdict.allowed:
                found[verdict.code] += 1
                first.setdefault(verdict.code, index)
        return [(code, count, first[code]) for code, count in found.most_common()]

    def report(self, misses):
        yield "client                  version    tried   inside  elsewhere  nothing  silent"
        for name, one in self.records.items():
            reached = sum(name in self.inside.get(index, ()) for index in one.dialled)
            some = sum(bool(dials) for dials in one.dialled.values())
            tried = len(one.dialled)
            yield f"{name:23} {one.version:10} {tried:6} {reached:8} {some - reached:10} {tried - some:8} {one.silent:7}"
            if one.late:
                yield f"  {one.late} connections of {name} came after it was done with a URL"
        inside = len(self.inside)
        yield f"distinct URLs: {len(self.urls)}; tried: {len(self.tried)}; dialled inside by a client or more: {inside}"
        for mode, index, clients in misses[:MISSES_SHOWN]:
            who = ", ".join(f"{name} → {address} port {port}" for name, (address, port) in clients.items())
            yield f"miss: {mode} allows {json.dumps(text(self.urls[index]))}: {who}"
        if len(misses) > MISSES_SHOWN:
            yield f"and {len(misses) - MISSES_SHOWN} misses more"
        for who, count in Counter(", ".join(clients) for *_, clients in misses).most_common():
            yield f"  {count:6} by {who}"
        for mode, found in self.asked.items():
            allowed, missed = sum(verdict.allowed for verdict in found), sum(m == mode for m, *_ in misses)
            yield f"{mode}: {allowed} allowed, {len(found) - allowed} denied, {missed} misses"
        for title, rows in (
            ("false alarms in compat mode", self.false_alarms()),
            ("denied in compat mode, dialled by nobody", self.undialled()),
        ):
            yield f"{title}: {sum(count for _, count, _ in rows)}"
            for code, count, first in rows:
                yield f"  {count:6} {code:24} e.g. {json.dumps(text(self.urls[first]))}"
