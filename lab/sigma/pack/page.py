"""docs/sigma.md: what was done with the pack, with figures."""

from importlib.metadata import version

from .steps import LEFT_OUT, Step

TOOLS = (
    "pySigma", "sigma-cli", "pysigma-backend-splunk", "pySigma-backend-elasticsearch", "pySigma-backend-opensearch",
    "pySigma-validators-sigmahq",
)

HEAD = """# The Sigma pack, checked

Made by `lab/sigma/run`, which checks [the pack](../sigma/README.md), converts it, and tries every rule on events.

"""


def render(steps: list[Step]) -> str:
    """The page."""
    lines = [HEAD + "| step | outcome | figures |\n|---|---|---|\n"]
    lines += [f"| {step.name} | {'good' if step.good else '**bad**'} | {step.figures} |\n" for step in steps]
    lines.append("\nChecks that were left out:\n\n| check | why |\n|---|---|\n")
    lines += [f"| `{name}` | {why} |\n" for name, why in LEFT_OUT.items()]
    lines.append("\nWith " + ", ".join(f"{tool} {version(tool)}" for tool in TOOLS) + ".\n")
    return "".join(lines)
