package io.podwire.client.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/** Makes sockets whose connections come from the Pod. Local addresses are the Pod's to choose. */
final class PodSocketFactory extends SocketFactory {
  private final InetSocketAddress proxy;

  PodSocketFactory(InetSocketAddress proxy) {
    this.proxy = proxy;
  }

  @Override
  public Socket createSocket() {
    return new ThroughThePod(new Proxy(Proxy.Type.SOCKS, proxy));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    Socket socket = createSocket();
    try {
      // Unresolved: the Pod knows other names than this machine.
      socket.connect(InetSocketAddress.createUnresolved(host, port));
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
    return socket;
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket(host.getHostAddress(), port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  /** Gives the JDK's proxy errors the classes that direct connections have. */
  private static final class ThroughThePod extends Socket {

    ThroughThePod(Proxy proxy) {
      super(proxy);
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      try {
        super.connect(endpoint, timeout);
      } catch (SocketException failure) {
        throw translated(endpoint, failure);
      }
    }

    // The JDK gives the reply codes of RFC 1928 as these texts alone (SocksSocketImpl).
    private static IOException translated(SocketAddress endpoint, SocketException failure) {
      String text = String.valueOf(failure.getMessage());
      IOException told =
          switch (text) {
            case "SOCKS: Connection refused" ->
                new ConnectException("Connection refused: " + endpoint);
            case "SOCKS: TTL expired" ->
                new SocketTimeoutException("Connect timed out: " + endpoint);
            case "SOCKS: Network unreachable" ->
                new NoRouteToHostException("No route to host: " + endpoint);
            case "SOCKS: Host unreachable" -> new UnknownHostException(endpoint.toString());
            default -> failure;
          };
      if (told != failure) {
        told.initCause(failure);
      }
      return told;
    }
  }
}
