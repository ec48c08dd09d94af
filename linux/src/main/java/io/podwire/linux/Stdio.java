package io.podwire.linux;

/** What a standard stream of a program is. */
public sealed interface Stdio {

  /** {@code /dev/null}. */
  Stdio NULL = new File("/dev/null", false);

  /** A file: read as input, or written as output. */
  record File(String path, boolean append) implements Stdio {}

  /** A copy of an open descriptor, which stays its owner's. */
  record Inherited(int descriptor) implements Stdio {}
}
