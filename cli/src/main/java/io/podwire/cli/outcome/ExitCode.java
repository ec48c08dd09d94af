package io.podwire.cli.outcome;

/** Exit codes of the command, beside those passed on from programs in Pods. */
public final class ExitCode {
  /** Everything was done. */
  public static final int OK = 0;

  /** Something asked for could not be done. */
  public static final int FAILED = 1;

  /** The command line itself is wrong. */
  public static final int USAGE = 2;

  /** Ended by Ctrl-C, as shells report it: 128 + SIGINT. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
