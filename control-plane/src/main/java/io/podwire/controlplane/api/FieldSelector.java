package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A field selector: equality of a few fields. */
final class FieldSelector {

  private static final Set<String> FIELDS =
      Set.of("metadata.name", "metadata.namespace", "spec.nodeName", "status.phase");

  private record Term(String field, String value, boolean equal) {}

  private final List<Term> terms;

  private FieldSelector(List<Term> terms) {
    this.terms = terms;
  }

  /** Parses {@code metadata.name=web,status.phase!=Running}; an empty text matches everything. */
  static FieldSelector parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String term : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String[] sides = term.split("!=|==|=", 2);
      String field = sides[0].strip();
      if (sides.length != 2 || !FIELDS.contains(field)) {
        throw ApiException.badRequest(
            "fieldSelector: '"
                + term
                + "' is not supported; write FIELD=VALUE or FIELD!=VALUE "
                + "with a FIELD of "
                + String.join(", ", FIELDS.stream().sorted().toList()));
      }
      terms.add(new Term(field, sides[1].strip(), !term.contains("!=")));
    }
    return new FieldSelector(List.copyOf(terms));
  }

  boolean matches(ObjectNode manifest) {
    for (Term term : terms) {
      Field field = Field.root(manifest);
      for (String name : term.field().split("\\.", -1)) {
        field = field.at(name);
      }
      if (field.textOr("").equals(term.value()) != term.equal()) {
        return false;
      }
    }
    return true;
  }
}
