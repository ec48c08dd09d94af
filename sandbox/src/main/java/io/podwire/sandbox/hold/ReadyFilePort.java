package io.podwire.sandbox.hold;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Answers the node's readiness probe by whether a file is there: for who knows more of the Pod's
 * programs than a port tells, such as a container runtime of their health. Thread-safe.
 */
final class ReadyFilePort implements AutoCloseable {
  /** Not one that workloads have: kube-proxy's health is told there. */
  static final int PORT = 10_256;

  static final String PATH = "/ready";

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final int NO_BODY = -1;

  private final HttpServer server;

  private ReadyFilePort(HttpServer server) {
    this.server = server;
  }

  /** Serves on all of the namespace's addresses: there are none but the Pod's. */
  static ReadyFilePort open(Path file) {
    return open(file, PORT);
  }

  static ReadyFilePort open(Path file, int port) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      server.createContext(
          PATH,
          exchange -> {
            try (exchange) {
              exchange.sendResponseHeaders(Files.exists(file) ? OK : UNAVAILABLE, NO_BODY);
            }
          });
      server.start();
      return new ReadyFilePort(server);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " cannot be had: " + e.getMessage(), e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
