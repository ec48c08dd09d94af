package io.podwire.dns.http;

/**
 * What a path shows.
 *
 * @param status HTTP's number
 */
public record Page(int status, String mediaType, byte[] content) {
  public static final String TEXT = "text/plain; charset=utf-8";

  /** Plain text. */
  public static Page text(int status, String text) {
    return new Page(status, TEXT, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
