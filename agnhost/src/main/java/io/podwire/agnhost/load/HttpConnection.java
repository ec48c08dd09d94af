package io.podwire.agnhost.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a web server (RFC 9112), on which requests are made one after another.
 *
 * <p>Not thread-safe.
 */
final class HttpConnection implements AutoCloseable {
  private static final int DEFAULT_PORT = 80;
  private static final int MAX_BODY = 1 << 20;

  private final Socket socket = new Socket();
  private final URI url;
  private final long deadline;
  private final InputStream in;
  private boolean closing;

  /** An answer: the body is cut off after a mebibyte. */
  record Answer(int status, String body) {}

  /** Opens it; of a name's addresses the first is taken, as the resolver gives them. */
  HttpConnection(URI url, int timeoutMillis) throws IOException {
    this.url = url;
    this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    try {
      InetAddress address = Resolver.find(url.getHost(), deadline);
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(address, url.getPort() < 0 ? DEFAULT_PORT : url.getPort()),
          left(deadline));
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  /** When the timeout that the connection was opened with runs out, by {@link System#nanoTime}. */
  long deadline() {
    return deadline;
  }

  /** Whether the server takes no further request on it. */
  boolean isClosing() {
    return closing;
  }

  Answer get(boolean keep, long until) throws IOException {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String request =
        "GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + url.getRawAuthority()
            + "\r\nUser-Agent: agnhost\r\nConnection: "
            + (keep ? "keep-alive" : "close")
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    String status = line(until);
    String[] words = status.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
      throw new IOException("no HTTP answer: " + status);
    }
    closing = !keep;
    long length = -1;
    boolean chunked = false;
    for (String header = line(until); !header.isEmpty(); header = line(until)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring("content-length:".length()).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      } else if (lower.startsWith("connection:")) {
        closing |= lower.contains("close");
      }
    }
    int code = Integer.parseInt(words[1]);
    return new Answer(code, body(code, length, chunked, until));
  }

  private String body(int status, long length, boolean chunked, long until) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (status == 204 || status == 304 || status < 200) {
      return "";
    }
    if (chunked) {
      for (int size = chunk(until); size > 0; size = chunk(until)) {
        read(size, body, until);
        line(until);
      }
      while (!line(until).isEmpty()) {
        // Trailers say nothing here.
      }
    } else if (length >= 0) {
      read(length, body, until);
    } else {
      closing = true;
      for (int octet = octet(until); octet >= 0; octet = octet(until)) {
        keep(octet, body);
      }
    }
    return body.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  private int chunk(long until) throws IOException {
    String size = line(until).replaceFirst("[; ].*", "");
    try {
      return Integer.parseInt(size, 16);
    } catch (NumberFormatException odd) {
      throw new IOException("no size of a chunk: " + size, odd);
    }
  }

  private void read(long length, ByteArrayOutputStream body, long until) throws IOException {
    for (long i = 0; i < length; i++) {
      int octet = octet(until);
      if (octet < 0) {
        throw new EOFException("the connection ended within the body");
      }
      keep(octet, body);
    }
  }

  private static void keep(int octet, ByteArrayOutputStream body) {
    if (body.size() < MAX_BODY) {
      body.write(octet);
    }
  }

  private String line(long until) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = octet(until); octet != '\n'; octet = octet(until)) {
      if (octet < 0) {
        throw new EOFException("the connection ended before the answer");
      }
      line.append((char) octet);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  private int octet(long until) throws IOException {
    if (in.available() == 0) {
      socket.setSoTimeout(left(until));
    }
    return in.read();
  }

  /** Milliseconds until the time; at least one, as zero would mean for ever. */
  static int left(long until) throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException("timed out");
    }
    return (int) Math.min(Integer.MAX_VALUE, left);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // Whatever was wrong with it, it is of no use any more.
    }
  }
}
