package io.podwire.packet.dns;

/** Kinds of query (RFC 1035, section 4.1.1; RFC 6895, section 2.2). */
public final class Opcode {
  public static final int QUERY = 0;
  public static final int STATUS = 2;
  public static final int NOTIFY = 4;
  public static final int UPDATE = 5;

  private Opcode() {}

  public static String text(int opcode) {
    return switch (opcode) {
      case QUERY -> "QUERY";
      case STATUS -> "STATUS";
      case NOTIFY -> "NOTIFY";
      case UPDATE -> "UPDATE";
      default -> "RESERVED" + opcode;
    };
  }
}
