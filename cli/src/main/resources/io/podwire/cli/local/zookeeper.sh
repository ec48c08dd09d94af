#!/bin/sh
# A member of a ZooKeeper ensemble, for Pods: zookeeper ID HOST...
# The first HOST is the member with ID 1. What is stored outlives the program, not the cluster.
set -eu
id=$1
shift
folder='@TEMPORARY@'/zookeeper-$(hostname)
mkdir -p "$folder"
echo "$id" >"$folder/myid"
{
  echo "dataDir=$folder"
  echo clientPort=2181
  # Ticks of 500 ms: a leader without followers steps down after 2 s.
  echo tickTime=500
  echo initLimit=20
  echo syncLimit=4
  echo quorumListenOnAllIPs=true
  echo admin.enableServer=false
  echo 4lw.commands.whitelist=srvr,ruok,mntr
  number=0
  for host; do
    number=$((number + 1))
    echo "server.$number=$host:2888:3888"
  done
} >"$folder/zoo.cfg"
# A member that comes back is heard at once, not with the pauses of one that has been away for long.
exec '@JAVA@' '@@OPTIONS@' -XX:TieredStopAtLevel=1 -Xmx96m \
  -Dzookeeper.cnxTimeout=1000 -Dzookeeper.fastleader.maxNotificationInterval=1000 \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$folder/zoo.cfg"
