"""nginx as the yardstick: the same answer from `return 200`, and the same forwarding from `proxy_pass`.

Only the program is used. Its configuration, process id and every temporary path are in the run's directory; it stays in
the foreground and ends by its process id.
"""

from __future__ import annotations

import getpass
from pathlib import Path

from .children import Child, Children, free_port, wait_for_port
from .http1 import Address, Answer
from .tools import Tool

WORKERS = 2
BACKLOG = 4096
# Enough for the row with 10,000 idle connections; nginx reserves about 400 bytes for each at the start.
WORKER_CONNECTIONS = 16384
# Headers that nginx writes itself.
OWN_HEADERS = {"content-type", "content-length", "date", "server", "connection"}

MAIN = """\
user {user};
worker_processes {workers};
worker_rlimit_nofile {files};
daemon off;
pid {directory}/nginx.pid;
error_log stderr error;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    server_tokens off;
    keepalive_timeout 0;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    {http}
    server {{
        listen 127.0.0.1:{port} reuseport backlog={backlog};
        {server}
    }}
}}
"""


def quote(text: str) -> str:
    """A value for the configuration. Text that nginx would expand cannot be quoted, and is refused."""
    if "$" in text or "\n" in text:
        raise ValueError(f"`{text[:40]}` cannot be written into an nginx configuration")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def same_answer(answer: Answer) -> str:
    """Directives that answer every request as `answer` does: its body, its content type and its further headers."""
    lines = [f"default_type {quote(answer.headers.get('content-type', 'text/plain'))};"]
    for name, value in answer.headers.items():
        if name not in OWN_HEADERS:
            lines.append(f"add_header {name} {quote(value)} always;")
    lines.append(f"location / {{ return 200 {quote(answer.body.decode())}; }}")
    return "\n        ".join(lines)


def forward(upstream: Address) -> str:
    """Directives that forward every request. HTTP/1.1 with the default `Connection: close`, as the upstream closes."""
    return (
        f"location / {{ proxy_pass http://{upstream[0]}:{upstream[1]}; proxy_http_version 1.1; "
        "proxy_set_header Connection close; }"
    )


def forward_cached(upstream: Address, directory: Path) -> tuple[str, str]:
    """As `forward`, keeping an answer for one second (the shortest time nginx can), apart for each token."""
    http = f"proxy_cache_path {directory}/cache keys_zone=answers:1m;"
    server = (
        "proxy_cache answers; proxy_cache_valid 200 1s; proxy_cache_lock on; "
        'proxy_cache_key "$uri $http_x_aws_ec2_metadata_token"; ' + forward(upstream)
    )
    return http, server


class Nginx:
    """A running nginx."""

    def __init__(self, children: Children, tool: Tool, name: str, server: str, http: str = "") -> None:
        port = free_port()
        directory = children.directory / name
        directory.mkdir()
        config = directory / "nginx.conf"
        config.write_text(
            MAIN.format(
                user=getpass.getuser(),
                workers=WORKERS,
                files=WORKER_CONNECTIONS + 64,
                connections=WORKER_CONNECTIONS,
                directory=directory,
                http=http,
                port=port,
                backlog=BACKLOG,
                server=server,
            )
        )
        argv = [str(tool.path), "-p", str(directory), "-c", str(config), "-e", "stderr"]
        self.child: Child = children.start(name, argv, tool.env)
        self.address: Address = ("127.0.0.1", port)
        wait_for_port(self.child, self.address)
