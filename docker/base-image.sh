#!/usr/bin/env bash
# Makes the image that the Dockerfile starts from, out of Debian's packages, where no image registry
# is to be had. Does nothing where the image is there. Needs root, debootstrap and Docker.
#
# The programs that a node's Pods use are part of it, so docker/build.sh then needs no network. The
# packed root file system is kept in ${XDG_CACHE_HOME:-~/.cache}/podwire for the next run.
set -euo pipefail

image=debian:bookworm-slim
packages=bind9-dnsutils,ca-certificates,curl,tcpdump
cache=${XDG_CACHE_HOME:-$HOME/.cache}/podwire
packed=$cache/${image//[:\/]/-}-$(dpkg --print-architecture)-$(cksum <<<"$packages" | cut -d' ' -f1).tar.gz

if docker image inspect "$image" >/dev/null 2>&1; then
  exit 0
fi

if [[ ! -s $packed ]]; then
  mkdir -p "$cache"
  work=$(mktemp -d -p "$cache" base.XXXXXX)
  trap 'rm -rf "$work"' EXIT
  for attempt in 1 2 3; do
    if debootstrap --variant=minbase --include="$packages" bookworm "$work/root" \
      >"$work/log" 2>&1 </dev/null; then
      break
    fi
    if ((attempt == 3)); then
      tail -n 20 "$work/log" "$work/root/debootstrap/debootstrap.log" >&2 || true
      echo "docker/base-image.sh: debootstrap failed three times; its last lines are above" >&2
      exit 1
    fi
    rm -rf "$work/root"
  done
  rm -rf "$work"/root/usr/share/{doc,info,locale,man}/* "$work"/root/var/cache/{apt,debconf}/* \
    "$work"/root/var/lib/apt/lists/* "$work"/root/var/log/*.log
  tar -C "$work/root" --numeric-owner -c . | gzip -1 >"$work/packed"
  mv "$work/packed" "$packed"
fi

docker import --change 'CMD ["bash"]' --change 'LABEL io.podwire.base=debootstrap' \
  "$packed" "$image" >/dev/null
echo "$image made from Debian's packages"
