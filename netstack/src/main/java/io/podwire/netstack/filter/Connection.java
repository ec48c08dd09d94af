package io.podwire.netstack.filter;

import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A tracked connection: the tuple of its first packet, the tuple that its answers carry, and its
 * state. They differ by more than direction where addresses are translated.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class Connection {

  final FlowKey original;
  final FlowKey answer;
  TcpState tcpState = TcpState.NONE;
  boolean answered;
  boolean confirmed;
  boolean sourceTranslated;
  boolean destinationTranslated;
  final long beganMillis;
  long deadlineMillis;

  /** Its place in the {@link ExpiryWheel}. */
  long wheelSecond = ExpiryWheel.NEVER;

  @Nullable Connection next;
  @Nullable Connection previous;

  Connection(FlowKey firstPacket, long nowMillis) {
    beganMillis = nowMillis;
    original = new FlowKey().copyOf(firstPacket);
    answer = new FlowKey().invert(firstPacket);
  }

  public FlowKey original() {
    return original;
  }

  public FlowKey answer() {
    return answer;
  }

  public TcpState tcpState() {
    return tcpState;
  }

  /** Whether packets have been seen in both directions. */
  public boolean isAnswered() {
    return answered;
  }

  /** Whether some part of the tuple is translated. */
  public boolean isTranslated() {
    return sourceTranslated || destinationTranslated;
  }

  /** Whether its destination is replaced, as that of a connection to a Service is. */
  public boolean isDestinationTranslated() {
    return destinationTranslated;
  }

  /** Directs the connection to another address and port; before its first packet is confirmed. */
  public void translateDestination(IpAddress address, int port) {
    answer.setSource(address);
    if (answer.protocol != IpProtocol.ICMP) {
      answer.sourcePort = port;
    }
    destinationTranslated = true;
  }

  void translateSource(IpAddress address, int port) {
    answer.setDestination(address);
    if (answer.protocol == IpProtocol.ICMP) {
      answer.sourcePort = port;
    } else {
      answer.destinationPort = port;
    }
    sourceTranslated = true;
  }

  @Override
  public String toString() {
    return original + (isTranslated() ? " as " + answer : "") + " " + tcpState;
  }
}
