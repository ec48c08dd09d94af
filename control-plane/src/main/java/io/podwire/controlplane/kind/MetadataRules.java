package io.podwire.controlplane.kind;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What holds for the metadata of every kind. */
final class MetadataRules {

  private static final int MAX_ANNOTATION_BYTES = 256 * 1024;

  private MetadataRules() {}

  static void validate(Kind kind, Field manifest, Problems problems) {
    Field metadata = manifest.at("metadata");
    Field name = metadata.at("name");
    if (!name.isGiven()) {
      problems.required(name, "write a name for the " + kind.name());
    }
    kind.nameForm().check(name, problems);
    Field namespace = metadata.at("namespace");
    if (!kind.namespaced() && namespace.isGiven()) {
      problems.forbidden(
          namespace,
          namespace.shown()
              + " is not allowed: a "
              + kind.name()
              + " belongs to no namespace; remove the field");
    }
    NameForm.DNS_LABEL.check(namespace, problems);
    LabelRules.check(metadata.at("labels"), problems);
    LabelRules.checkKeys(metadata.at("annotations"), problems);
    checkSize(metadata.at("annotations"), problems);
    Field finalizers = metadata.at("finalizers");
    if (finalizers.isGiven()) {
      problems.add(
          Problem.Reason.NOT_SUPPORTED,
          finalizers,
          "finalizers are not supported; remove the field");
    }
  }

  private static void checkSize(Field annotations, Problems problems) {
    long bytes = 0;
    for (Map.Entry<String, Field> annotation : annotations.entries().entrySet()) {
      bytes += annotation.getKey().length();
      bytes += annotation.getValue().textOr("").getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > MAX_ANNOTATION_BYTES) {
      problems.invalid(
          annotations, bytes + " bytes are too many; keep them within " + MAX_ANNOTATION_BYTES);
    }
  }
}
