package io.podwire.client.exec;

import io.podwire.client.api.Resource;
import java.util.List;

/**
 * A program to run in a Pod.
 *
 * @param container empty for the Pod's first
 * @param stdin whether the program gets an input; without one it reads the end at once
 * @param tty whether it runs on a terminal of its own, which joins its output and error
 */
public record ExecRequest(
    String namespace,
    String pod,
    String container,
    List<String> command,
    boolean stdin,
    boolean tty) {

  /** Keeps its own copy of the command. */
  public ExecRequest {
    command = List.copyOf(command);
  }

  /** A program without input and terminal in the Pod's first container. */
  public static ExecRequest of(String namespace, String pod, List<String> command) {
    return new ExecRequest(namespace, pod, "", command, false, false);
  }

  /** The path and query of the exec subresource. */
  String path() {
    StringBuilder path =
        new StringBuilder(Resource.POD.objectPath(namespace, pod)).append("/exec?");
    for (String argument : command) {
      path.append("command=").append(Resource.encode(argument)).append('&');
    }
    if (!container.isEmpty()) {
      path.append("container=").append(Resource.encode(container)).append('&');
    }
    // As kubectl asks: a terminal has one output stream.
    return path.append("stdin=")
        .append(stdin)
        .append("&stdout=true&stderr=")
        .append(!tty)
        .append("&tty=")
        .append(tty)
        .toString();
  }
}
