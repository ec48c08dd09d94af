package io.podwire.netstack.filter;

import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;

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
  boolean removed;
  boolean sourceDecided;
  boolean destinationDecided;
  boolean translated;
  long deadlineMillis;

  Connection(FlowKey firstPacket) {
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
    return translated;
  }

  /** Whether its destination is already chosen, so that a later hook leaves it alone. */
  public boolean isDestinationDecided() {
    return destinationDecided;
  }

  /** Directs the connection to another address and port; before its first packet is confirmed. */
  public void translateDestination(IpAddress address, int port) {
    answer.setSource(address);
    if (answer.protocol != IpProtocol.ICMP) {
      answer.sourcePort = port;
    }
    destinationDecided = true;
    translated = true;
  }

  void translateSource(IpAddress address, int port) {
    answer.setDestination(address);
    if (answer.protocol == IpProtocol.ICMP) {
      answer.sourcePort = port;
    } else {
      answer.destinationPort = port;
    }
    sourceDecided = true;
    translated = true;
  }

  @Override
  public String toString() {
    return original + (translated ? " as " + answer : "") + " " + tcpState;
  }
}
