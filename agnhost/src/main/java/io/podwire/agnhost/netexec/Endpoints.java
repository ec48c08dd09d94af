package io.podwire.agnhost.netexec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podwire.agnhost.client.GoDuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The HTTP endpoints, as functions of a request.
 *
 * <p>Thread-safe; calls block while they dial or run a command.
 */
final class Endpoints {

  /** What an endpoint may ask of the process. */
  interface Exit {
    void exit(int code, Duration wait, Duration timeout);
  }

  private final String hostname;
  private final BooleanSupplier ready;
  private final Exit exit;

  Endpoints(String hostname, BooleanSupplier ready, Exit exit) {
    this.hostname = hostname;
    this.ready = ready;
    this.exit = exit;
  }

  Answer answer(Request request) throws IOException, InterruptedException {
    return switch (request.path()) {
      case "/clientip" -> Answer.ok(Hostname.of(request.client()));
      case "/hostname", "/hostName" -> Answer.ok(hostname);
      case "/healthz" ->
          Answer.of(ready.getAsBoolean() ? Answer.OK : Answer.PRECONDITION_FAILED, "");
      case "/header" -> Answer.ok(request.header(request.parameter("key")));
      case "/echo" -> echo(request);
      case "/redirect" -> redirect(request);
      case "/shell" -> shell(request);
      case "/dial" -> dial(request);
      case "/exit" -> exit(request);
      default -> Answer.ok("NOW: " + Instant.now());
    };
  }

  private static Answer echo(Request request) {
    String code = request.parameter("code");
    return code.isEmpty()
        ? Answer.ok(request.parameter("msg"))
        : status(code)
            .map(status -> Answer.of(status, request.parameter("msg")))
            .orElseGet(() -> wrong("code", code, "a status from 200 to 599"));
  }

  private static Answer redirect(Request request) {
    String code = request.parameter("code");
    String location = request.parameter("location");
    return status(code.isEmpty() ? "302" : code)
        .map(status -> new Answer(status, "", Map.of("Location", location)))
        .orElseGet(() -> wrong("code", code, "a status from 200 to 599"));
  }

  private static Optional<Integer> status(String text) {
    return text.matches("[2-5][0-9]{2}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  private static Answer wrong(String parameter, String value, String form) {
    return Answer.of(
        Answer.BAD_REQUEST,
        "argument '" + parameter + "' must be " + form + ", got '" + value + "'");
  }

  private Answer exit(Request request) {
    String code = request.parameter("code");
    if (!code.isEmpty() && !code.matches("[0-9]{1,3}")) {
      return wrong("code", code, "an integer from 0 to 127");
    }
    Optional<Duration> wait = duration(request.parameter("wait"));
    Optional<Duration> timeout = duration(request.parameter("timeout"));
    if (wait.isEmpty() || timeout.isEmpty()) {
      String name = wait.isEmpty() ? "wait" : "timeout";
      return wrong(name, request.parameter(name), "a duration such as 500ms or 2s");
    }
    exit.exit(code.isEmpty() ? 0 : Integer.parseInt(code), wait.get(), timeout.get());
    return Answer.ok("");
  }

  private static Optional<Duration> duration(String text) {
    return text.isEmpty() ? Optional.of(Duration.ZERO) : GoDuration.tryParse(text);
  }

  private static Answer shell(Request request) throws IOException, InterruptedException {
    String longName = request.parameter("shellCommand");
    String command = longName.isEmpty() ? request.parameter("cmd") : longName;
    Process process =
        new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    Map<String, String> result = new LinkedHashMap<>();
    if (!output.isEmpty()) {
      result.put("output", output);
    }
    if (code != 0) {
      result.put("error", "exit status " + code);
    }
    return Answer.of(code == 0 ? Answer.OK : Answer.EXPECTATION_FAILED, JsonText.object(result));
  }

  private static Answer dial(Request request) {
    String host = request.parameter("host");
    String port = request.parameter("port");
    String protocol = request.parameter("protocol");
    String what = request.parameter("request");
    String tries = request.parameter("tries");
    if (!tries.isEmpty() && !tries.matches("[0-9]{1,6}")) {
      return wrong("tries", tries, "a number");
    }
    if (what.isEmpty()) {
      return wrong("request", "", "given");
    }
    boolean udp = protocol.equalsIgnoreCase("udp");
    if (!udp && !protocol.isEmpty() && !protocol.equalsIgnoreCase("http")) {
      return wrong("protocol", protocol, "http or udp");
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xffff) {
      return wrong("port", port, "a number up to 65535");
    }
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      return wrong("host", host, "an address or a name that can be resolved");
    }
    InetSocketAddress target = new InetSocketAddress(address, Integer.parseInt(port));
    return dial(target, udp, what, tries.isEmpty() ? 1 : Integer.parseInt(tries));
  }

  private static Answer dial(InetSocketAddress target, boolean udp, String what, int tries) {
    List<String> responses = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    boolean lastSucceeded = true;
    for (int i = 0; i < tries; i++) {
      try {
        responses.add(udp ? Dialer.udp(target, what) : Dialer.http(target, what));
        lastSucceeded = true;
      } catch (IOException | IllegalArgumentException e) {
        errors.add(String.valueOf(e.getMessage()));
        lastSucceeded = false;
      }
    }
    Map<String, List<String>> result = new LinkedHashMap<>();
    if (!responses.isEmpty()) {
      result.put("responses", responses);
    }
    if (!errors.isEmpty()) {
      result.put("errors", errors);
    }
    return Answer.of(
        lastSucceeded ? Answer.OK : Answer.EXPECTATION_FAILED, JsonText.object(result));
  }
}
