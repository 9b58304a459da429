"""Sets verdicts against the truth: what is allowed, what is refused for which reason, and what is refused without one."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .ask import Verdict
from .corpora import Corpus
from .reasons import Reason, reason


@dataclass
class Outcome:
    """One corpus through both modes."""

    corpus: Corpus
    reasoned: dict[Reason, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    faults: list[tuple[bytes, str]] = field(default_factory=list)
    strict: Counter = field(default_factory=Counter)
    # For each code: URLs that strict mode alone refuses.
    exceptions: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    @property
    def compat_refused(self) -> int:
        """How many compat mode refuses."""
        return sum(map(len, self.reasoned.values())) + len(self.faults)


def judge(corpus: Corpus, strict: list[Verdict], compat: list[Verdict]) -> Outcome:
    """A URL that strict mode allows and compat mode does not is a fault too, whatever the reason."""
    outcome = Outcome(corpus)
    for url, hard, soft in zip(corpus.urls, strict, compat, strict=True):
        if hard.code:
            outcome.strict[hard.code] += 1
            if not soft.code:
                outcome.exceptions[hard.code].append(url)
        if not soft.code:
            continue
        found = reason(url, soft.code)
        if found and hard.code:
            outcome.reasoned[found].append(url)
        else:
            outcome.faults.append((url, f"{soft.code}: {soft.detail}" + ("" if hard.code else "; strict mode allows it")))
    return outcome
