"""The auditor's SARIF in programs of others: the viewer of sarif.info in Chromium, and the validator of its SDK.

The viewer is the component that Azure DevOps shows SARIF with. It must show every result that counts, each with its
message, its resource, its file and its line.
"""

import json
import os
import subprocess
from collections import Counter

from . import audit, schemas
from .page import noises

#: What the validator says and is meant to say: the tool names no page of its own.
ACCEPTED = {"SARIF2005"}
#: Rounds in which rows are opened: a rule a round, and more.
ROUNDS = 200
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done))))"
OPEN = """(() => {
  const closed = [...document.querySelectorAll('tr[aria-level="1"][aria-expanded="false"]')];
  const more = [...document.querySelectorAll("tr .bolt-link")].filter((link) => link.textContent === "Show All");
  [...closed, ...more].forEach((it) => it.click());
  return closed.length + more.length;
})()"""
ROWS = """[...document.querySelectorAll('tr[aria-level="2"]')].map((row) => {
  const text = (selector) => row.querySelector(selector)?.textContent ?? "";
  const [first, second] = row.querySelectorAll("td[role=gridcell]");
  const level = first.querySelector("desc")?.textContent ?? "";
  return [level, text("pre code"), text(".midEllipsis"), second.firstElementChild.textContent, text(".lineNumber").trim().split("\\n")[0]];
})"""
#: Most rows that are shown at once; what is beyond is not made.
HEIGHT = 60_000


def missing(cache):
    """What cannot be run, each with why."""
    if not (cache / "report-viewer" / "sarif-web-component" / "dist" / "index.js").is_file():
        yield "the SARIF viewer: not installed; `lab/report/install` says why"
    if not _multitool(cache).is_file():
        yield "the SARIF validator: not installed; `lab/report/install` says why"


def _multitool(cache):
    return cache / "report-multitool" / "sarif-multitool-linux" / "Sarif.Multitool"


def check(browser, cache, reports, pictures):
    """Names of checks, each with its faults."""
    for name, folder in reports.items():
        path = folder / "report.sarif"
        yield f"SARIF of {name}: valid against the schema", schemas.sarif_faults(path)
        if _multitool(cache).is_file():
            yield from _validated(cache, name, path)
        if (cache / "report-viewer").is_dir():
            yield from _viewed(browser, cache, name, folder, pictures)


def _validated(cache, name, path):
    yield f"SARIF of {name}: its validator has nothing against it", _verdict(cache, path)
    spoiled = json.loads(path.read_text(encoding="utf-8"))
    spoiled["runs"][0]["results"][0]["ruleIndex"] = 9_999
    twin = path.with_name("twin.sarif")
    twin.write_text(json.dumps(spoiled), encoding="utf-8")
    yield f"SARIF of {name}: refused with a rule that is not there", [] if _verdict(cache, twin) else ["it takes it"]


def _verdict(cache, path):
    said = path.with_name("said.sarif")
    command = [
        _multitool(cache),
        "validate",
        path,
        "--rule-kind",
        "Sarif;Ghas",
        "--output",
        said,
        "--log",
        "ForceOverwrite",
    ]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    run = json.loads(said.read_text(encoding="utf-8"))["runs"][0]
    return [
        f"{result['ruleId']}: {json.dumps(result['message'])[:200]}"
        for result in run["results"]
        if result["ruleId"] not in ACCEPTED
    ]


def _viewed(browser, cache, name, folder, pictures):
    path = folder / "viewer.html"
    log = (folder / "report.sarif").read_text(encoding="utf-8")
    _page(cache, path, log)
    own = {path.resolve().as_uri(), *(_script(cache, *parts).as_uri() for parts in SCRIPTS)}
    browser.size(1400, HEIGHT)
    faults = [
        fault
        for fault in noises(browser, path)
        if not any(one in fault for one in own) and "asked for: data:" not in fault
    ]
    yield f"SARIF of {name}: opens in a viewer without an error", faults
    rows, want = _rows(browser), _wanted(folder)
    yield (
        f"SARIF of {name}: the viewer shows all {sum(want.values())} results, each with its place",
        _differences(rows, want),
    )
    if pictures:
        browser.size(1400, 1500)
        browser.picture(pictures / f"audit-{name}-sarif.png")
        browser.size(1400, HEIGHT)
    spoiled = json.loads(log)
    location = spoiled["runs"][0]["results"][0]["locations"][0]
    location["logicalLocations"][0]["fullyQualifiedName"] = "another"
    spoiled["runs"][0]["results"].pop()
    _page(cache, path, json.dumps(spoiled))
    browser.open(path)
    faults = _differences(_rows(browser), want)
    yield (
        f"SARIF of {name}: seen when a result is missing and another is elsewhere",
        [] if len(faults) == 2 else [f"seen: {faults}"],
    )


#: Folder and file of each script, in the order in which they are needed.
SCRIPTS = (
    ("react", "umd/react.production.min.js"),
    ("react-dom", "umd/react-dom.production.min.js"),
    ("sarif-web-component", "dist/index.js"),
)


def _script(cache, package, file):
    return (cache / "report-viewer" / package / file).resolve()


def _page(cache, path, log):
    scripts = "".join(f'<script src="{_script(cache, *parts).as_uri()}"></script>' for parts in SCRIPTS)
    # No tag may stand in the text of a script.
    log = log.replace("<", "\\u003c")
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><div id="at" style="height: 100vh"></div>{scripts}'
        f"<script>ReactDOM.render(React.createElement(Viewer, {{logs: [{log}]}}), document.getElementById('at'))</script>",
        encoding="utf-8",
    )


def _rows(browser):
    """What the viewer shows once everything in it is open."""
    quiet = 0
    for _ in range(ROUNDS):
        browser.ask(SETTLE)
        quiet = 0 if browser.ask(OPEN) else quiet + 1
        if quiet == 3:
            break
    return Counter(map(tuple, browser.ask(ROWS)))


LEVELS = {"critical": "error", "high": "error", "medium": "warning"}


def _wanted(folder):
    findings, _ = audit.lines(folder)

    def row(line):
        subject = line.get("subject") or audit.place(line)
        number = str(line["line"]) if line["matched"] else ""
        return LEVELS.get(line["severity"], "note"), subject, line["path"] or "", line["message"], number

    return Counter(map(row, findings))


def _differences(got, want):
    """Each kind of difference in one sentence."""
    more, fewer = list((got - want).elements()), list((want - got).elements())
    return [f"only there: {more[:2]}"] * bool(more) + [f"missing: {fewer[:2]}"] * bool(fewer)
