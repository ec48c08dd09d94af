package io.podwire.testkit.testcontainers;

import io.podwire.client.socket.PodSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

// tag: factory
/** For drivers that take a socket factory by its class's name and a text. */
public final class PodSocketsByName extends SocketFactory {
  /** Whose sockets each text stands for. */
  static final Map<String, PodSockets> PODS = new ConcurrentHashMap<>();

  private final SocketFactory sockets;

  public PodSocketsByName(String pod) {
    sockets = Objects.requireNonNull(PODS.get(pod), pod).socketFactory();
  }

  @Override
  public Socket createSocket() throws IOException {
    return sockets.createSocket();
  }

  // end

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return sockets.createSocket(host, port, from, fromPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return sockets.createSocket(host, port, from, fromPort);
  }
}
