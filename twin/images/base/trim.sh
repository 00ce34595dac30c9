#!/bin/sh
# Takes what must not be the same in every machine, or comes from this one, out of the tree ($1).
set -eu
tree=$1
rm -f "$tree"/etc/ssh/ssh_host_* "$tree"/etc/resolv.conf "$tree"/etc/hostname
: > "$tree"/etc/machine-id
