package io.podwire.agnhost.netexec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** An HTTP server with a virtual thread for each request. */
final class WebServer implements AutoCloseable {

  /** Answers a request; may block. */
  interface Handler {
    Answer answer(Request request) throws IOException, InterruptedException;
  }

  private final HttpServer server;

  private WebServer(HttpServer server) {
    this.server = server;
  }

  static WebServer start(int port, Handler handler) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> serve(exchange, handler));
    server.start();
    return new WebServer(server);
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void serve(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      System.err.println(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      Request request =
          Request.of(
              exchange.getRequestURI(), exchange.getRequestHeaders(), exchange.getRemoteAddress());
      send(exchange, answer(handler, request));
    }
  }

  private static Answer answer(Handler handler, Request request) {
    try {
      return handler.answer(request);
    } catch (IOException e) {
      return Answer.of(500, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.of(503, "the server is going down");
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    boolean bodiless =
        exchange.getRequestMethod().equals("HEAD") || body.length == 0 || answer.status() == 304;
    exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Waits for open requests for so long. */
  void stop(int seconds) {
    server.stop(seconds);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
