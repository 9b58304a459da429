"""Reports of the real auditor: of code, the cases of `fixtures/audit`, and of accounts, those of the fake account.

The page must say what the lines of JSON say, in numbers, places and drawings, and its filters must leave what they
should. Every comparison has a twin: lines of which one is left out or changed must not be on the page.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from .page import expect, noises

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "lab" / "audit"))

from truth import cases  # noqa: E402

SCENARIO = ROOT / "crates" / "parts" / "fake-aws" / "scenarios" / "organization.yaml"
ORGANIZATION = ("--organization", "--role", "OnehopAudit", "--external-id", "made-up", "--all-regions", "--keep-going")
FORMATS = ("html", "sarif", "json")
SECONDS = 120
SHOWN = "[...document.querySelectorAll('#findings > li')].filter(li => !li.hidden)"
#: Text that is harder to read than WCAG 2 asks for (4.5 to 1), as `element ratio`.
PALE = """(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = parts(color).slice(0, 3).map((it) => (it / 255 <= 0.04045 ? it / 255 / 12.92 : ((it / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (color !== "transparent" && (parts(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own || !element.checkVisibility() || element.closest("svg, script, .muted")) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) found.add(`${element.localName}.${element.className} ${ratio.toFixed(1)}`);
  }
  return [...found];
})()"""
#: Elements that stand out of the window at its right side and cannot be scrolled to.
OUTSIDE = """[...document.querySelectorAll("body *")]
  .filter((it) => it.checkVisibility() && !it.closest(".timeline") && it.getBoundingClientRect().right > innerWidth + 1)
  .map((it) => `${it.localName}.${it.className}`)"""


def write(onehop, folder):
    """Reports of both kinds in every format; the folder of each by its name."""
    code = folder / "code"
    cases.write(cases.read(), code)
    reports = {"code": folder / "reports-code", "accounts": folder / "reports-accounts"}
    for name in FORMATS:
        _report(reports["code"], name, [onehop, "audit", "iac", "."], code, None)
    with subprocess.Popen(
        [onehop, "audit", "fake-aws", "--scenario", SCENARIO], stdout=subprocess.PIPE, text=True
    ) as fake:
        try:
            ready = json.loads(fake.stdout.readline())
            keys = {
                "AWS_ACCESS_KEY_ID": ready["access_key_id"],
                "AWS_SECRET_ACCESS_KEY": ready["secret_access_key"],
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
            }
            for name in FORMATS:
                command = [onehop, "audit", "aws", "--endpoint-url", ready["endpoint_url"], *ORGANIZATION]
                _report(reports["accounts"], name, command, folder, keys)
        finally:
            fake.terminate()
    return reports


def _report(folder, name, command, below, environment):
    folder.mkdir(exist_ok=True)
    command = [*command, "--format", name]
    done = subprocess.run(command, cwd=below, env=environment, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode != 1:
        raise RuntimeError(f"`onehop audit` ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    (folder / f"report.{name}").write_bytes(done.stdout)


def lines(folder):
    """Findings and the summary, as the lines of JSON have them."""
    told = [json.loads(line) for line in (folder / "report.json").read_text(encoding="utf-8").splitlines()]
    return [line for line in told if line["type"] == "finding"], told[-1]


def place(finding):
    """Where a finding is, as people read it."""
    resource = finding.get("resource")
    if resource:
        return "/".join(resource[key] for key in ("account", "region", "kind", "id") if resource.get(key))
    column = finding.get("column")
    return ":".join(str(part) for part in (finding["path"], finding["line"], column) if part is not None)


def check(browser, reports, pictures):
    """Names of checks, each with its faults."""
    for name, folder in reports.items():
        findings, summary = lines(folder)
        path = folder / "report.html"
        browser.size(1280, 1500)
        yield f"page of {name}: no error, no dialog, no request but for itself", noises(browser, path)
        yield f"page of {name}: its {len(findings)} findings are those of the JSON", _same(browser, findings, summary)
        fewer = {**summary, "findings": summary["findings"] - 1}
        changed = [{**findings[0], "rule": "ANOTHER-RULE"}, *findings[1:]]
        for words, spoiled in (("one is missing", findings[1:]), ("one is of another rule", changed)):
            faults = _same(browser, spoiled, summary)
            yield f"page of {name}: seen when {words}", [] if faults else ["nothing was seen"]
        yield (
            f"page of {name}: seen when the number is another",
            [] if _same(browser, findings, fewer) else ["nothing was seen"],
        )
        yield f"page of {name}: what is drawn is what was counted", _drawn(browser, findings, summary)
        yield f"page of {name}: filters leave what they should", _filtered(browser, findings)
        yield from _readable(browser, name, path)
        if pictures:
            _take(browser, name, path, pictures)


def _compare(what, got, want):
    if got == want:
        return []
    got, want = Counter(map(str, got)), Counter(map(str, want))
    return [f"{what}: only here {list((got - want).elements())[:3]}, missing {list((want - got).elements())[:3]}"]


def _same(browser, findings, summary):
    rows = browser.ask(
        f"{SHOWN}.map(li => [li.dataset.severity, li.dataset.rule, li.querySelector('.place').textContent])"
    )
    severities = browser.ask(
        "[...document.querySelectorAll('#toolbar label')].filter(it => it.className).map(it => [it.className, it.querySelector('b').textContent])"
    )
    counts = {name: str(count) for name, count in summary["severities"].items() if count}
    total = summary["findings"] + summary["excepted"] + summary["known"]
    return (
        _compare("findings", sorted(rows), sorted([line["severity"], line["rule"], place(line)] for line in findings))
        + _compare("severities", sorted(severities), sorted(map(list, counts.items())))
        + expect(browser, "document.getElementById('shown').textContent", f"{summary['findings']} of {total}")
        + expect(
            browser,
            f"document.querySelector('.verdict').textContent.startsWith('{summary['findings']} findings')",
            True,
        )
    )


def _drawn(browser, findings, summary):
    places = browser.ask(
        "[...document.querySelectorAll('.posture button')].map(it => [it.dataset.words, it.querySelector('b').textContent,"
        " [...it.querySelectorAll('title')].map(it => it.textContent)])"
    )
    posture = summary["facts"]["posture"]
    wanted = {
        name: sorted(f"{verdict}: {count}" for verdict, count in counts.items()) for name, counts in posture.items()
    }
    decided = browser.ask(
        f"{SHOWN}.flatMap(li => [...li.querySelectorAll('.levels .decides')].map(it => it.textContent))"
    )
    risks = browser.ask(
        f"{SHOWN}.flatMap(li => [...li.querySelectorAll('.risk tr')].map(it => it.querySelectorAll('td')[1].textContent))"
    )
    faults = _compare("places", {name: sorted(titles) for name, _, titles in places}, wanted)
    if sum(int(count) for _, count, _ in places) != summary["facts"]["resources"]:
        faults.append("not every resource is drawn")
    levels = [line["facts"]["decided_by"] for line in findings if "decided_by" in line["facts"]]
    parts = [part["words"] for line in findings for part in line["facts"].get("risk_parts", [])]
    faults += _compare("levels", sorted(decided), sorted(levels)) + _compare("risks", sorted(risks), sorted(parts))
    return (
        faults
        + _bars(browser, "By rule", Counter(line["rule"] for line in findings))
        + _bars(browser, "By level that decides", Counter(levels))
    )


def _bars(browser, title, counts):
    """The bars of a drawing, and that each leaves as many findings as it says."""
    bars = (
        f"[...[...document.querySelectorAll('figure.bars')].find(it => it.querySelector('figcaption').textContent === '{title}')"
        ".querySelectorAll('button')]"
    )
    told = browser.ask(
        f"{bars}.map(it => [it.querySelector('span').textContent, Number(it.querySelector('b').textContent)])"
    )
    faults = _compare(title, sorted(told), sorted(map(list, counts.most_common(8)))) if len(counts) <= 8 else []
    for at, (name, count) in enumerate(told):
        left = browser.ask(
            f"(() => {{ {bars}[{at}].click(); const left = {SHOWN}.length; {bars}[{at}].click(); return left; }})()"
        )
        # The name of a rule may stand in the words of another one's finding.
        is_right = left >= count if title == "By rule" else left == count
        faults += (
            []
            if is_right and count == counts[name]
            else [f"{title}: {name} says {count}, is {counts[name]}, leaves {left}"]
        )
    return faults


def _filtered(browser, findings):
    """How many each filter leaves: of a rule, of a severity, of words."""
    faults = []

    def left(identity, value):
        return browser.ask(
            f"(() => {{ const it = document.getElementById('{identity}'); const set = (value) => {{ it.value = value;"
            f" it.dispatchEvent(new Event('input', {{bubbles: true}})); }}; set({json.dumps(value)}); const left = {SHOWN}.length;"
            " set(''); return left; })()"
        )

    for rule, count in Counter(line["rule"] for line in findings).items():
        got = left("rule", rule)
        faults += [] if got == count else [f"{got} of {rule}, not {count}"]
    for severity, count in Counter(line["severity"] for line in findings).items():
        box = f"document.querySelector('input[value={severity}]')"
        got = browser.ask(f"(() => {{ {box}.click(); const left = {SHOWN}.length; {box}.click(); return left; }})()")
        faults += [] if got == len(findings) - count else [f"{got} without {severity}, not {len(findings) - count}"]
    for wanted in {place(line) for line in findings[::7]}:
        count = sum(wanted in place(line) for line in findings)
        got = left("words", f'"{wanted}"')
        faults += [] if got >= count > 0 else [f"{got} at {wanted}, not {count}"]
    nothing = left("words", "nowhere-to-be-found")
    return faults + ([] if nothing == 0 else [f"{nothing} with words that are nowhere"])


def _readable(browser, name, path):
    all_open = "document.querySelectorAll('details').forEach((it) => { it.open = true; })"
    for scheme in ("light", "dark"):
        browser.size(1280, 1500, scheme)
        browser.open(path)
        browser.ask(all_open)
        yield f"page of {name}: readable when {scheme}", browser.ask(PALE)
    browser.ask("document.querySelector('.message').style.color = '#777'")
    yield f"page of {name}: seen when text is pale", [] if browser.ask(PALE) else ["nothing was seen"]
    browser.size(390, 844)
    browser.open(path)
    browser.ask(all_open)
    yield f"page of {name}: nothing stands out of a phone", browser.ask(OUTSIDE)[:5]
    browser.ask("document.querySelector('.message').style.width = '500px'")
    yield f"page of {name}: seen when something does", [] if browser.ask(OUTSIDE) else ["nothing was seen"]


def _take(browser, name, path, folder):
    for look, width, height, scheme in (
        ("light", 1280, 1500, "light"),
        ("dark", 1280, 1500, "dark"),
        ("phone", 390, 1700, "light"),
    ):
        browser.size(width, height, scheme)
        browser.open(path)
        browser.ask("document.querySelector('li.finding details').open = true")
        browser.picture(folder / f"audit-{name}-{look}.png")
