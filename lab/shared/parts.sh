# Sourced by the `install` of each suite: parts of the cache folder, each with a stamp. A part that is there and whose
# inputs have not changed is left alone. A part that fails is named; the others go on; `conclude` then exits with 1.
# Needs $here, the folder of the suite.
# shellcheck shell=bash
cache=${XDG_CACHE_HOME:-$HOME/.cache}/onehop/lab
mkdir -p "$cache/installed" "$cache/bin"
failed=''

# part NAME FUNCTION INPUT…: runs the function unless the stamp has the digest of this script and the inputs.
part() {
    local name=$1 function=$2 digest
    shift 2
    digest=$(cat "$here/install" "$@" | sha256sum)
    if [ "$(cat "$cache/installed/$name" 2>/dev/null)" = "$digest" ]; then
        echo "$name: there" >&2
        return
    fi
    rm -f "$cache/installed/$name"
    echo "$name: installing" >&2
    if (set -eu; "$function") >"$cache/$name.log" 2>&1; then
        printf '%s\n' "$digest" >"$cache/installed/$name"
    else
        failed="$failed $name"
        echo "error: $name could not be installed" >&2
        tail -n 5 "$cache/$name.log" >&2
    fi
}

# Debian packages are unpacked, never installed. The archive keeps one version of each, so it is not pinned here:
# the page tells which one it was.
unpack() {
    local folder=$1 archives=$1.archives
    shift
    rm -rf "$folder" "$archives"
    mkdir -p "$folder" "$archives/partial"
    set -- -y --no-install-recommends -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=120 \
        -o Dir::Cache::archives="$archives" "$@"
    apt-get "$@" || { apt-get -q update && apt-get "$@"; }
    for archive in "$archives"/*.deb; do
        dpkg -x "$archive" "$folder"
    done
    rm -rf "$archives"
}

# Names what failed and ends the script.
conclude() {
    if [ -n "$failed" ]; then
        echo "error: not installed:$failed" >&2
        echo "hint: the logs are in $cache" >&2
        exit 1
    fi
}
