#!/bin/sh
# Sets what the host's folder /etc/twin says, each time the container starts, and runs its program.
set -eu
[ -s /etc/twin/routes ] && ip -batch /etc/twin/routes
[ -s /etc/twin/filter.nft ] && nft -f /etc/twin/filter.nft
: > /run/twin-ready
exec "$@"
