#!/bin/sh
# Keeps the namespaces that it is in until it is killed.
trap 'exit 0' TERM
while :; do
  sleep 86400 &
  wait $!
done
