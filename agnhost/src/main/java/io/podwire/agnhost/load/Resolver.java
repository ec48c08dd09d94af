package io.podwire.agnhost.load;

import io.podwire.agnhost.dig.Lookup;
import io.podwire.packet.dns.Rcode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds names' addresses as the C library does: {@code /etc/hosts}, then the name server with the
 * search list, asked twice. The JDK asks for one name only once at a time, which a slow server
 * makes into a queue.
 */
final class Resolver {
  private static final Path HOSTS = Path.of("/etc/hosts");
  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|.*:.*|\\[.*]");
  private static final int TRIES = 2;
  private static final int TRY_MILLIS = 5_000;

  private Resolver() {}

  /**
   * The first address.
   *
   * @param until by {@link System#nanoTime}
   */
  static InetAddress find(String host, long until) throws IOException {
    if (LITERAL.matcher(host).matches()) {
      return InetAddress.getByName(host);
    }
    for (String line : Files.exists(HOSTS) ? Files.readAllLines(HOSTS) : List.<String>of()) {
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
      if (Arrays.asList(words).subList(1, words.length).contains(host)) {
        return InetAddress.getByName(words[0]);
      }
    }
    return ask(host, until);
  }

  private static InetAddress ask(String host, long until) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int patience = Math.min(TRY_MILLIS, HttpConnection.left(until));
      try {
        for (String type : List.of("A", "AAAA")) {
          Lookup.Answer answer = Lookup.of(RESOLV_CONF, type).ask(host, patience);
          if (!answer.records().isEmpty()) {
            return InetAddress.getByName(answer.records().getFirst());
          }
          if (answer.rcode() != Rcode.NOERROR) {
            throw new UnknownHostException(host);
          }
        }
        throw new UnknownHostException(host);
      } catch (SocketTimeoutException late) {
        // Once more, while there is time.
      }
    }
    throw new UnknownHostException(host);
  }
}
