package io.podwire.linux;

/**
 * A system call or netlink request that the kernel refused.
 *
 * <p>The message names the call, what it was made on, the kernel's reason and, where there is one,
 * the fix: {@code open /dev/net/tun: permission denied; run as root}.
 */
public final class LinuxException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String call;
  private final int errno;

  /**
   * @param call the system call or netlink request
   * @param errno positive; see {@link Errno}
   * @param context what it was made on; may carry a fix after a semicolon; may be empty
   */
  public LinuxException(String call, int errno, String context) {
    this(call, errno, context, hint(errno));
  }

  /** As above, with a fix in place of the one that the error number suggests. */
  public LinuxException(String call, int errno, String context, String hint) {
    super(
        (context.isEmpty() ? call : call + " " + context)
            + ": "
            + Errno.text(errno)
            + (hint.isEmpty() ? "" : "; " + hint));
    this.call = call;
    this.errno = errno;
  }

  public String call() {
    return call;
  }

  /** The error number, see {@link Errno}. */
  public int errno() {
    return errno;
  }

  private static String hint(int errno) {
    return switch (errno) {
      case Errno.EPERM, Errno.EACCES ->
          "run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN in a user namespace";
      case Errno.ENOSYS -> "Linux 5.11 or newer is needed";
      default -> "";
    };
  }
}
