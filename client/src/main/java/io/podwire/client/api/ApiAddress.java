package io.podwire.client.api;

import io.podwire.client.failure.InvalidArgument;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a control plane's HTTP API is served. */
public sealed interface ApiAddress {

  /** The form that {@link #parse} takes. */
  String text();

  /** The Host header of requests to it. */
  String hostHeader();

  /** A unix domain socket of a local cluster. */
  record Unix(Path socket) implements ApiAddress {
    @Override
    public String text() {
      return "unix:" + socket;
    }

    @Override
    public String hostHeader() {
      return "localhost";
    }
  }

  /** An address and port reached over TCP, without TLS. */
  record Tcp(String host, int port) implements ApiAddress {
    @Override
    public String text() {
      return "http://" + hostHeader();
    }

    @Override
    public String hostHeader() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /**
   * Reads {@code unix:/path} or {@code http://host:port}.
   *
   * @throws InvalidArgument naming the value and both forms
   */
  static ApiAddress parse(String text) {
    if (text.startsWith("unix:")) {
      String path = text.substring("unix:".length());
      if (!path.isEmpty()) {
        return new Unix(Path.of(path.startsWith("//") ? path.substring(2) : path));
      }
    } else if (text.startsWith("http://")) {
      try {
        URI uri = new URI(text);
        String host = uri.getHost();
        boolean bare = uri.getPath().isEmpty() || uri.getPath().equals("/");
        if (host != null && bare && uri.getPort() != 0 && uri.getPort() <= 65535) {
          String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
          return new Tcp(plain, uri.getPort() < 0 ? 80 : uri.getPort());
        }
      } catch (URISyntaxException malformed) {
        throw malformed(text, malformed);
      }
    }
    throw malformed(text, null);
  }

  private static InvalidArgument malformed(String text, @Nullable Throwable cause) {
    return new InvalidArgument(
        "--server \"" + text + "\" is no API address: use http://HOST:PORT or unix:/PATH", cause);
  }
}
