package io.podwire.agent.expose;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.podwire.agent.expose.Exposure.HealthCheck;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers at the node's addresses, at each Service's {@code healthCheckNodePort}, whether this node
 * has ready endpoints of it, as kube-proxy does: 200 or 503, with how many as JSON.
 *
 * <p>Changed by one thread; answers come from others.
 */
final class HealthCheckServers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HealthCheckServers.class);
  private static final int BACKLOG = 64;

  private final List<IpAddress> node;
  private final ExecutorService answers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<InetSocketAddress, HttpServer> servers = new HashMap<>();
  private final Map<Integer, HealthCheck> checks = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param node the node's addresses
   */
  HealthCheckServers(List<IpAddress> node) {
    this.node = List.copyOf(node);
  }

  /** Serves these, and no others any more; a port that is not free is tried again next time. */
  void replace(Map<Integer, HealthCheck> wanted) {
    checks.keySet().retainAll(wanted.keySet());
    checks.putAll(wanted);
    servers
        .entrySet()
        .removeIf(open -> {
          boolean gone = !wanted.containsKey(open.getKey().getPort());
          if (gone) {
            open.getValue().stop(0);
          }
          return gone;
        });
    wanted.forEach((port, check) -> {
      for (IpAddress address : node) {
        InetSocketAddress at = new InetSocketAddress(address.toString(), port);
        if (!servers.containsKey(at)) {
          open(at, check);
        }
      }
    });
  }

  private void open(InetSocketAddress at, HealthCheck check) {
    try {
      HttpServer server = HttpServer.create(at, BACKLOG);
      server.createContext("/", exchange -> answer(exchange, at.getPort()));
      server.setExecutor(answers);
      server.start();
      servers.put(at, server);
    } catch (IOException e) {
      LOG.warn("no health check of Service {} at {}: {}", check.service(), at, e.toString());
    }
  }

  private void answer(HttpExchange exchange, int port) throws IOException {
    try (exchange) {
      HealthCheck check = checks.get(port);
      if (check == null) {
        return;
      }
      byte[] body =
          """
          {
          	"service": {
          		"namespace": "%s",
          		"name": "%s"
          	},
          	"localEndpoints": %d,
          	"serviceProxyHealthy": true
          }\
          """
              .formatted(
                  check.service().namespace(), check.service().name(), check.localEndpoints())
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange
          .getResponseHeaders()
          .set("X-Load-Balancing-Endpoint-Weight", Integer.toString(check.localEndpoints()));
      exchange.sendResponseHeaders(check.localEndpoints() > 0 ? 200 : 503, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    replace(Map.of());
    answers.shutdownNow();
  }
}
