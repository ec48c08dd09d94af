# What the cases of fault-cases call. They run on the machine itself; what begins with a Pod's name
# runs in the Pod's namespaces.

in_pod() {
  pod_pid=$1
  shift
  nsenter -t "$pod_pid" -n -m -u -- "$@"
}
client() { in_pod "$CLIENT_PID" "$@"; }
bystander() { in_pod "$BYSTANDER_PID" "$@"; }
web() { in_pod "$WEB_PID" "$@"; }

# pings COUNT [OPTION…]: an end by -w would repeat lost ones, and without it ping waits for the last
# answer as long as the interval, or two round trips: few are sent further apart.
pings() {
  count=$1
  shift
  interval=0.005
  [ "$count" -gt 20 ] || interval=0.05
  client timeout -s INT 8 ping -q -i "$interval" -c "$count" -W 1 "$@" "$WEB_IP"
}

# Few and patient: for what holds packets for long.
patient() { client timeout -s INT 9 ping -i 0.1 -c "$1" -W 5 "$WEB_IP"; }

traffic() { client python3 "$TRAFFIC" "$@"; }

# fetch PATH [OPTION…]: curl from the web Pod, and its exit code.
fetch() {
  path=$1
  shift
  client curl -sS -m 3 -o /dev/null -w 'time %{time_total} size %{size_download}\n' "$@" \
    "http://$WEB_IP:8080$path"
  echo "exit $?"
}

# Waits until the client's connections have ended on both sides (state 06 is TIME-WAIT, 0A LISTEN):
# what is said last of one belongs to whoever opened it, not to the next fault.
await_ended() {
  until [ -z "$(awk 'NR > 1 && $4 !~ /^(06|0A)$/' "/proc/$CLIENT_PID/net/tcp")" ]; do sleep 0.02; done
}

query() { client dig +tries=1 +time=1 "$@"; }

# api METHOD PATH [BODY]: a merge patch where the method is PATCH.
api() {
  type=application/json
  [ "$1" != PATCH ] || type=application/merge-patch+json
  curl -sS -m 10 --unix-socket "$API" -X "$1" -H "Content-Type: $type" ${3:+-d "$3"} \
    "http://localhost$2"
}

pod() { echo "/api/v1/namespaces/$NS/pods/$1"; }

relabel() { api PATCH "$(pod web)" "{\"metadata\": {\"labels\": {\"app\": \"$1\"}}}" >/dev/null; }

# A Pod that may die.
victim() {
  api POST "/api/v1/namespaces/$NS/pods" '{"apiVersion": "v1", "kind": "Pod",
    "metadata": {"name": "victim", "labels": {"app": "victim"}},
    "spec": {"nodeName": "'"$WEB_NODE"'", "containers": [{"name": "main", "image": "debian",
      "command": ["sleep", "1000"]}]}}' >/dev/null
  until api GET "$(pod victim)" | grep -q '"ready" *: *true'; do sleep 0.1; done
}

# Tries a command until it fails, and says after how many milliseconds.
until_it_fails() {
  begun=$(date +%s%N)
  while "$@" >/dev/null 2>&1; do sleep 0.05; done
  echo "failed after $((($(date +%s%N) - begun) / 1000000)) ms"
}

# Which of the five members reach which.
members() {
  for from in $MEMBERS; do
    for to in $MEMBERS; do
      [ "$from" = "$to" ] || {
        in_pod "${from%@*}" ping -q -c 1 -W 1 "${to#*@}" >/dev/null && echo reached
      } &
    done
  done
  wait
}
