package io.podwire.controlplane.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of routes. Filled once, then read by any thread. */
final class Router {

  private final List<Route> routes = new ArrayList<>();

  private record Route(String method, List<String> pattern, Handler handler) {

    /** What the placeholders stand for; null where the path is another. */
    @Nullable Map<String, String> match(List<String> path) {
      if (path.size() != pattern.size()) {
        return null;
      }
      Map<String, String> parameters = new HashMap<>();
      for (int i = 0; i < path.size(); i++) {
        String expected = pattern.get(i);
        if (expected.startsWith("{")) {
          parameters.put(expected.substring(1, expected.length() - 1), path.get(i));
        } else if (!expected.equals(path.get(i))) {
          return null;
        }
      }
      return parameters;
    }
  }

  /** Adds a route; {@code {name}} stands for any one segment. */
  Router add(String method, String pattern, Handler handler) {
    routes.add(new Route(method, List.of(pattern.substring(1).split("/", -1)), handler));
    return this;
  }

  /** Hands the request to its route; no such path is 404, no such method there 405. */
  void dispatch(Request request, Exchange exchange) throws Exception {
    TreeSet<String> methods = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = Optional.ofNullable(route.match(request.path()));
      if (parameters.isPresent()) {
        if (route.method().equals(request.method())) {
          route.handler().handle(request.withParameters(parameters.get()), exchange);
          return;
        }
        methods.add(route.method());
      }
    }
    String path = "/" + String.join("/", request.path());
    if (methods.isEmpty()) {
      throw ApiException.of(404, "NotFound", "the server has nothing at " + path);
    }
    throw ApiException.of(
        405,
        "MethodNotAllowed",
        request.method()
            + " is not supported at "
            + path
            + "; use "
            + String.join(" or ", methods));
  }
}
