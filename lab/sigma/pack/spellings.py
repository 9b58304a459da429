"""How many of the spellings that `onehop check` refuses as a metadata service the pack catches in a query."""

import json
from urllib.parse import quote

from .place import ROOT
from .steps import Step

RULES = ("web_onehop_imds_url", "web_onehop_imds_url_disguised")
REFUSED_AS = {"ADDR-METADATA", "NAME-METADATA"}
# Fewer would mean that a list of forms was broken.
SHARE_MIN = 0.5


def step(matcher) -> Step:
    """Each URL of `fixtures/url` as the value of a parameter, under one percent-encoding."""
    folder = ROOT / "fixtures" / "url"
    hidden = [case for case in read(folder / "evasions.json") if REFUSED_AS & {case["strict"], case["compat"]}]
    caught = [case for case in hidden if is_caught(matcher, case["url"])]
    benign = read(folder / "benign.json")
    alarms = [url for url in benign if is_caught(matcher, url)]
    figures = f"{len(caught)} of {len(hidden)} spellings of a metadata service caught, {len(alarms)} of {len(benign)} benign URLs"
    good = bool(hidden) and len(caught) >= SHARE_MIN * len(hidden) and not alarms
    return Step("spellings of fixtures/url", good, figures, [f"benign, but matched: {url}" for url in alarms])


def read(path) -> list:
    return json.loads(path.read_text(encoding="utf-8"))


def is_caught(matcher, url: str) -> bool:
    event = {"cs-uri-stem": "/fetch", "cs-uri-query": "u=" + quote(url, safe="")}
    return any(matcher.matches(name, event) for name in RULES)
