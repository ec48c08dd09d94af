package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A request that failed, as the Status object that answers it (Kubernetes API conventions). */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient ObjectNode status;

  private ApiException(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.status = status("Failure", message);
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    status.put("code", code);
  }

  int code() {
    return code;
  }

  ObjectNode status() {
    return status;
  }

  static ObjectNode success(Kind kind, String name) {
    ObjectNode status = status("Success", "");
    status.remove("message");
    status.set("details", details(kind, name));
    return status;
  }

  static ApiException of(int code, String reason, String message) {
    return new ApiException(code, reason, message, ManifestJson.object());
  }

  static ApiException badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  static ApiException forbidden(Kind kind, String name, String why) {
    return new ApiException(
        403,
        "Forbidden",
        kind.resource() + " \"" + name + "\" is forbidden: " + why,
        details(kind, name));
  }

  static ApiException notFound(Kind kind, String name) {
    return new ApiException(
        404, "NotFound", kind.resource() + " \"" + name + "\" not found", details(kind, name));
  }

  static ApiException alreadyExists(Kind kind, String name) {
    return new ApiException(
        409,
        "AlreadyExists",
        kind.resource() + " \"" + name + "\" already exists",
        details(kind, name));
  }

  static ApiException conflict(Kind kind, String name, String why) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind.resource() + " \"" + name + "\": " + why,
        details(kind, name));
  }

  /** A revision that the history does not hold any more. */
  static ApiException expired(String message) {
    return of(410, "Expired", message + "; list again and watch from there");
  }

  /** One object with everything wrong with it. */
  static ApiException invalid(Kind kind, String name, List<Problem> problems) {
    String all = problems.stream().map(Problem::message).collect(Collectors.joining("; "));
    ObjectNode details = details(kind, name);
    ArrayNode causes = details.putArray("causes");
    problems.forEach(problem -> addCause(causes, problem.reason(), problem));
    return new ApiException(
        422, "Invalid", kind.name() + " \"" + name + "\" is invalid: " + all, details);
  }

  /** Several objects; the causes' messages name the documents. */
  static ApiException invalid(String summary, List<Problem> problems) {
    ObjectNode details = ManifestJson.object();
    ArrayNode causes = details.putArray("causes");
    problems.forEach(problem -> addCause(causes, problem.reason(), problem));
    return new ApiException(422, "Invalid", summary, details);
  }

  /** What a failure of the registry means to a client. */
  static ApiException of(StoreException failure) {
    String why = String.valueOf(failure.getMessage());
    return switch (failure) {
      case StoreException.AlreadyExists e -> of(409, "AlreadyExists", why);
      case StoreException.NotFound e -> of(404, "NotFound", why);
      case StoreException.Conflict e ->
          of(409, "Conflict", why + "; read it again and repeat the change");
      case StoreException.ClaimTaken e -> of(409, "Conflict", why);
      case StoreException.RevisionGone e -> expired(why);
      case StoreException.Deposed e -> of(503, "ServiceUnavailable", why);
      case StoreException.Unavailable e ->
          of(503, "ServiceUnavailable", "the registry cannot be reached: " + why);
    };
  }

  private static void addCause(ArrayNode causes, Problem.Reason reason, Problem problem) {
    causes
        .addObject()
        .put("reason", reason.text())
        .put("message", problem.message())
        .put("field", problem.field());
  }

  private static ObjectNode status(String outcome, String message) {
    ObjectNode status = ManifestJson.object();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    return status.put("status", outcome).put("message", message);
  }

  private static ObjectNode details(Kind kind, String name) {
    ObjectNode details = ManifestJson.object();
    details.put("name", name);
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    return details.put("kind", kind.plural());
  }
}
