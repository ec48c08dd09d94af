package io.podwire.cli.capture;

import io.podwire.client.api.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What to capture, as the API is asked for it.
 *
 * @param object the path of a Pod or of a node
 * @param filter as in pcap-filter(7); empty for all
 * @param count ends it after so many packets; null: never
 * @param duration ends it after this time, in Go's notation; null: never
 * @param snapLength octets that are kept of each packet; null: all
 */
public record CaptureRequest(
    String object,
    String filter,
    @Nullable Long count,
    @Nullable String duration,
    @Nullable Integer snapLength) {

  /** The path to get. */
  public String path() {
    StringBuilder path =
        new StringBuilder(object).append("/capture?filter=").append(Resource.encode(filter));
    if (count != null) {
      path.append("&count=").append(count);
    }
    if (duration != null) {
      path.append("&duration=").append(Resource.encode(duration));
    }
    if (snapLength != null) {
      path.append("&snaplen=").append(snapLength);
    }
    return path.toString();
  }
}
