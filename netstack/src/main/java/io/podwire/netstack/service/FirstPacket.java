package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection's first packet as a {@link ServiceProxy} looks at it, and what it decides.
 *
 * <p>Reused for every packet. Not thread-safe; confined to the node's event loop.
 */
public final class FirstPacket {

  private final ServiceTable table;
  private final ProxyNode node;
  private @Nullable Packet packet;
  private IpAddress source = IpAddress.ofIpv4(0);
  private IpAddress destination = source;
  private int destinationPort;
  private long nowMillis;
  private @Nullable ServicePort port;
  private boolean looked;
  private @Nullable ServiceEndpoint endpoint;

  public FirstPacket(ServiceTable table, ProxyNode node) {
    this.table = table;
    this.node = node;
  }

  /** Becomes this packet. */
  public FirstPacket of(Packet first, long now) {
    packet = first;
    source = first.key().source();
    destination = first.key().destination();
    destinationPort = first.key().destinationPort();
    nowMillis = now;
    port = null;
    looked = false;
    endpoint = null;
    return this;
  }

  private Packet packet() {
    if (packet == null) {
      throw new IllegalStateException("of() comes first");
    }
    return packet;
  }

  /** Its tuple as the client has sent it. */
  public FlowKey key() {
    return packet().key();
  }

  /** The packet itself, with the bytes that the client has sent. */
  public Packet whole() {
    return packet();
  }

  public IpAddress source() {
    return source;
  }

  /** Where it is addressed to, after the decision made so far. */
  public IpAddress destination() {
    return destination;
  }

  public int protocol() {
    return key().protocol();
  }

  public int destinationPort() {
    return destinationPort;
  }

  public long nowMillis() {
    return nowMillis;
  }

  public boolean isFromPod() {
    return node.isPod(source);
  }

  /** Whether the node itself has sent it. */
  public boolean isFromNode() {
    return node.isOwn(source);
  }

  public boolean isToNode() {
    return node.isOwn(destination);
  }

  /** The Service port that it is addressed to, or null; one look-up however often it is asked. */
  public @Nullable ServicePort port() {
    if (!looked) {
      port = table.find(key());
      looked = true;
    }
    return port;
  }

  /** Has its source replaced by the node's. */
  public void mark() {
    packet().mark();
  }

  /** Sends its connection there. */
  public Verdict direct(ServiceEndpoint to) {
    endpoint = to;
    destination = to.backend().address();
    destinationPort = to.backend().port();
    return Verdict.ACCEPT;
  }

  public @Nullable ServiceEndpoint endpoint() {
    return endpoint;
  }

  public Verdict drop(DropReason reason) {
    return packet().drop(reason);
  }

  public Verdict reject(DropReason reason) {
    return packet().reject(reason);
  }
}
