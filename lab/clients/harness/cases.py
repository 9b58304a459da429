"""What is tried: the clients, the cases, and which of them meet.

A case is how the service is set up and where the client stands. A cell is one client in one case against one
front, `serve` or `guard`. In front of `guard` the same settings make the `serve` behind it.
"""

from dataclasses import dataclass

FRONTS = ("serve", "guard")

#: Where the client stands: with an endpoint set to a loopback port; without any setting, at the link-local
#: address; or two hops away from it, behind a router.
LOOPBACK, BUILT_IN, ROUTED = "loopback", "built-in", "routed"


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    what: str
    fronts: tuple = FRONTS
    place: str = LOOPBACK
    ipv6: bool = False
    tokens: str = "required"
    v1_disabled: bool = False
    role: bool = True
    hop_limit: int = 1
    #: What happens between two fetches of one client process: None, `restart`, `restart-fresh-key`, `rotate`.
    between: str | None = None
    #: Whether the guard gives the caller credentials.
    granted: bool = True
    #: Whether the guard admits callers from other hosts (`--remote-callers allow`).
    remote: bool = False


CASES = (
    Case("required", "tokens required", "IMDSv2 only, the default."),
    Case("optional", "tokens optional", "The service would answer IMDSv1 too.", tokens="optional"),
    Case(
        "v1-disabled",
        "IMDSv1 off in the client",
        "`AWS_EC2_METADATA_V1_DISABLED=true` in the client's environment.",
        tokens="optional",
        v1_disabled=True,
    ),
    Case(
        "ipv4",
        "built-in address, IPv4",
        "The client has no endpoint setting; the service holds 169.254.169.254 port 80 in the client's namespace.",
        place=BUILT_IN,
    ),
    Case(
        "ipv6",
        "built-in address, IPv6",
        "The same with [fd00:ec2::254], chosen by the client's own IPv6 setting.",
        place=BUILT_IN,
        ipv6=True,
    ),
    Case(
        "restart",
        "restarted, key kept",
        "One client process fetches, the service restarts with the same key file, the client fetches again.",
        between="restart",
    ),
    Case(
        "restart-fresh-key",
        "restarted, key lost",
        "The same with another key: every token from before is worthless.",
        between="restart-fresh-key",
    ),
    Case("role-absent", "no role", "The instance has no role: `iam/` does not exist.", role=False),
    Case(
        "rotating",
        "credentials rotate",
        "One client process fetches, the keys change, a forced refresh must give the other keys.",
        between="rotate",
    ),
    Case(
        "hop-1",
        "behind a router, hop limit 1",
        "Client, router and service are three namespaces; the answer to the token request dies in the router.",
        place=ROUTED,
        remote=True,
    ),
    Case(
        "hop-2",
        "behind a router, hop limit 2",
        "The same with a hop limit that reaches the client.",
        place=ROUTED,
        hop_limit=2,
        remote=True,
    ),
    Case(
        "hop-1-optional",
        "hop limit 1, tokens optional",
        "What a hop limit cannot hold back: a client that goes on without a token.",
        place=ROUTED,
        tokens="optional",
        remote=True,
    ),
    Case(
        "hop-1-v1-disabled",
        "hop limit 1, IMDSv1 off in the client",
        "The same with a client that is told not to.",
        fronts=("serve",),
        place=ROUTED,
        tokens="optional",
        v1_disabled=True,
    ),
    Case(
        "not-granted",
        "credentials not granted",
        "No `--credentials-for`: the guard hides credential paths from this caller.",
        fronts=("guard",),
        granted=False,
    ),
    Case(
        "remote-denied",
        "behind a router, not admitted",
        "The caller is on another host; the guard admits those with `--remote-callers allow` only.",
        fronts=("guard",),
        place=ROUTED,
    ),
)


@dataclass(frozen=True)
class Client:
    name: str
    title: str
    #: The part of `install` that provides it.
    part: str
    #: Command line; `{lab}` is this folder and `{cache}` the folder that `install` fills.
    command: tuple
    #: What the client is for in the table; one sentence.
    what: str
    #: Cases it has no part in, with why.
    skips: tuple = ()
    #: If set, the only cases it has a part in.
    only: tuple = ()
    #: What proves a success: a field of the answer and how it begins.
    proof: tuple = ("access_key", "ASIAONEHOP")


PYTHON = "{cache}/venv/bin/python3"
#: Without the second compiler: a process that lives for one request has no use for it.
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-cp", "{cache}/java/classes:{cache}/java/jars/*", "Client")
#: Where a client that never takes a token shows something.
WITHOUT_TOKEN = (
    *("required", "optional", "ipv4", "ipv6", "role-absent", "hop-1", "hop-1-optional"),
    *("not-granted", "remote-denied"),
)

CLIENTS = (
    Client(
        "curl",
        "curl",
        "",
        ("{lab}/drivers/curl_client",),
        "A script: a token first, a refused token renewed once, nothing without a token.",
    ),
    Client(
        "aws-cli",
        "AWS CLI v2",
        "awscli",
        (PYTHON, "{lab}/drivers/aws_cli.py", "{cache}/awscli"),
        "`aws configure export-credentials`; every fetch is a run of its own.",
    ),
    Client(
        "boto3",
        "boto3",
        "python",
        (PYTHON, "{lab}/drivers/boto3_client.py"),
        "The credentials of one session.",
    ),
    Client(
        "ec2-metadata",
        "ec2-metadata (PyPI)",
        "python",
        (PYTHON, "{lab}/drivers/ec2_metadata_client.py"),
        "`iam_security_credentials` of one object.",
    ),
    Client(
        "cloud-init",
        "cloud-init",
        "cloud-init",
        (PYTHON, "{lab}/drivers/cloud_init.py", "{cache}/cloud-init"),
        "The data source `Ec2` crawls the whole tree; it asks for no credentials.",
        skips=("rotating",),
        proof=("instance_id", "i-"),
    ),
    Client(
        "js",
        "AWS SDK for JavaScript v3",
        "js",
        ("node", "{lab}/js/client.mjs", "{cache}/js"),
        "`fromInstanceMetadata`, one provider.",
    ),
    Client(
        "rust",
        "AWS SDK for Rust",
        "rust",
        ("{cache}/bin/client-rust",),
        "`ImdsCredentialsProvider`, one client.",
    ),
    Client(
        "go",
        "AWS SDK for Go v2",
        "go",
        ("{cache}/bin/client-go",),
        "`ec2rolecreds` over one client of `feature/ec2/imds`, whose version this is.",
    ),
    Client(
        "java",
        "AWS SDK for Java 2",
        "java",
        (*JAVA, "provider"),
        "`InstanceProfileCredentialsProvider`, another one for each fetch.",
    ),
    Client(
        "java-imds",
        "AWS SDK for Java 2, `Ec2MetadataClient`",
        "java",
        (*JAVA, "imds"),
        "One metadata client, which holds its token; it knows no IMDSv1.",
    ),
    Client(
        "curl-v1",
        "curl, IMDSv1 only",
        "",
        ("{lab}/drivers/curl_v1",),
        "A program from before IMDSv2. It shows that the counters would tell.",
        only=WITHOUT_TOKEN,
    ),
    Client(
        "curl-forwarded",
        "curl, through a proxy",
        "",
        ("{lab}/drivers/curl_forwarded",),
        "Every request carries `X-Forwarded-For`, in four letter cases; the token was taken without it.",
        only=("required",),
    ),
)


@dataclass(frozen=True)
class Cell:
    client: Client
    case: Case
    front: str

    @property
    def name(self):
        return f"{self.front}/{self.case.name}/{self.client.name}"


def has_part(client, case, front):
    """Whether the client meets the case at this front."""
    if front not in case.fronts or case.name in client.skips:
        return False
    return not client.only or case.name in client.only


def cells():
    """Every cell, those that wait longest first, so that the end of a run is not one slow client."""
    every = [
        Cell(client, case, front)
        for front in FRONTS
        for case in CASES
        for client in CLIENTS
        if has_part(client, case, front)
    ]
    return sorted(every, key=lambda cell: cell.case.place != ROUTED)
