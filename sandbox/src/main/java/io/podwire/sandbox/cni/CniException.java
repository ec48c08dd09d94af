package io.podwire.sandbox.cni;

/** What a plugin answers in place of a result (CNI specification, section 5, "Error"). */
final class CniException extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final int INCOMPATIBLE_VERSION = 1;
  static final int UNKNOWN_CONTAINER = 3;
  static final int INVALID_ENVIRONMENT = 4;
  static final int IO_FAILURE = 5;
  static final int UNDECODABLE = 6;
  static final int INVALID_CONFIG = 7;
  static final int TRY_AGAIN_LATER = 11;
  static final int NOT_AVAILABLE = 50;

  /** Our own, from 100 on: CHECK has found what should be otherwise. */
  static final int DIFFERS = 100;

  private final int code;
  private final String details;

  CniException(int code, String message, String details) {
    super(message);
    this.code = code;
    this.details = details;
  }

  int code() {
    return code;
  }

  String details() {
    return details;
  }
}
