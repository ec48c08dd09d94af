package io.podwire.agnhost.dig;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a DNS server one question and prints the answer as dig does. */
@Command(
    name = "dig",
    description = "Asks a DNS server, and prints like dig.",
    customSynopsis =
        "agnhost dig [@SERVER] [NAME] [TYPE] [-x ADDRESS] [-p PORT] [-t TYPE] [+short] [+tcp]"
            + " [+search] [+time=SECONDS] [+tries=N] [+bufsize=N] [+[no]edns] [+[no]recurse]"
            + " [+[no]all|cmd|comments|question|answer|authority|additional|stats]",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:an answer came, whatever it says", "1:wrong words", "9:no answer came"})
public final class DigCommand implements Callable<Integer> {
  private static final int USAGE = 1;
  private static final int NO_ANSWER = 9;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(hidden = true)
  List<String> words = new ArrayList<>();

  @Option(names = "--help", usageHelp = true, hidden = true)
  boolean help;

  @Option(names = "--resolv-conf", hidden = true)
  Path resolvConf = Path.of("/etc/resolv.conf");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      int code = run(DigOptions.parse(words), out);
      out.flush();
      return code;
    } catch (DigOptions.UsageFailure | IllegalArgumentException | UnknownHostException e) {
      PrintWriter error = spec.commandLine().getErr();
      error.println("dig: " + e.getMessage());
      error.flush();
      return USAGE;
    }
  }

  private int run(DigOptions options, PrintWriter out) throws UnknownHostException {
    ResolvConf system = ResolvConf.read(resolvConf);
    List<InetSocketAddress> servers = servers(options, system);
    List<DnsName> names =
        options.search ? system.candidates(options.name) : List.of(DnsName.parse(options.name));
    DigPrinter printer = new DigPrinter(out, options.parts);
    if (!options.shortForm) {
      printer.printCommand(words);
    }
    Optional<Exchange> exchange = Optional.empty();
    for (DnsName name : names) {
      exchange = ask(options, servers, name, out);
      if (exchange.isEmpty() || found(exchange.get().answer())) {
        break;
      }
    }
    if (exchange.isEmpty()) {
      out.println(";; no servers could be reached");
      return NO_ANSWER;
    }
    if (options.shortForm) {
      printer.printShort(exchange.get().answer());
    } else {
      printer.print(exchange.get(), ZonedDateTime.now());
    }
    return 0;
  }

  /** Whether the search list need not be followed further. */
  private static boolean found(DnsMessage answer) {
    return answer.rcode() == Rcode.NOERROR && !answer.answers().isEmpty();
  }

  private static List<InetSocketAddress> servers(DigOptions options, ResolvConf system)
      throws UnknownHostException {
    String given = options.server;
    List<InetSocketAddress> servers = new ArrayList<>();
    if (given != null) {
      servers.add(new InetSocketAddress(InetAddress.getByName(given), options.port));
      return servers;
    }
    for (IpAddress each : system.nameservers()) {
      servers.add(new InetSocketAddress(InetAddress.getByAddress(each.toBytes()), options.port));
    }
    return servers;
  }

  private static Optional<Exchange> ask(
      DigOptions options, List<InetSocketAddress> servers, DnsName name, PrintWriter out) {
    DnsMessage query = query(options, name);
    int millis = options.timeoutSeconds * 1000;
    for (int attempt = 0; attempt < options.tries; attempt++) {
      for (InetSocketAddress server : servers) {
        try {
          return Optional.of(exchange(options, server, query, millis, out));
        } catch (IOException e) {
          String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
          out.printf(
              ";; communications error to %s#%d: %s%n",
              server.getAddress().getHostAddress(), server.getPort(), reason);
        }
      }
    }
    return Optional.empty();
  }

  private static Exchange exchange(
      DigOptions options, InetSocketAddress server, DnsMessage query, int millis, PrintWriter out)
      throws IOException {
    if (options.tcp) {
      return Exchange.tcp(server, query, millis);
    }
    Exchange first = Exchange.udp(server, query, millis);
    if (!first.answer().header().isTruncated() || options.ignoreTruncation) {
      return first;
    }
    if (!options.shortForm) {
      out.println(";; Truncated, retrying in TCP mode.");
    }
    return Exchange.tcp(server, query, millis);
  }

  private static DnsMessage query(DigOptions options, DnsName name) {
    DnsHeader header =
        DnsHeader.query(new SecureRandom().nextInt(0x10000)).withRecursionDesired(options.recurse);
    DnsMessage query =
        new DnsMessage(
            header, List.of(Question.of(name, options.type)), List.of(), List.of(), List.of());
    return options.payloadSize == 0 ? query : query.withEdns(Edns.of(options.payloadSize));
  }
}
