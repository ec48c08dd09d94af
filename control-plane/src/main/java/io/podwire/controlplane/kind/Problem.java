package io.podwire.controlplane.kind;

/**
 * One thing wrong with a manifest.
 *
 * @param field its path; empty where the whole document is meant
 * @param message a sentence that names the field, its value and the fix
 */
public record Problem(Reason reason, String field, String message) {

  /** As in {@code Status.details.causes[].reason}. */
  public enum Reason {
    INVALID("FieldValueInvalid"),
    REQUIRED("FieldValueRequired"),
    DUPLICATE("FieldValueDuplicate"),
    FORBIDDEN("FieldValueForbidden"),
    NOT_SUPPORTED("FieldValueNotSupported"),
    NOT_FOUND("FieldValueNotFound"),
    WRONG_TYPE("FieldValueTypeInvalid"),
    UNKNOWN_FIELD("FieldUnknown"),
    UNKNOWN_KIND("KindUnknown");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
