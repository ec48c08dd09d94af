package io.podwire.cli.print;

/** What {@code get -o} takes. */
public enum OutputFormat {
  /** kubectl's usual columns. */
  table,
  /** All columns. */
  wide,
  /** The object, or a List of them, as indented JSON. */
  json,
  /** The object, or a List of them, as YAML. */
  yaml,
  /** {@code kind/name} lines for scripts. */
  name
}
