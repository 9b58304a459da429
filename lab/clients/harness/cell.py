"""Runs one client in one case and says what came of it.

The outcome is the client's own word, corrected by the service's counters: credentials that came without a token are
`v1`, not `pass`, and credentials from before a restart that the restarted service never gave are `kept`. Beyond the
outcome every cell holds rules that no table can excuse (`rules_broken`): where a token is required no IMDSv1 request
was answered, what the client shows came from the service, a rotation gave other keys.
"""

import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field

from shared.child import Child, Silent
from shared.space import Space, enter

from .cases import ROUTED
from .service import DECISIONS, Service, endpoint, total

HELLO_SECONDS = 20
FETCH_SECONDS = 25
ROTATION_SECONDS = 20
DOWNGRADED = 'onehop_guard_requests_total{version="v1"'


@dataclass
class Result:
    cell: object
    outcome: str
    version: str = ""
    note: str = ""
    broken: list = field(default_factory=list)


def run(cell, binary, lab, cache):
    """The result of the cell; what goes wrong on the way is an outcome of its own, `broken`."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="onehop-lab-") as folder,
            Space(cell.case.place == ROUTED) as space,
        ):
            with Service(binary, cell, space, folder) as service:
                return _with_client(cell, service, space, folder, lab, cache)
    except Exception as error:  # a cell that cannot be run is a failed cell, not a failed run
        detail = getattr(error, "stderr", None) or str(error)
        return Result(cell, "broken", note=f"{type(error).__name__}: {detail}".strip())


def _with_client(cell, service, space, folder, lab, cache):
    home = os.path.join(folder, "home")
    os.mkdir(home)
    child = Child([*enter(space.client), *_command(cell, lab, cache)], _environment(cell, home), folder)
    try:
        hello = json.loads(child.hear(HELLO_SECONDS))
        answers = [_fetch(child)]
        if cell.case.between and answers[0]["ok"]:
            _between(cell, service, answers[0])
            answers.append(_fetch(child))
    finally:
        child.end()
    result = Result(cell, _outcome(cell, answers, service), hello["version"], answers[-1].get("error", ""))
    result.broken = list(rules_broken(cell, answers, service))
    return result


def _command(cell, lab, cache):
    return [word.format(lab=lab, cache=cache) for word in cell.client.command]


def _environment(cell, home):
    """A blank home, and no variable of AWS but those of the case."""
    tools = [os.path.dirname(path) for path in map(shutil.which, ("node", "java")) if path]
    environment = {
        "HOME": home,
        "LANG": "C.UTF-8",
        "PATH": ":".join(["/usr/sbin", "/usr/bin", "/sbin", "/bin", *tools]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if endpoint(cell.case):
        environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = endpoint(cell.case)
    if cell.case.ipv6:
        environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6"
    if cell.case.v1_disabled:
        environment["AWS_EC2_METADATA_V1_DISABLED"] = "true"
    return environment


def _fetch(child):
    child.say("fetch")
    try:
        return json.loads(child.hear(FETCH_SECONDS))
    except Silent as silent:
        if silent.gone:
            raise
        return {"ok": False, "kind": "times-out", "error": str(silent)}


def _between(cell, service, first):
    if cell.case.between == "rotate":
        _await_rotation(service, first["access_key"])
    else:
        service.restart(fresh_key=cell.case.between == "restart-fresh-key")


def _await_rotation(service, old):
    deadline = time.monotonic() + ROTATION_SECONDS
    while service.access_key() == old:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the service kept its keys for {ROTATION_SECONDS} s")
        time.sleep(0.1)


def _outcome(cell, answers, service):
    if cell.case.between and len(answers) < 2:
        return "broken"
    if not answers[-1]["ok"]:
        return answers[-1]["kind"]
    if cell.case.between in ("restart", "restart-fresh-key") and service.reads() < 1:
        return "kept"
    return "v1" if total(service.counters("serve"), "MetadataNoToken") else "pass"


def rules_broken(cell, answers, service):
    """What is wrong whatever the table says."""
    serve = service.counters("serve")
    answered = total(serve, "MetadataNoToken")
    if answered and (cell.case.tokens == "required" or cell.front == "guard"):
        yield f"{answered:.0f} IMDSv1 requests were answered"
    name, start = cell.client.proof
    for answer in answers:
        if (
            answer["ok"]
            and cell.client.name != "curl-forwarded"
            and not str(answer.get(name)).startswith(start)
        ):
            yield f"{name} is {answer.get(name)!r}, not {start}…"
    if cell.case.between == "rotate" and len({answer.get("access_key") for answer in answers}) != len(
        answers
    ):
        yield "the keys did not change"
    # A lost answer leads clients there, and the guard can do nothing about that; its own answers must not.
    if (
        cell.front == "guard"
        and cell.client.name not in ("curl-v1", "curl-forwarded")
        and not lost_answers(cell)
    ):
        downgraded = sum(n for name, n in service.counters("guard").items() if DOWNGRADED in name)
        if downgraded:
            yield f"the client was led to ask {downgraded:.0f} times without a token"
    if cell.client.name == "curl-v1" and cell.case.name == "required":
        yield from _uncounted(cell, service, serve, "MetadataNoTokenRejected", "IMDS-V1")
    if cell.client.name == "curl-forwarded":
        yield from _uncounted(cell, service, serve, None, "IMDS-FORWARDED")
        yield from _wrong_statuses(cell, answers[-1])


def lost_answers(cell):
    """Whether answers to token requests die on their way to the client."""
    return cell.case.place == ROUTED and cell.case.remote and cell.case.hop_limit == 1


def _uncounted(cell, service, serve, counter, code):
    """A denial that no counter shows."""
    if cell.front == "guard":
        counters = service.counters("guard")
        denied = sum(n for name, n in counters.items() if DECISIONS in name and f'code="{code}"' in name)
        if not denied:
            yield f"the guard counted no {code}"
    elif counter and not total(serve, counter):
        yield f"{counter} did not rise"


def _wrong_statuses(cell, answer):
    wanted = {"PUT": "403", "GET": "403", "tokenless GET": "401"} if cell.front == "serve" else {}
    for status in answer.get("statuses", []):
        request, _, code = status.rpartition(":")
        if wanted.get(request, code) != code or code[0] != "4":
            yield f"a forwarded {request} got {code}"
