package io.podwire.agnhost.load;

import io.podwire.agnhost.client.GoDuration;
import io.podwire.agnhost.dig.Lookup;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes requests at a steady rate and prints one line of JSON for each. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "Makes requests at a steady rate; prints a line of JSON for each.",
    customSynopsis = "agnhost load --type http|stream|tcp|dns|exec [OPTION...] TARGET [ARG...]")
public final class LoadCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--type",
      defaultValue = "http",
      description = {
        "http: a GET, each on a connection of its own; stream: GETs on connections that are kept;",
        "tcp: a connection, and --send on it; dns: a name's addresses; exec: a program"
      })
  String type = "http";

  @Option(
      names = "--rate",
      defaultValue = "10",
      description = "Requests a second; 0: as fast as they are answered. Default: 10")
  double rate = 10;

  @Option(
      names = "--concurrency",
      defaultValue = "16",
      description = "Requests under way at once, at most. Default: 16")
  int concurrency = 16;

  @Option(
      names = "--timeout",
      defaultValue = "5s",
      description = "For a whole request. Default: 5s")
  String timeout = "5s";

  @Option(names = "--duration", defaultValue = "0", description = "0, the default: for ever")
  String duration = "0";

  @Option(names = "--send", defaultValue = "", description = "Of type tcp: what to send.")
  String send = "";

  @Option(
      names = "--expect",
      defaultValue = "",
      description = "A regular expression that has to be found in the answer.")
  String expect = "";

  @Option(names = "--record", defaultValue = "A", description = "Of type dns. Default: A")
  String recordType = "A";

  @Parameters(arity = "1..*", paramLabel = "TARGET")
  List<String> target = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    if (rate < 0 || concurrency < 1) {
      throw wrong("--rate must be 0 or more, --concurrency 1 or more");
    }
    LoadLoop.Pace pace =
        new LoadLoop.Pace(
            rate,
            concurrency,
            (int) Math.clamp(duration("--timeout", timeout).toMillis(), 1, Integer.MAX_VALUE),
            duration("--duration", duration).toNanos());
    PrintWriter out = spec.commandLine().getOut();
    try (Request request = request()) {
      new LoadLoop(request, pace, outcome -> print(out, outcome)).run();
    }
    return 0;
  }

  private static void print(PrintWriter out, Outcome outcome) {
    synchronized (out) {
      out.println(outcome.json());
      // The reader may be the one who judges what goes on at this moment.
      out.flush();
      if (out.checkError()) {
        // Nobody reads any more: the load is of no use.
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private Request request() {
    Expectation expectation;
    try {
      expectation = Expectation.of(expect);
    } catch (PatternSyntaxException odd) {
      throw wrong("--expect: " + odd.getDescription());
    }
    String first = target.getFirst();
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "http" -> new HttpRequest(url(first), expectation);
      case "stream" -> new StreamRequest(url(first), expectation);
      case "tcp" -> tcp(first, expectation);
      case "dns" -> dns(first, expectation);
      case "exec" -> new ExecRequest(List.copyOf(target), expectation);
      default -> throw wrong("--type '" + type + "' is none of http, stream, tcp, dns, exec");
    };
  }

  private Request dns(String name, Expectation expectation) {
    try {
      Lookup lookup = Lookup.of(Path.of("/etc/resolv.conf"), recordType);
      return new DnsRequest(lookup, name, expectation);
    } catch (IllegalArgumentException odd) {
      throw wrong(String.valueOf(odd.getMessage()));
    }
  }

  private Request tcp(String address, Expectation expectation) {
    int colon = address.lastIndexOf(':');
    String digits = address.substring(colon + 1);
    if (colon < 0 || !digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 0xffff) {
      throw wrong("'" + address + "' has no port; write HOST:PORT");
    }
    return new TcpRequest(address.substring(0, colon), Integer.parseInt(digits), send, expectation);
  }

  private URI url(String text) {
    try {
      URI url = URI.create(text.contains("://") ? text : "http://" + text);
      if ("http".equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException odd) {
      // Told below.
    }
    throw wrong("'" + text + "' is no HTTP URL; write http://HOST[:PORT]/PATH");
  }

  private Duration duration(String option, String text) {
    return GoDuration.tryParse(text)
        .orElseThrow(() -> wrong(option + " '" + text + "' is no duration; write 500ms or 3s"));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
