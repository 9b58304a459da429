"""The clients, and how each is started. Every driver reads URLs in hex and answers one line for each."""

import os
import shutil
from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    name: str
    #: Head of its column.
    short: str
    language: str
    what: str
    part: str
    command: tuple
    #: Attempts a second on one core, more or less: what goes first, and how URLs are cut into jobs.
    pace: int = 1000
    #: At most this many generated URLs; None is all.
    sample: int | None = None


def _python(name, what, pace=1000):
    command = ("{cache}/urls-venv/bin/python3", "-B", "{lab}/drivers/urls.py", name)
    return Client(name, name, "Python", what, "urls-python", command, pace)


def _curl(name, short, what, *more, **options):
    command = ("{cache}/urls-venv/bin/python3", "-B", "{lab}/drivers/curl.py", name.split()[0], *more)
    return Client(name, short, "C", what, "urls-debian" if more else "urls-python", command, **options)


def _node(name, what):
    command = ("{node}", "--no-deprecation", "--no-warnings", "{lab}/js/urls.mjs", "{cache}/urls-js", name)
    return Client(name, name, "JavaScript", what, "urls-js", command)


def _java(name):
    command = (
        "{java}",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        "{cache}/urls-java",
        "Urls",
        name,
    )
    return Client(
        name,
        {"HttpURLConnection": "URLConn."}.get(name, name),
        "Java",
        "The JDK's own.",
        "urls-java",
        command,
    )


def _rust(name):
    what = "From crates.io, default DNS, without TLS."
    return Client(name, name, "Rust", what, "urls-rust", ("{cache}/bin/urls-rust", name))


def _php(name, short, what):
    folder = "{cache}/urls-debian"
    extensions = f"{folder}/usr/lib/php/20220829"
    php = f"{folder}/usr/bin/php8.2 -n -d extension_dir={extensions} -d extension=curl {{lab}}/drivers/urls.php {name}"
    return Client(
        f"PHP {short}", short, "PHP", what, "urls-debian", ("sh", "-c", f"exec {php} 3<&0 0</dev/null")
    )


def _ruby(name, what):
    folder = "{cache}/urls-debian/usr/lib"
    places = (
        "ruby/vendor_ruby",
        "ruby/3.1.0",
        "x86_64-linux-gnu/ruby/3.1.0",
        "x86_64-linux-gnu/ruby/vendor_ruby/3.1.0",
        "ruby/gems/3.1.0/gems/net-ftp-0.1.4/lib",
    )
    include = ":".join(f"{folder}/{place}" for place in places)
    command = ("env", f"LD_LIBRARY_PATH={folder}/x86_64-linux-gnu", "{cache}/urls-debian/usr/bin/ruby3.1")
    return Client(
        name,
        name,
        "Ruby",
        what,
        "urls-debian",
        (*command, "--disable=gems", "-I", include, "{lab}/drivers/urls.rb", name),
    )


def _perl(name, what):
    command = ("/usr/bin/perl", "-I", "{cache}/urls-debian/usr/share/perl5", "{lab}/drivers/urls.pl", name)
    command = (*command[:3], "-I", "{cache}/urls-debian/usr/lib/x86_64-linux-gnu/perl5/5.36", *command[3:])
    return Client(name, name, "Perl", what, "urls-debian", command)


CLIENTS = [
    _curl("libcurl", "curl", "Debian's library, which its `curl` command is a shell of."),
    _curl("pycurl", "curl 8", "The library that the `pycurl` wheel carries."),
    _curl("command curl", "curl cmd", "Debian's command with its globbing on.", pace=70, sample=1500),
    _curl("wget", "wget", "Debian's command.", "{cache}/urls-debian/usr/bin/wget", pace=150, sample=4000),
    _python("urllib", "`urllib.request.urlopen`."),
    _python("requests", "A `Session`."),
    _python("httpx", "A `Client`.", 500),
    _python("aiohttp", "A `ClientSession`.", 700),
    _node("fetch", "The built-in `fetch`."),
    _node("http.get", "`http.get` or `https.get` of the text."),
    _node("url.parse", "The same of what the older `url.parse` returns."),
    _node("axios", "From npm."),
    _node("undici", "From npm, `request`."),
    Client("net/http", "Go", "Go", "`http.Client`.", "urls-go", ("{cache}/bin/urls-go",)),
    _java("HttpURLConnection"),
    _java("HttpClient"),
    _rust("reqwest"),
    _rust("ureq"),
    _php("streams", "fopen", "`file_get_contents`."),
    _php("curl", "curl ext.", "The curl extension over Debian's library."),
    _ruby("Net::HTTP", "A request for `URI(text)`."),
    _ruby("open-uri", "`URI.parse(text).open`."),
    _perl("HTTP::Tiny", "Perl's own."),
    _perl("LWP", "`LWP::UserAgent`."),
]


def command(client, lab, cache):
    found = {"lab": lab, "cache": cache, "node": shutil.which("node"), "java": shutil.which("java")}
    return [word.format(**found) for word in client.command]


def environment():
    """No variable of a proxy, of a locale or of a user."""
    return {"LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


def missing(client, cache):
    """Why the client cannot run, or None."""
    if not (cache / "installed" / client.part).is_file():
        return f"`install` has not provided `{client.part}`"
    program = command(client, "", cache)[0]
    return None if shutil.which(program) or os.path.exists(program) else f"`{program}` is not there"
