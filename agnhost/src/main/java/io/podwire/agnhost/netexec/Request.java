package io.podwire.agnhost.netexec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked over HTTP.
 *
 * @param parameters the first value of each
 */
record Request(
    String path, Map<String, String> parameters, Headers headers, InetSocketAddress client) {

  static Request of(URI uri, Headers headers, InetSocketAddress client) {
    return new Request(uri.getPath(), parameters(uri.getRawQuery()), headers, client);
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new HashMap<>();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.split("&")) {
      String[] parts = pair.split("=", 2);
      parameters.putIfAbsent(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      // A lone percent sign is itself.
      return text;
    }
  }

  /** Empty where it was not given. */
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** Empty where it was not sent. */
  String header(String name) {
    String value = name.isEmpty() ? null : headers.getFirst(name);
    return value == null ? "" : value;
  }
}
