package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import io.podwire.linux.Tap;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A data path that only remembers what is attached. */
public final class RecordingNetwork implements PodNetwork {

  private final Map<ObjectName, IpAddress> attached = new ConcurrentHashMap<>();
  private final Map<ObjectName, Tap> taps = new ConcurrentHashMap<>();

  @Override
  public NodeNetwork node() {
    return new NodeNetwork(
        IpAddress.parse("127.0.0.1"),
        Cidr.parse("10.244.1.0/24"),
        IpAddress.parse("10.244.1.1"),
        1450,
        IpAddress.parse("10.96.0.10"),
        "cluster.local",
        Path.of("/etc/resolv.conf"));
  }

  @Override
  public void attach(ObjectName pod, IpAddress ip, MacAddress mac, Tap tap) {
    attached.put(pod, ip);
    taps.put(pod, tap);
  }

  @Override
  public void detach(ObjectName pod) {
    attached.remove(pod);
    taps.remove(pod);
  }

  public Map<ObjectName, IpAddress> attached() {
    return Map.copyOf(attached);
  }
}
