"""The page in a browser: it runs nothing but its own script, asks for nothing, filters, sorts, shows hostile text.

Each kind of fault has a twin: a page that was spoiled on purpose, in which it must be seen.
"""

import json

from .browser import Browser

VISIBLE = "[...document.querySelectorAll('#findings > li')].filter(li => !li.hidden)"
SET = "(id, value) => { const it = document.getElementById(id); it.value = value; it.dispatchEvent(new Event('input', {bubbles: true})); }"
CLICK = "(selector) => document.querySelector(selector).click()"


def check(cache, folder, pictures):
    """Names of checks, each with its faults."""
    few, many = folder / "few" / "report.html", folder / "many" / "report.html"
    with Browser(cache) as browser:
        yield from _quiet(browser, few, "the page")
        yield from _content(browser)
        yield from _filters(browser)
        yield from _large(browser, many)
        yield from _twins(browser, few, folder)
        if pictures:
            _take(browser, few, many, pictures)


def noises(browser, path):
    """What a page must not do: errors, dialogs, requests."""
    browser.open(path)
    # One more turn, so that what the page began has been told.
    browser.ask("new Date().getTime()")
    faults = []
    for method, parameters in browser.events:
        if method == "Runtime.exceptionThrown":
            faults.append(f"a script failed: {parameters['exceptionDetails']['text']}")
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            faults.append(f"the browser complains: {parameters['entry']['text'][:200]}")
        elif method == "Page.javascriptDialogOpening":
            faults.append(f"a dialog was opened: {parameters['message']}")
        elif method == "Network.requestWillBeSent" and parameters["request"]["url"] != path.resolve().as_uri():
            faults.append(f"something was asked for: {parameters['request']['url'][:200]}")
    return faults


def _quiet(browser, path, name):
    yield f"{name}: no error, no dialog, no request but for itself", noises(browser, path)


def expect(browser, expression, want):
    got = browser.ask(expression)
    return [] if got == want else [f"{expression} is {json.dumps(got)[:300]}, not {json.dumps(want)}"]


def _content(browser):
    yield (
        "hostile text made no element",
        expect(browser, "document.scripts.length", 1)
        + expect(browser, "document.querySelectorAll('img, iframe, object, embed, link, a, base, form[action]').length", 0)
        + expect(
            browser,
            "[...document.querySelectorAll('*')].filter(it => [...it.attributes].some(at => at.name.startsWith('on'))).length",
            0,
        ),
    )
    yield (
        "hostile text is shown as it is, but for what nobody sees",
        expect(browser, "document.querySelector('li.info .title').textContent.startsWith('</script><script>alert(1)</script>\\\\u{1b}[2J')", True),
    )
    yield (
        "an incident is drawn, a dot for each step",
        expect(browser, "document.querySelectorAll('li.critical .timeline circle').length", 5)
        + expect(browser, "document.querySelectorAll('li.critical .steps li').length", 5)
        + expect(
            browser,
            "(() => { const x = [...document.querySelectorAll('li.critical circle')].map(it => it.cx.baseVal.value);"
            " return x.every((one, at) => at === 0 || one > x[at - 1]); })()",
            True,
        ),
    )


def _filters(browser):
    def shown(want):
        return expect(browser, f"{VISIBLE}.length", want)

    def act(function, *words):
        browser.ask(f"({function})({', '.join(map(json.dumps, words))})")

    yield "all that counts is shown at first", shown(5) + expect(browser, "document.getElementById('shown').textContent", "5 of 6")
    act(SET, "words", "cloudtrail ROLE/web")
    yield "words filter, all of them, in any case", shown(1)
    act(SET, "words", "no such words")
    yield "words that are nowhere leave nothing", shown(0)
    act(SET, "words", "")
    act(CLICK, "input[value=high]")
    yield "a severity can be left out", shown(4)
    act(CLICK, "input[value=high]")
    act(SET, "rule", "SSRF-ATTEMPT")
    yield "a rule can be chosen", shown(2)
    act(SET, "rule", "")
    act(CLICK, "#suppressed")
    yield "what is suppressed can be shown", shown(6)
    act(CLICK, "#suppressed")
    act(SET, "sort", "time")
    times = f"{VISIBLE}.map(li => li.dataset.time === '' ? Infinity : Number(li.dataset.time))"
    yield "findings are sorted by time", expect(browser, f"{times}.every((one, at, all) => at === 0 || all[at - 1] <= one)", True)
    act(SET, "sort", "rank")
    yield "and by severity again", expect(browser, f"{VISIBLE}[0].dataset.severity", "critical")
    act(CLICK, "#open")
    yield "all can be opened", expect(browser, f"{VISIBLE}.every(li => li.querySelector('details').open)", True)
    act(CLICK, "#open")
    yield "and closed", expect(browser, f"{VISIBLE}.some(li => li.querySelector('details').open)", False)
    act(CLICK, "button[data-words='nginx']")
    yield "a bar filters by its name", shown(2)
    act(CLICK, "button[data-words='nginx']")
    yield "and back", shown(5)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = browser.ask(ground)
    act(CLICK, "#theme")
    yield "dark and light are two", [] if browser.ask(ground) != before else [f"{before} both times"]
    act(CLICK, "#theme")
    yield "and light again", expect(browser, ground, before)
    browser.ask("dispatchEvent(new Event('beforeprint'))")
    yield "everything is open on paper", expect(browser, f"{VISIBLE}.every(li => li.querySelector('details').open)", True)


def _large(browser, path):
    yield from _quiet(browser, path, "a large page")
    browser.ask(f"({SET})('words', 'fd00:ec2::254')")
    spent = browser.ask(f"(() => {{ const start = performance.now(); ({SET})('words', 'fd00:ec2'); return performance.now() - start; }})()")
    wrong = f"{VISIBLE}.filter(li => !li.textContent.includes('fd00:ec2')).length"
    some = f"{VISIBLE}.length > 100"
    print(f"       a filter over {browser.ask('document.querySelectorAll(`#findings > li`).length')} findings took {spent:.0f} ms")
    yield "a large page is filtered rightly", expect(browser, wrong, 0) + expect(browser, some, True)


def _twins(browser, path, folder):
    text = path.read_text(encoding="utf-8")
    # TEST-NET-1: nobody is there, and there is no network either.
    picture = '<img src="http://192.0.2.1/x.png">'
    policy = text[text.index("<meta http-equiv") : text.index("\n", text.index("<meta http-equiv"))]
    for name, spoiled in (
        ("a script was slipped in", text.replace("<main>", "<main><script>alert(1)</script>", 1)),
        ("its script was changed", text.replace('"use strict";', '"use strict"; // changed', 1)),
        ("a picture was slipped in", text.replace("<main>", f"<main>{picture}", 1)),
        ("its policy was taken off and a script slipped in", text.replace(policy, "").replace("<main>", "<main><script>alert(1)</script>", 1)),
        ("its script throws", text.replace(policy, "").replace('"use strict";', "nowhere();", 1)),
    ):
        twin = folder / "twin.html"
        twin.write_text(spoiled, encoding="utf-8")
        found = [] if spoiled == text else noises(browser, twin)
        yield f"seen when {name}", [] if found else ["nothing was seen"]


def _take(browser, few, many, folder):
    two_open = "[...document.querySelectorAll('li.finding details')].slice(0, 2).forEach((it) => { it.open = true; })"
    for name, path, width, height, scheme, before in (
        ("light", few, 1280, 1500, "light", two_open),
        ("dark", few, 1280, 1500, "dark", two_open),
        ("narrow", few, 420, 1500, "light", two_open),
        ("many", many, 1280, 1300, "light", "0"),
        ("hostile", few, 1280, 1700, "light", "document.querySelector('li.info details').open = true; document.querySelector('li.info').scrollIntoView()"),
    ):
        browser.size(width, height, scheme)
        browser.open(path)
        browser.ask(before)
        browser.picture(folder / f"{name}.png")
    print(f"       pictures are in {folder}")
