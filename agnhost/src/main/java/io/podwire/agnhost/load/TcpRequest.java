package io.podwire.agnhost.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/**
 * A connection, and on it a text and the answer to it.
 *
 * @param text what to send; empty for a mere connection
 * @param expectation the answer is read until it is met, or the connection ends
 */
record TcpRequest(String host, int port, String text, Expectation expectation) implements Request {
  private static final int MOST = 1 << 16;

  @Override
  public String make(int timeoutMillis) throws IOException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    InetAddress address = Resolver.find(host, until);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), HttpConnection.left(until));
      if (text.isEmpty() && expectation.pattern() == null) {
        return "open";
      }
      socket.getOutputStream().write(text.getBytes(UTF_8));
      return answer(socket, until);
    }
  }

  private String answer(Socket socket, long until) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] chunk = new byte[4096];
    while (answer.size() < MOST) {
      socket.setSoTimeout(HttpConnection.left(until));
      int read = in.read(chunk);
      if (read < 0) {
        break;
      }
      answer.write(chunk, 0, read);
      String soFar = answer.toString(UTF_8);
      boolean enough =
          expectation.pattern() == null
              ? soFar.contains("\n")
              : expectation.pattern().matcher(soFar).find();
      if (enough) {
        break;
      }
    }
    return expectation.judge(answer.toString(UTF_8));
  }
}
