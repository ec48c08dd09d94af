package io.podwire.agnhost.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Tries one connection: silent and 0 where it opens, else a word on standard error and 1.
 *
 * <p>TIMEOUT is what a dropped packet looks like, REFUSED a rejected one, DNS a name that does not
 * resolve; OTHER is any other network error and UNKNOWN a bad argument.
 */
@Command(
    name = "connect",
    mixinStandardHelpOptions = true,
    description = "Tries a connection; prints TIMEOUT, REFUSED, DNS or OTHER where it fails.")
public final class ConnectCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "HOST:PORT")
  String target = "";

  @Option(
      names = "--timeout",
      defaultValue = "0",
      description = "Such as 500ms or 3s; 0 waits as long as the kernel does.")
  String timeout = "0";

  @Option(names = "--protocol", defaultValue = "tcp", description = "tcp or udp")
  String protocol = "tcp";

  @Option(
      names = "--udp-data",
      defaultValue = "hostname",
      description = "What to send over UDP, where an answer is waited for.")
  String udpData = "hostname";

  @Override
  public Integer call() {
    Optional<String> failure = failure();
    PrintWriter error = spec.commandLine().getErr();
    failure.ifPresent(error::println);
    error.flush();
    return failure.isPresent() ? 1 : 0;
  }

  private Optional<String> failure() {
    Optional<Duration> limit = GoDuration.tryParse(timeout);
    if (limit.isEmpty()) {
      return Optional.of("UNKNOWN: --timeout '" + timeout + "' is no duration; write 500ms or 3s");
    }
    int colon = target.lastIndexOf(':');
    String digits = target.substring(colon + 1);
    if (colon < 0 || !digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 0xffff) {
      return Optional.of("UNKNOWN: '" + target + "' has no port; write HOST:PORT");
    }
    String host = target.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
    int port = Integer.parseInt(digits);
    int millis = (int) Math.min(Integer.MAX_VALUE, limit.get().toMillis());
    return switch (protocol.toLowerCase(Locale.ROOT)) {
      case "tcp" -> attempt(host, port, address -> tcp(address, millis));
      case "udp" -> attempt(host, port, address -> udp(address, millis));
      default -> Optional.of("UNKNOWN: --protocol '" + protocol + "' is neither tcp nor udp");
    };
  }

  private interface Attempt {
    void open(InetSocketAddress address) throws IOException;
  }

  /** Each address of the name in turn, as resolvers give them. */
  private static Optional<String> attempt(String host, int port, Attempt attempt) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      return Optional.of("DNS: " + e.getMessage());
    }
    Optional<String> failure = Optional.empty();
    for (InetAddress address : addresses) {
      try {
        attempt.open(new InetSocketAddress(address, port));
        return Optional.empty();
      } catch (IOException e) {
        failure = Optional.of(word(e));
      }
    }
    return failure;
  }

  private static void tcp(InetSocketAddress address, int millis) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address, millis);
    }
  }

  private void udp(InetSocketAddress address, int millis) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address);
      socket.setSoTimeout(millis);
      byte[] octets = (udpData + "\n").getBytes(UTF_8);
      socket.send(new DatagramPacket(octets, octets.length));
      socket.receive(new DatagramPacket(new byte[1024], 1024));
    }
  }

  private static String word(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof SocketTimeoutException || message.contains("timed out")) {
      return "TIMEOUT";
    }
    if (failure instanceof PortUnreachableException
        || failure instanceof ConnectException && message.contains("refused")) {
      return "REFUSED";
    }
    return "OTHER: " + message;
  }
}
