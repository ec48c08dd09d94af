package io.podwire.agnhost.netexec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;

/** Asks another server, over a new connection or socket each time. */
final class Dialer {
  private static final int TIMEOUT_MILLIS = 5000;
  private static final int LARGEST = 65507;

  private Dialer() {}

  /** The body of {@code http://target/request}, whatever its status. */
  static String http(InetSocketAddress target, String request) throws IOException {
    URI uri = URI.create("http://" + Hostname.of(target) + "/" + request.replace(" ", "%20"));
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setInstanceFollowRedirects(true);
    try (InputStream body =
        connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      return body == null ? "" : new String(body.readAllBytes(), UTF_8);
    } finally {
      connection.disconnect();
    }
  }

  /** The datagram that comes back for one with the request. */
  static String udp(InetSocketAddress target, String request) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      // Connected, so that a closed port shows at once and strangers are not heard.
      socket.connect(target);
      byte[] octets = request.getBytes(UTF_8);
      socket.send(new DatagramPacket(octets, octets.length));
      socket.setSoTimeout(TIMEOUT_MILLIS);
      DatagramPacket answer = new DatagramPacket(new byte[LARGEST], LARGEST);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), UTF_8);
    } catch (SocketTimeoutException e) {
      throw new IOException("reading from udp connection failed. err:'i/o timeout'", e);
    }
  }
}
