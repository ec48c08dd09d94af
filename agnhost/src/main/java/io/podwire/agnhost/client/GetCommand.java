package io.podwire.agnhost.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a URL gives; exit codes are curl's. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Prints the body of an HTTP URL.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:a status below 400",
      "3:not a URL",
      "6:the name does not resolve",
      "7:no connection",
      "22:a status from 400 on",
      "28:no answer in time",
      "56:any other failure"
    })
public final class GetCommand implements Callable<Integer> {
  private static final int MALFORMED = 3;
  private static final int NOT_RESOLVED = 6;
  private static final int NOT_CONNECTED = 7;
  private static final int ERROR_STATUS = 22;
  private static final int TIMED_OUT = 28;
  private static final int BROKEN = 56;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "URL")
  String url = "";

  @Option(
      names = "--timeout",
      defaultValue = "10s",
      description = "For the connection and for each read. Default: ${DEFAULT-VALUE}")
  String timeout = "10s";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME: VALUE")
  List<String> headers = new ArrayList<>();

  /** Where the body goes, octet by octet. */
  OutputStream out = System.out;

  @Override
  public Integer call() {
    Optional<Duration> limit = GoDuration.tryParse(timeout);
    if (limit.isEmpty()) {
      return fail(MALFORMED, "--timeout '" + timeout + "' is no duration; write 500ms or 3s");
    }
    try {
      return fetch((int) Math.min(Integer.MAX_VALUE, limit.get().toMillis()));
    } catch (IllegalArgumentException | MalformedURLException | ClassCastException e) {
      return fail(MALFORMED, "'" + url + "' is no HTTP URL; write http://HOST[:PORT]/PATH");
    } catch (UnknownHostException e) {
      return fail(NOT_RESOLVED, "the name " + e.getMessage() + " does not resolve");
    } catch (SocketTimeoutException e) {
      return fail(TIMED_OUT, url + ": " + e.getMessage());
    } catch (ConnectException | NoRouteToHostException e) {
      return fail(NOT_CONNECTED, url + ": " + e.getMessage());
    } catch (IOException e) {
      return fail(BROKEN, url + ": " + e.getMessage());
    }
  }

  private int fetch(int millis) throws IOException {
    String whole = url.contains("://") ? url : "http://" + url;
    HttpURLConnection connection = (HttpURLConnection) URI.create(whole).toURL().openConnection();
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    for (String header : headers) {
      String[] parts = header.split(":", 2);
      connection.setRequestProperty(parts[0].strip(), parts.length == 2 ? parts[1].strip() : "");
    }
    int status = connection.getResponseCode();
    boolean good = status < HttpURLConnection.HTTP_BAD_REQUEST;
    try (InputStream body = good ? connection.getInputStream() : connection.getErrorStream()) {
      if (body != null) {
        body.transferTo(out);
        out.flush();
      }
    } finally {
      connection.disconnect();
    }
    return good ? 0 : fail(ERROR_STATUS, url + ": status " + status);
  }

  private int fail(int code, String message) {
    PrintWriter error = spec.commandLine().getErr();
    error.println(message);
    error.flush();
    return code;
  }
}
