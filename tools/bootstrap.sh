# Sourced by ./demo and ./check: finds a Python, makes .venv from the pinned requirements, installs Debian packages.
# Nothing is installed twice: .venv carries the hash of the requirements it was made from.

say() { printf '%s\n' "$*" >&2; }

find_python() {
    local candidate
    for candidate in "${GATEKIT_PYTHON:-}" python3.14 python3.13 python3.12 python3 \
        "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python /usr/local/bin/python3 /opt/python*/bin/python3; do
        [ -n "$candidate" ] || continue
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say "No Python 3.12 or newer was found. Install one and name it: GATEKIT_PYTHON=/path/to/python3 $0"
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# packages NAME...: install those Debian packages that are missing.
packages() {
    local name missing=()
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} = 0 ] && return
    say "Installing Debian packages: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# environment NAME: make .venv hold exactly requirements/NAME.txt and two collections of Ansible; for the tests also
# genie's parsers, without what they ask for and do not need.
environment() {
    local lock="requirements/$1.txt" parsers=() checkout python want stamp=.venv/gatekit-requirements
    [ "$1" != dev ] || parsers=(requirements/genie.txt)
    want=$(cat "$lock" requirements/collections.txt "${parsers[@]}" | sha256sum | cut -d' ' -f1)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
        python=$(find_python)
        if ! "$python" -m ensurepip --version >/dev/null 2>&1; then
            packages "python$("$python" -c 'import sys; print(f"{sys.version_info[0]}.{sys.version_info[1]}")')-venv"
        fi
        say "Making .venv from $lock"
        rm -rf .venv
        "$python" -m venv .venv
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
        [ ${#parsers[@]} = 0 ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
            --no-deps --no-compile -r "${parsers[0]}"
        .venv/bin/python tools/windows_collections.py
        printf '%s\n' "$want" > "$stamp"
    fi
    # Every program of .venv imports gatekit and twin from the checkout itself: .venv/bin/ansible-playbook just works.
    checkout=(.venv/lib/python3.*/site-packages)
    printf '%s\n' "$PWD" > "${checkout[0]}/gatekit_checkout.pth"
    PATH="$PWD/.venv/bin:$PATH"
    export PATH
}
