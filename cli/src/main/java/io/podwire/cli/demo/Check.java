package io.podwire.cli.demo;

/**
 * One thing that a step shows.
 *
 * @param command as a person would type it
 * @param expected what should be seen
 * @param seen what was, or why the tool is of no use here
 */
record Check(String command, String expected, String seen, Verdict verdict) {

  /** Whether expected and seen agree. */
  enum Verdict {
    OK("ok"),
    NOT_OK("NOT OK"),
    /** The tool cannot do its work on this machine, which says nothing of the network. */
    LEFT_OUT("left out");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  Check(String command, String expected, String seen, boolean held) {
    this(command, expected, seen, held ? Verdict.OK : Verdict.NOT_OK);
  }

  boolean held() {
    return verdict != Verdict.NOT_OK;
  }
}
