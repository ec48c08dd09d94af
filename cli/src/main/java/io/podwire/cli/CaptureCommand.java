package io.podwire.cli;

import io.podwire.cli.capture.CaptureRequest;
import io.podwire.cli.capture.CaptureStream;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cli.terminal.LibcTerminal;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiResponse;
import io.podwire.client.api.Resource;
import io.podwire.cluster.fault.GoDuration;
import io.podwire.packet.filter.CaptureFilter;
import io.podwire.packet.filter.FilterSyntaxException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sun.misc.Signal;

/** {@code podwire capture}: the packets of a Pod's link or of a node's uplink. */
@Command(
    name = "capture",
    description = {
      "Show the packets of a Pod, or those that a node exchanges with other nodes.",
      "Each as one line, or with -w as pcapng for Wireshark: "
          + "podwire capture web -w - | tshark -r -",
      "Packets that a fault or the network drops on that link say so."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class CaptureCommand extends Invocation implements Callable<Integer> {
  private static final String NODE = "node/";
  private static final String POD = "pod/";
  private static final String STANDARD_OUTPUT = "-";
  private static final int BUFFER = 256 * 1024;

  @Parameters(paramLabel = "POD|node/NAME", description = "the Pod's name, or a node's")
  String target = "";

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "default: ${DEFAULT-VALUE}")
  String namespace = "";

  @Option(
      names = "--filter",
      paramLabel = "EXPR",
      defaultValue = "",
      description = "as in pcap-filter(7), such as 'tcp port 80 and not host 10.244.1.3'")
  String filter = "";

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      description = "write pcapng to the file; - is the standard output")
  @Nullable String file;

  @Option(
      names = {"-c", "--count"},
      description = "end after so many packets")
  @Nullable Long count;

  @Option(names = "--duration", paramLabel = "T", description = "end after this time, such as 10s")
  @Nullable String duration;

  @Option(
      names = "--snaplen",
      paramLabel = "OCTETS",
      description = "keep so much of each packet (default: all)")
  @Nullable Integer snapLength;

  @Override
  public Integer call() {
    String path = path();
    if (STANDARD_OUTPUT.equals(file) && LibcTerminal.isTerminal(LibcTerminal.STDOUT)) {
      throw wrong("-w -: the standard output is a terminal; add | tshark -r - or > FILE");
    }
    try (ApiClient api = podwire().connect();
        ApiResponse response = api.stream(path)) {
      CaptureStream capture = new CaptureStream(response.body());
      for (String signal : new String[] {"INT", "TERM"}) {
        Signal.handle(new Signal(signal), received -> stop(capture, response));
      }
      err().println("capturing packets of " + target + "; Ctrl-C ends it");
      err().flush();
      return take(capture);
    } catch (IOException failure) {
      throw new CommandFailure("the capture broke off: " + failure.getMessage(), failure);
    }
  }

  private Integer take(CaptureStream capture) throws IOException {
    String written = file;
    // Not before the server has agreed: a wrong name leaves an earlier capture as it is.
    try (OutputStream sink = written == null ? null : open(written)) {
      if (sink == null) {
        capture.print(out(), ZoneId.systemDefault());
      } else {
        capture.write(sink);
      }
    } finally {
      err().println(capture.summary());
      err().flush();
    }
    if (!capture.end().isEmpty()) {
      throw new CommandFailure("the capture has ended: " + capture.end());
    }
    return ExitCode.OK;
  }

  private static OutputStream open(String file) throws IOException {
    if (file.equals(STANDARD_OUTPUT)) {
      return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
    }
    try {
      return new BufferedOutputStream(new FileOutputStream(file), BUFFER);
    } catch (IOException failure) {
      throw new CommandFailure("-w " + failure.getMessage(), failure);
    }
  }

  private static void stop(CaptureStream capture, ApiResponse response) {
    capture.stop();
    try {
      response.close();
    } catch (IOException closedAnyway) {
      // Whoever reads from it finds out.
    }
  }

  /** The request, or what is wrong with the command line. */
  private String path() {
    try {
      CaptureFilter.parse(filter);
    } catch (FilterSyntaxException wrong) {
      throw wrong("--" + wrong.getMessage());
    }
    if (count != null && count < 1) {
      throw wrong("--count " + count + ": give a number of packets, 1 or more");
    }
    if (snapLength != null && snapLength < 1) {
      throw wrong("--snaplen " + snapLength + ": give a number of octets, 1 or more");
    }
    requireDuration();
    String object =
        target.startsWith(NODE)
            ? Resource.NODE.objectPath("", target.substring(NODE.length()))
            : Resource.POD.objectPath(
                namespace, target.startsWith(POD) ? target.substring(POD.length()) : target);
    return new CaptureRequest(object, filter, count, duration, snapLength).path();
  }

  private void requireDuration() {
    String text = duration;
    if (text == null) {
      return;
    }
    try {
      if (GoDuration.parse(text).isPositive()) {
        return;
      }
    } catch (IllegalArgumentException wrong) {
      throw wrong("--duration \"" + text + "\" " + wrong.getMessage());
    }
    throw wrong("--duration \"" + text + "\" is not more than 0");
  }

  private static CommandFailure wrong(String message) {
    return new CommandFailure(message, ExitCode.USAGE, null);
  }
}
