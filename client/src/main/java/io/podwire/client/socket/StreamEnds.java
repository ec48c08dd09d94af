package io.podwire.client.socket;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.carry.CarryFailure;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** What the Pod tells of its connections, as the JDK's types. */
final class StreamEnds {
  private StreamEnds() {}

  /** The end of the text {@code ADDRESS:PORT}, an IPv6 address in brackets. */
  static InetSocketAddress end(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, colon);
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    // The scope of a link-local address is the Pod's own.
    int scope = host.indexOf('%');
    byte[] address = IpAddress.parse(scope < 0 ? host : host.substring(0, scope)).toBytes();
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address), Integer.parseInt(text.substring(colon + 1)));
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException(text, impossible);
    }
  }

  /** Why there is no connection to there, as a direct one would tell it. */
  static Exception failure(CarryFailure cause, String message, InetSocketAddress to) {
    return switch (cause) {
      case REFUSED -> new ConnectException("Connection refused: " + to);
      case TIMEOUT -> new SocketTimeoutException("Connect timed out: " + to);
      case UNREACHABLE -> new NoRouteToHostException("No route to host: " + to);
      case NAME -> new UnknownHostException(to.getHostString());
      case IN_USE, OTHER -> new SocketException(message + ": " + to);
    };
  }
}
