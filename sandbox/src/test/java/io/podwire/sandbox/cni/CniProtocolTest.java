package io.podwire.sandbox.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podwire.cluster.attach.PodNetwork;
import io.podwire.cluster.attach.ResolverConfig;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CniProtocolTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final IpAddress ADDRESS = IpAddress.parse("10.244.1.5");
  private static final IpAddress GATEWAY = IpAddress.parse("10.244.1.1");
  private static final PodNetwork NETWORK =
      new PodNetwork(
          "node-1",
          "u",
          ADDRESS,
          24,
          GATEWAY,
          List.of(new PodNetwork.RouteEntry(Cidr.parse("0.0.0.0/0"), GATEWAY)),
          1450,
          62_000,
          MacAddress.of(ADDRESS),
          new ResolverConfig(
              List.of(IpAddress.parse("10.96.0.10")), List.of("svc"), List.of("ndots:5")),
          List.of());

  private static CniCall call(String... pairs) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "CNI_COMMAND", "ADD",
                "CNI_CONTAINERID", "c0ffee",
                "CNI_NETNS", "/run/netns/blue",
                "CNI_IFNAME", "eth0"));
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return CniCall.of(environment);
  }

  private static NetworkConfig config(String version, String more) {
    return NetworkConfig.read(
        "{\"cniVersion\":\"" + version + "\",\"name\":\"pw\",\"type\":\"podwire\"" + more + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "CNI_COMMAND,'',CNI_COMMAND",
    "CNI_CONTAINERID,'',CNI_CONTAINERID",
    "CNI_CONTAINERID,-x,CNI_CONTAINERID",
    "CNI_IFNAME,'',CNI_IFNAME",
    "CNI_IFNAME,a/b,CNI_IFNAME",
    "CNI_IFNAME,aninterfacename0,CNI_IFNAME",
    "CNI_IFNAME,..,CNI_IFNAME",
    "CNI_NETNS,'',CNI_NETNS",
    "CNI_ARGS,nonsense,CNI_ARGS"
  })
  void shouldRefuseAnInvalidEnvironmentWithCode4(String variable, String value, String named) {
    assertThatThrownBy(() -> call(variable, value))
        .isInstanceOfSatisfying(CniException.class, e -> assertThat(e.code()).isEqualTo(4))
        .hasMessageContaining(named);
  }

  @Test
  void shouldDeleteWithoutANamespace() {
    assertThat(call("CNI_COMMAND", "DEL", "CNI_NETNS", "").netns()).isEmpty();
  }

  @Test
  void shouldAskOnlyForWhatACommandNeeds() {
    assertThat(CniCall.of(Map.of("CNI_COMMAND", "GC")).containerId()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense|6",
        "[]|6",
        "''|6",
        "{\"cniVersion\":\"2.0.0\",\"name\":\"a\"}|1",
        "{\"cniVersion\":\"1.1.0\"}|7",
        "{\"cniVersion\":\"1.1.0\",\"name\":\"/\"}|7"
      })
  void shouldRefuseAnInvalidConfiguration(String text, int code) {
    assertThatThrownBy(() -> NetworkConfig.read(text))
        .isInstanceOfSatisfying(CniException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void shouldReadAConfiguration() {
    NetworkConfig config =
        config(
            "1.1.0",
            ",\"socket\":\"/s\",\"namespace\":\"shop\",\"labels\":{\"a\":\"b\"},\"prevResult\":"
                + "{\"ips\":[{\"address\":\"10.0.0.1/24\"}]},\"cni.dev/valid-attachments\":"
                + "[{\"containerID\":\"c\",\"ifname\":\"eth0\"}]");

    assertThat(config.socket()).hasToString("/s");
    assertThat(config.namespace()).isEqualTo("shop");
    assertThat(config.labels()).isEqualTo(Map.of("a", "b"));
    assertThat(config.previousAddresses()).containsExactly("10.0.0.1");
    assertThat(config.valid()).containsExactly("c/eth0");
  }

  @Test
  void shouldNameThePodAsTheRuntimeSays() {
    CniCall call = call("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=db-0");

    assertThat(PodNames.of(call, config("1.0.0", ""))).isEqualTo(new ObjectName("shop", "db-0"));
    assertThat(PodNames.of(call(), config("1.0.0", "")))
        .isEqualTo(new ObjectName("default", "cni-c0ffee"));
    assertThat(PodNames.of(call("CNI_IFNAME", "net1"), config("1.0.0", "")).name())
        .isEqualTo("cni-c0ffee-net1");
  }

  @Test
  void shouldMakeDifferentNamesOfDifferentContainers() {
    List<String> ids =
        List.of("C0FFEE", "c0ffee", "c0.ffee", "c0_ffee", "a".repeat(64), "a".repeat(65));

    List<String> names =
        ids.stream()
            .map(id -> PodNames.of(call("CNI_CONTAINERID", id), config("1.0.0", "")).name())
            .toList();

    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9-]{1,63}"));
  }

  @Test
  void shouldWriteAResultOfTheConfigurationsVersion() throws JsonProcessingException {
    JsonNode newest = JSON.readTree(CniResult.added(call(), config("1.1.0", ""), NETWORK));
    JsonNode oldest = JSON.readTree(CniResult.added(call(), config("0.4.0", ""), NETWORK));

    assertThat(newest)
        .isEqualTo(
            JSON.readTree(
                """
                {"cniVersion":"1.1.0",
                 "interfaces":[{"name":"eth0","mac":"0a:58:0a:f4:01:05","sandbox":"/run/netns/blue",
                   "mtu":1450}],
                 "ips":[{"address":"10.244.1.5/24","gateway":"10.244.1.1","interface":0}],
                 "routes":[{"dst":"0.0.0.0/0","gw":"10.244.1.1"}],
                 "dns":{"nameservers":["10.96.0.10"],"search":["svc"],"options":["ndots:5"]}}
                """));
    assertThat(oldest.at("/cniVersion").asText()).isEqualTo("0.4.0");
    assertThat(oldest.at("/ips/0/version").asText()).isEqualTo("4");
    assertThat(oldest.at("/interfaces/0/mtu").isMissingNode()).isTrue();
  }

  @Test
  void shouldWriteErrorsAndVersions() throws JsonProcessingException {
    JsonNode error = JSON.readTree(CniResult.error(new CniException(7, "what", "why")));

    assertThat(error.at("/code").asInt()).isEqualTo(7);
    assertThat(error.at("/msg").asText()).isEqualTo("what");
    assertThat(error.at("/details").asText()).isEqualTo("why");
    assertThat(JSON.readTree(CniResult.versions()))
        .isEqualTo(
            JSON.readTree(
                "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.4.0\",\"1.0.0\",\"1.1.0\"]}"));
  }

  @ParameterizedTest
  @CsvSource({"STATUS,50", "ADD,3", "GC,11", "CHECK,3", "FLY,4"})
  void shouldAnswerWithoutAnAgent(String command, int code) {
    NetworkConfig config = config("1.1.0", ",\"socket\":\"/nonexistent/attach.sock\"");
    CniCall call = call("CNI_COMMAND", command, "CNI_NETNS", "/nonexistent/netns");

    assertThatThrownBy(() -> new CniPlugin(call, config).run())
        .isInstanceOfSatisfying(CniException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void shouldDeleteWhatIsGoneWithItsAgent() {
    NetworkConfig config = config("1.1.0", ",\"socket\":\"/nonexistent/attach.sock\"");

    assertThat(new CniPlugin(call("CNI_COMMAND", "DEL", "CNI_NETNS", ""), config).run()).isEmpty();
  }
}
