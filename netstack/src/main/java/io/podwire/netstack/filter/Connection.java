package io.podwire.netstack.filter;

import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A tracked connection: the tuple of its first packet, the tuple that its answers carry, and its
 * state. They differ by more than direction where addresses are translated.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class Connection {

  final Tuple original;
  final Tuple answer;
  boolean answered;
  boolean confirmed;
  boolean removed;
  boolean sourceTranslated;
  boolean destinationTranslated;
  final long beganMillis;
  long deadlineMillis;

  /** Its place in the {@link ExpiryWheel}. */
  int wheelSecond = ExpiryWheel.NEVER;

  @Nullable Connection next;
  @Nullable Connection previous;

  /** Its place in the {@link UnansweredQueue}. */
  @Nullable Connection older;

  @Nullable Connection newer;

  /** What has chosen its destination and may withdraw it, and what was known of that last. */
  private @Nullable Redirection redirection;

  private int revision;

  /** The state's ordinal: with a reference the object would be 8 octets larger. */
  private byte tcpState;

  /** The tuple of one direction, as an entry of the table. */
  static final class Tuple extends FlowKey {

    final Connection connection;

    Tuple(Connection connection) {
      this.connection = connection;
    }
  }

  Connection(FlowKey firstPacket, long nowMillis) {
    beganMillis = nowMillis;
    original = new Tuple(this);
    original.copyOf(firstPacket);
    answer = new Tuple(this);
    answer.invert(firstPacket);
  }

  public FlowKey original() {
    return original;
  }

  public FlowKey answer() {
    return answer;
  }

  public TcpState tcpState() {
    return TcpState.of(tcpState);
  }

  void tcpState(TcpState next) {
    boolean before = isEstablished();
    tcpState = (byte) next.ordinal();
    Redirection by = redirection;
    if (by != null && before != isEstablished()) {
      by.changed(!before);
    }
  }

  private boolean isEstablished() {
    return tcpState == TcpState.ESTABLISHED.ordinal();
  }

  /** It has been entered into the table. */
  void began() {
    Redirection by = redirection;
    if (by != null) {
      by.began();
    }
  }

  /** It has left the table. */
  void ended() {
    Redirection by = redirection;
    if (by != null) {
      by.ended(isEstablished());
    }
  }

  /** What has directed it to where it goes, if that is told of its life. */
  public @Nullable Redirection redirection() {
    return redirection;
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

  /**
   * Whether it is still what its packets belong to: neither removed from the table nor directed to
   * a destination that was withdrawn. Costs two comparisons; time-outs are looked at elsewhere.
   */
  public boolean isAlive() {
    Redirection by = redirection;
    if (by != null && revision != by.revision()) {
      if (!by.leadsTo(answer)) {
        return false;
      }
      revision = by.revision();
    }
    return !removed;
  }

  /**
   * As {@link #translateDestination(IpAddress, int)}, to a destination that may be withdrawn while
   * the connection lasts.
   */
  public void translateDestination(IpAddress address, int port, Redirection by) {
    translateDestination(address, port);
    redirection = by;
    revision = by.revision();
  }

  /** Directs the connection to another address and port; before its first packet is confirmed. */
  public void translateDestination(IpAddress address, int port) {
    answer.setSource(address);
    if (!answer.isIcmp()) {
      answer.sourcePort = port;
    }
    destinationTranslated = true;
  }

  void translateSource(IpAddress address, int port) {
    answer.setDestination(address);
    if (answer.isIcmp()) {
      answer.sourcePort = port;
    } else {
      answer.destinationPort = port;
    }
    sourceTranslated = true;
  }

  @Override
  public String toString() {
    return original + (isTranslated() ? " as " + answer : "") + " " + tcpState();
  }
}
