package io.podwire.dns.corefile;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a Corefile, all of it, each with its place. Not thread-safe. */
public final class Problems {
  private final List<String> lines = new ArrayList<>();

  /** Adds a problem of the line that a token stands in. */
  public void add(Token at, String problem) {
    String line = at.place() + ": " + problem;
    if (!lines.contains(line)) {
      lines.add(line);
    }
  }

  /** Adds a problem of a file as a whole. */
  public void add(String file, String problem) {
    lines.add(file + ": " + problem);
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** In the order in which they were found. */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
