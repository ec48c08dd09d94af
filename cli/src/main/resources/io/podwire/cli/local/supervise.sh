#!/bin/sh
# supervise.sh RUN NAME COMMAND...
#
# Keeps one program of a cluster running, and with it the namespaces that both are in. The program
# is started again a second after it ends, except after exit codes 0 (told to end) and 78 (its
# configuration is wrong). In the folder RUN: NAME.pid is the program, NAME.exits its exit codes.
set -u
run=$1
name=$2
shift 2

child=
stop() {
  trap '' TERM
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
  wait
  exit 0
}
trap stop TERM

while :; do
  "$@" &
  child=$!
  echo "$child" >"$run/$name.pid.new" && mv "$run/$name.pid.new" "$run/$name.pid"
  wait "$child"
  code=$?
  child=
  rm -f "$run/$name.ready" "$run/$name.pid"
  echo "$code" >>"$run/$name.exits"
  case $code in
    0 | 78) exit "$code" ;;
  esac
  echo "supervise: exit code $code; starting again in 1 s" >&2
  sleep 1 &
  wait $!
done
