package io.podwire.controlplane.api;

import static io.podwire.controlplane.api.ApiFixture.namespace;
import static io.podwire.controlplane.api.ApiFixture.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.controlplane.kind.ManifestJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ObjectWatchesTest {

  private static final String PODS = "/api/v1/namespaces/hello/pods";

  private ApiFixture api =
      new ApiFixture(new MemoryStore(4, Runnable::run), Duration.ofMillis(300));

  @BeforeEach
  void createNamespace() {
    api.post("/api/v1/namespaces", namespace("hello"));
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldTellWhatIsThereAndWhatChanges() throws Exception {
    api.post(PODS, pod("hello", "a"));
    try (Watch watch = watch(PODS + "?watch=true")) {
      assertThat(watch.next()).isEqualTo("ADDED a 2");
      api.post(PODS, pod("hello", "b"));
      assertThat(watch.next()).isEqualTo("ADDED b 3");
      api.patch(PODS + "/a", "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}");
      assertThat(watch.next()).isEqualTo("MODIFIED a 4");
      api.delete(PODS + "/b");
      assertThat(watch.next()).isEqualTo("DELETED b 5");
    }
  }

  @Test
  void shouldGoOnFromARevision() throws Exception {
    api.post(PODS, pod("hello", "a"));
    api.post(PODS, pod("hello", "b"));
    try (Watch watch = watch(PODS + "?watch=true&resourceVersion=2")) {
      assertThat(watch.next()).isEqualTo("ADDED b 3");
    }
  }

  @Test
  void shouldFollowObjectsInAndOutOfASelector() throws Exception {
    api.post(PODS, pod("hello", "a"));
    try (Watch watch = watch(PODS + "?watch=true&resourceVersion=2&labelSelector=app%3Dweb")) {
      api.patch(PODS + "/a", "{\"metadata\":{\"labels\":{\"app\":\"db\"}}}");
      assertThat(watch.next()).isEqualTo("DELETED a 3");
      api.patch(PODS + "/a", "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}");
      api.patch(PODS + "/a", "{\"metadata\":{\"labels\":{\"app\":\"web\"}}}");
      assertThat(watch.next()).isEqualTo("ADDED a 5");
      api.delete(PODS + "/a");
      assertThat(watch.next()).isEqualTo("DELETED a 6");
    }
  }

  @Test
  void shouldBookmarkRevisionsOfOtherKindsToo() throws Exception {
    try (Watch watch =
        watch(PODS + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true")) {
      JsonNode first = watch.event();
      assertThat(first.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(first.at("/object/metadata/annotations/k8s.io~1initial-events-end").asText())
          .isEqualTo("true");
      api.post("/api/v1/namespaces", namespace("other"));
      String revision;
      do {
        JsonNode event = watch.event();
        assertThat(event.path("type").asText()).isEqualTo("BOOKMARK");
        revision = event.at("/object/metadata/resourceVersion").asText();
      } while (!revision.equals("2"));
    }
  }

  @Test
  void shouldAnswerGoneToARevisionTooOld() {
    for (String name : new String[] {"a", "b", "c", "d", "e", "f", "g"}) {
      api.post(PODS, pod("hello", name));
    }
    var answer = api.get(PODS + "?watch=true&resourceVersion=2");

    assertThat(answer.code()).isEqualTo(410);
    assertThat(answer.at("/reason").asText()).isEqualTo("Expired");
  }

  @Test
  void shouldEndAfterItsTime() throws Exception {
    try (Watch watch = watch(PODS + "?watch=true&timeoutSeconds=1")) {
      assertThat(watch.lines.readLine()).isNull();
    }
  }

  private Watch watch(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        api.client()
            .send(
                HttpRequest.newBuilder(api.uri("http", path)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new Watch(
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  private record Watch(BufferedReader lines) implements AutoCloseable {

    JsonNode event() throws IOException {
      return ManifestJson.mapper().readTree(lines.readLine());
    }

    /** Type, name and revision of the next event that is no bookmark. */
    String next() throws IOException {
      JsonNode event = event();
      return event.path("type").asText()
          + " "
          + event.at("/object/metadata/name").asText()
          + " "
          + event.at("/object/metadata/resourceVersion").asText();
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
