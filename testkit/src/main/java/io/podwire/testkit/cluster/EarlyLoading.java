package io.podwire.testkit.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.failure.ClientFailure;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has this JVM load what it talks to clusters with, while the first one's processes start. */
final class EarlyLoading {
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  /** No folder, so nobody listens there. */
  private static final Path NOWHERE = Path.of("/dev/null/podwire");

  private EarlyLoading() {}

  /** Returns at once; does something once. */
  static void begin() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread thread = new Thread(EarlyLoading::load, "podwire-loading");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void load() {
    try (ApiClient client = new ApiClient(new ApiAddress.Unix(NOWHERE))) {
      new JsonMapper().readTree("{\"kind\": [1]}");
      client.get(Resource.NODE.listPath(null));
    } catch (ClientFailure | JsonProcessingException nobody) {
      // As expected.
    }
  }
}
