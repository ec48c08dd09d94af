#!/bin/sh
# A member of a ZooKeeper ensemble: zookeeper.sh ID HOST...; the first HOST has ID 1.
set -eu
id=$1
shift
folder=/tmp/store
mkdir -p "$folder"
echo "$id" >"$folder/myid"
{
  echo "dataDir=$folder"
  echo clientPort=2181
  echo tickTime=500
  echo initLimit=20
  echo syncLimit=4
  # The others know it by a Service's address, which is not its own.
  echo quorumListenOnAllIPs=true
  echo admin.enableServer=false
  echo 4lw.commands.whitelist=srvr,ruok
  number=0
  for host; do
    number=$((number + 1))
    echo "server.$number=$host:2888:3888"
  done
} >"$folder/zoo.cfg"
exec java -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -Dlogback.configurationFile=/opt/podwire/zookeeper/logback.xml -cp '/opt/podwire/lib/*' \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$folder/zoo.cfg"
