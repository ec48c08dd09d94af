package io.podwire.dns.kubernetes;

import static io.podwire.dns.kubernetes.TestCluster.clusterIp;
import static io.podwire.dns.kubernetes.TestCluster.headless;
import static io.podwire.dns.kubernetes.TestCluster.name;
import static io.podwire.dns.kubernetes.TestCluster.namespace;
import static io.podwire.dns.kubernetes.TestCluster.ready;
import static io.podwire.dns.kubernetes.TestCluster.slice;
import static io.podwire.dns.kubernetes.TestCluster.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterIndexTest {

  @Test
  void shouldHoldSlicesThatComeBeforeTheirService() {
    ClusterIndex index =
        ClusterIndex.of(
            snapshot(1, slice("demo/db-1", "db", List.of(), ready(null, "10.244.0.2"))));
    assertThat(index.service("demo", "db")).isNull();

    index = index.apply(delta(2, upsert(headless("demo/db"))));

    assertThat(addresses(index, "db")).containsExactly("10.244.0.2");
    assertThat(index.revision()).isEqualTo(2);
  }

  @Test
  void shouldMoveASliceToTheServiceThatItNamesNow() {
    ClusterIndex index =
        ClusterIndex.of(
            snapshot(
                1,
                headless("demo/a"),
                headless("demo/b"),
                slice("demo/s", "a", List.of(), ready(null, "10.244.0.2"))));

    index =
        index.apply(delta(2, upsert(slice("demo/s", "b", List.of(), ready(null, "10.244.0.2")))));

    assertThat(addresses(index, "a")).isEmpty();
    assertThat(addresses(index, "b")).containsExactly("10.244.0.2");
    assertThat(index.endpointOwners(IpAddress.parse("10.244.0.2"))).containsExactly(name("demo/b"));
  }

  @Test
  void shouldForgetWhatIsRemoved() {
    ClusterIndex index =
        ClusterIndex.of(
            snapshot(
                1,
                namespace("demo"),
                clusterIp("demo/web", List.of("10.96.0.9")),
                slice("demo/web-1", "web", List.of(), ready(null, "10.244.0.2"))));

    index =
        index.apply(
            delta(
                2,
                new ClusterUpdate.Removal(ModelKind.SERVICE, name("demo/web")),
                new ClusterUpdate.Removal(ModelKind.NAMESPACE, ObjectName.clusterScoped("demo"))));

    assertThat(index.service("demo", "web")).isNull();
    assertThat(index.hasNamespace("demo")).isFalse();
    assertThat(index.clusterIpOwner(IpAddress.parse("10.96.0.9"))).isNull();
    assertThat(index.endpointOwners(IpAddress.parse("10.244.0.2"))).isEmpty();
  }

  @Test
  void shouldKeepAnAddressThatAnotherServiceTookBeforeItsOwnerWasGone() {
    ClusterIndex index =
        ClusterIndex.of(snapshot(1, clusterIp("demo/old", List.of("10.96.0.9"))))
            .apply(delta(2, upsert(clusterIp("demo/new", List.of("10.96.0.9")))))
            .apply(delta(3, new ClusterUpdate.Removal(ModelKind.SERVICE, name("demo/old"))));

    assertThat(index.clusterIpOwner(IpAddress.parse("10.96.0.9"))).isEqualTo(name("demo/new"));
  }

  @Test
  void shouldLeaveTheFormerIndexAsItWas() {
    ClusterIndex before = ClusterIndex.of(snapshot(1, clusterIp("demo/a", List.of("10.96.0.9"))));

    before.apply(delta(2, new ClusterUpdate.Removal(ModelKind.SERVICE, name("demo/a"))));

    assertThat(addresses(before, "a")).containsExactly("10.96.0.9");
    assertThat(before.clusterIpOwner(IpAddress.parse("10.96.0.9"))).isEqualTo(name("demo/a"));
  }

  @Test
  void shouldComeToTheSameByDeltasAsByOneSnapshot() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      Map<String, ModelObject> held = new TreeMap<>();
      ClusterIndex index = ClusterIndex.of(snapshot(0));
      for (int step = 1; step <= 60; step++) {
        index = index.apply(delta(step, randomChange(random, held)));
      }
      ClusterIndex whole = ClusterIndex.of(snapshot(60, held.values().toArray(ModelObject[]::new)));
      assertThat(description(index)).as("seed %d", seed).isEqualTo(description(whole));
    }
  }

  @Test
  void shouldRefuseADeltaWithoutAnythingToApplyItTo() {
    assertThatThrownBy(() -> new ClusterState().accept(delta(1)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static ClusterUpdate.Change randomChange(Random random, Map<String, ModelObject> held) {
    String service = "s" + random.nextInt(4);
    boolean ofSlice = random.nextBoolean();
    String key = "demo/" + (ofSlice ? "slice" + random.nextInt(5) : service);
    if (random.nextInt(3) == 0) {
      held.remove(key);
      return new ClusterUpdate.Removal(
          ofSlice ? ModelKind.ENDPOINT_SLICE : ModelKind.SERVICE, name(key));
    }
    ModelObject object;
    if (ofSlice) {
      List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        endpoints.add(ready(null, "10.244.0." + random.nextInt(6)));
      }
      object = slice(key, service, List.of(), endpoints.toArray(EndpointSlice.Endpoint[]::new));
    } else {
      // Each Service has ClusterIPs of its own, as the allocator sees to it.
      object =
          random.nextBoolean()
              ? headless(key)
              : clusterIp(key, List.of("10.96." + service.charAt(1) + "." + random.nextInt(2)));
    }
    held.put(key, object);
    return upsert(object);
  }

  private static String description(ClusterIndex index) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      ServiceRecords records = index.service("demo", "s" + i);
      text.append(records == null ? null : records.toString()).append('\n');
      for (int last = 0; last < 2; last++) {
        text.append(index.clusterIpOwner(IpAddress.parse("10.96." + i + "." + last))).append(' ');
      }
    }
    for (int i = 0; i < 6; i++) {
      text.append(index.endpointOwners(IpAddress.parse("10.244.0." + i))).append(' ');
    }
    return text.toString();
  }

  private static ClusterUpdate.Delta delta(long revision, ClusterUpdate.Change... changes) {
    return new ClusterUpdate.Delta(revision, Arrays.asList(changes));
  }

  private static ClusterUpdate.Upsert upsert(ModelObject object) {
    return new ClusterUpdate.Upsert(object);
  }

  private static List<String> addresses(ClusterIndex index, String service) {
    ServiceRecords records = Objects.requireNonNull(index.service("demo", service));
    return records.addresses().stream().map(IpAddress::toString).toList();
  }
}
