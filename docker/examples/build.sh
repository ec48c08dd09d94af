#!/usr/bin/env bash
# Builds the images of the examples' servers, podwire/example-{redis,postgresql,visits}:$PODWIRE_TAG
# (default: local), from Debian's packages. Needs Docker and Debian's package archive.
#
#   docker/examples/build.sh [redis|postgresql|visits]...
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
tag=${PODWIRE_TAG:-local}
(($#)) || set -- redis postgresql visits

docker version --format '{{.Server.Version}}' >/dev/null || {
  echo "docker/examples/build.sh: Docker does not answer; start it and run the command again" >&2
  exit 1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for target; do
  image=podwire/example-$target:$tag
  # The host's network: the archive may have a name that only the host knows.
  docker build --network host --target "$target" --tag "$image" "$folder" >"$log" 2>&1 || {
    cat "$log" >&2
    echo "docker/examples/build.sh: $image could not be built; Docker's output is above" >&2
    exit 1
  }
  printf '%s\t%s bytes\n' "$image" "$(docker image inspect --format '{{.Size}}' "$image")"
done
