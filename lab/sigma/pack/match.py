"""A small matcher: Sigma rules, as pySigma has read them, against events.

A field is a key of the event, or a path through objects and lists by its dots; one value that fits is enough. Texts are
compared without case, regular expressions with it and anywhere in the value, as Sigma has it. What a rule uses beyond
this is an error, never a miss.
"""

import ipaddress
import re
from dataclasses import dataclass

from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR
from sigma.correlations import SigmaCorrelationRule, SigmaCorrelationType
from sigma.types import (
    SigmaCIDRExpression, SigmaCompareExpression, SigmaNull, SigmaNumber, SigmaRegularExpression, SigmaString,
    SpecialChars,
)

COMPARE = {
    SigmaCompareExpression.CompareOperators.LT: float.__lt__,
    SigmaCompareExpression.CompareOperators.LTE: float.__le__,
    SigmaCompareExpression.CompareOperators.GT: float.__gt__,
    SigmaCompareExpression.CompareOperators.GTE: float.__ge__,
}
WILDCARDS = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}


class Unknown(Exception):
    """A rule uses something that is not known here."""


@dataclass(frozen=True)
class Matcher:
    """The rules of the pack by name."""

    rules: dict

    def matches(self, name: str, case) -> bool:
        """Whether a rule matches an event, or a correlation matches a list of them."""
        rule = self.rules[name]
        if isinstance(rule, SigmaCorrelationRule):
            return self.together(rule, case)
        return any(holds(condition.parsed, case) for condition in rule.detection.parsed_condition)

    def together(self, rule, events) -> bool:
        """A correlation. The time of an event, in seconds, is its key `@time`."""
        names = [reference.reference for reference in rule.rules]
        hits = [(event["@time"], group(rule, event), name, event) for event in events for name in names if self.matches(name, event)]
        within = rule.timespan.seconds
        return any(
            self.enough(rule, names, [hit for hit in hits if hit[1] == first[1] and 0 <= hit[0] - first[0] <= within])
            for first in hits
        )

    @staticmethod
    def enough(rule, names, hits) -> bool:
        """Whether these events of one group, within the time, are what the correlation wants."""
        if rule.type == SigmaCorrelationType.TEMPORAL:
            return {hit[2] for hit in hits} == set(names)
        if rule.type == SigmaCorrelationType.VALUE_COUNT and rule.condition.op.name == "GTE":
            [field] = [rule.condition.fieldref] if isinstance(rule.condition.fieldref, str) else rule.condition.fieldref
            return len({value for hit in hits for value in values(hit[3], field)}) >= rule.condition.count
        raise Unknown(f"{rule.type} {rule.condition}")


def group(rule, event) -> tuple:
    return tuple(tuple(values(event, field)) for field in rule.group_by or ())


def holds(condition, event) -> bool:
    """Whether a condition holds for an event."""
    match condition:
        case ConditionAND():
            return all(holds(part, event) for part in condition.args)
        case ConditionOR():
            return any(holds(part, event) for part in condition.args)
        case ConditionNOT():
            return not holds(condition.args[0], event)
        case ConditionFieldEqualsValueExpression():
            found = values(event, condition.field)
            if isinstance(condition.value, SigmaNull):
                return not found
            return any(fits(condition.value, value) for value in found)
    raise Unknown(type(condition).__name__)


def values(event, field: str) -> list:
    """The values of a field; none if it is not there or null."""
    if isinstance(event, list):
        return [value for part in event for value in values(part, field)]
    if not isinstance(event, dict):
        return []
    if field in event:
        value = event[field]
        return [] if value is None else value if isinstance(value, list) else [value]
    parts = field.split(".")
    for length in range(len(parts) - 1, 0, -1):
        key = ".".join(parts[:length])
        if key in event:
            return values(event[key], ".".join(parts[length:]))
    return []


def fits(wanted, value) -> bool:
    """Whether a value is what is wanted."""
    match wanted:
        case SigmaString():
            pattern = "".join(WILDCARDS[part] if isinstance(part, SpecialChars) else re.escape(str(part)) for part in wanted.s)
            return re.fullmatch(pattern, str(value), re.IGNORECASE | re.DOTALL) is not None
        case SigmaRegularExpression():
            if wanted.flags:
                raise Unknown(f"flags of {wanted.regexp}")
            return re.search(str(wanted.regexp), str(value)) is not None
        case SigmaNumber():
            return str(value) == str(wanted.number)
        case SigmaCompareExpression():
            return COMPARE[wanted.op](float(value), float(wanted.number.number))
        case SigmaCIDRExpression():
            try:
                return ipaddress.ip_address(str(value)) in ipaddress.ip_network(wanted.cidr)
            except ValueError:
                return False
    raise Unknown(type(wanted).__name__)
