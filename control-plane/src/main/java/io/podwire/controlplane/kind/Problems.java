package io.podwire.controlplane.kind;

import io.podwire.controlplane.kind.Problem.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects everything wrong with one manifest, at most one problem for each field: a field of the
 * wrong type is not also reported as missing. Not thread-safe.
 */
public final class Problems {

  private final List<Problem> found = new ArrayList<>();
  private final Set<String> fields = new HashSet<>();

  public void invalid(Field field, String sentence) {
    add(Reason.INVALID, field, sentence);
  }

  public void required(Field field, String fix) {
    add(Reason.REQUIRED, field, "is required; " + fix);
  }

  public void forbidden(Field field, String sentence) {
    add(Reason.FORBIDDEN, field, sentence);
  }

  public void duplicate(Field field, String sentence) {
    add(Reason.DUPLICATE, field, sentence);
  }

  public void add(Reason reason, Field field, String sentence) {
    if (field.path().isEmpty()) {
      found.add(new Problem(reason, "", sentence));
    } else if (fields.add(field.path())) {
      found.add(new Problem(reason, field.path(), field.path() + ": " + sentence));
    }
  }

  /** Takes over every problem of another collection. */
  public void addAll(Problems other) {
    for (Problem problem : other.found) {
      if (problem.field().isEmpty() || fields.add(problem.field())) {
        found.add(problem);
      }
    }
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public List<Problem> found() {
    return List.copyOf(found);
  }
}
