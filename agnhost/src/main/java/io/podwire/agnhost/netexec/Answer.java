package io.podwire.agnhost.netexec;

import java.util.Map;

/** An HTTP response with a text body. */
record Answer(int status, String body, Map<String, String> headers) {
  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int PRECONDITION_FAILED = 412;
  static final int EXPECTATION_FAILED = 417;

  static Answer of(int status, String body) {
    return new Answer(status, body, Map.of());
  }

  static Answer ok(String body) {
    return of(OK, body);
  }
}
