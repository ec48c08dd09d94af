package io.podwire.controlplane.boot;

import java.util.List;

/** The process cannot start as it was told to; each problem names a key, a value and a fix. */
final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  StartupException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  StartupException(String problem) {
    this(List.of(problem));
  }

  List<String> problems() {
    return problems;
  }
}
