package io.podwire.controlplane.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.podwire.cluster.fault.FaultLink.Direction;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.controlplane.kind.KindTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultReceiptsTest {

  private final ObjectNode fault = parse();

  @Test
  void shouldKeepTheLatestWordOfEachReporter() {
    FaultReceipts.merge(fault, "n1", "a", List.of(receipt("Pod default/web", 100, 10)));
    FaultReceipts.merge(fault, "n2", "b", List.of(receipt("Pod default/db", 50, 5)));
    FaultReceipts.merge(fault, "n1", "a", List.of(receipt("Pod default/web", 200, 20)));

    assertThat(FaultReceipts.sums(fault))
        .extracting(LinkReceipt::matched)
        .containsExactlyInAnyOrder(200L, 50L);
  }

  @Test
  void shouldAddWhatARestartedReporterHadCounted() {
    FaultReceipts.merge(fault, "n1", "a", List.of(receipt("Pod default/web", 100, 10)));
    FaultReceipts.merge(fault, "n1", "b", List.of(receipt("Pod default/web", 300, 30)));
    FaultReceipts.merge(fault, "n1", "c", List.of(receipt("Pod default/web", 7, 1)));

    assertThat(fault.path("status").path("receipts")).hasSize(2);
    assertThat(FaultReceipts.sums(fault))
        .singleElement()
        .satisfies(sum -> {
          assertThat(sum.matched()).isEqualTo(407);
          assertThat(sum.affected()).containsEntry("lost", 41L);
        });
  }

  @Test
  void shouldTellARestartByCountsThatWentBack() {
    FaultReceipts.merge(fault, "dns-1", "", List.of(receipt("DNS", 100, 10)));
    FaultReceipts.merge(fault, "dns-1", "", List.of(receipt("DNS", 120, 12)));
    FaultReceipts.merge(fault, "dns-1", "", List.of(receipt("DNS", 5, 0)));

    assertThat(FaultReceipts.sums(fault)).extracting(LinkReceipt::matched).containsExactly(125L);
  }

  @Test
  void shouldAddTwoFiltersOfOneLink() {
    FaultReceipts.merge(
        fault,
        "n1",
        "a",
        List.of(receipt("Pod default/web", 3, 1), receipt("Pod default/web", 4, 1)));

    assertThat(FaultReceipts.sums(fault)).extracting(LinkReceipt::matched).containsExactly(7L);
  }

  @Test
  void shouldJudgeAllOfThem() {
    FaultReceipts.merge(fault, "n1", "a", List.of(receipt("Pod default/web", 10_000, 1_010)));

    FaultReceipts.judge(KindTable.NETWORK_FAULT, fault);

    ObjectNode status = (ObjectNode) fault.path("status");
    assertThat(status.path("verdict").asText()).isEqualTo("confirmed");
    assertThat(status.path("verdictMessage").asText()).contains("two-sided binomial test at 3.29");
    assertThat(status.path("matched").asLong()).isEqualTo(10_000);
    assertThat(status.path("affected").path("lost").asLong()).isEqualTo(1_010);
    assertThat(status.path("achieved").path("loss").asText()).startsWith("10.1 % [");
    assertThat(status.path("decisionHash").asText()).isEqualTo("000000000000002a");
  }

  @Test
  void shouldReadWhatItWrites() {
    LinkReceipt receipt = receipt("Pod default/web", 100, 10);

    assertThat(ReceiptText.read(ReceiptText.write(receipt))).isEqualTo(receipt);
  }

  private static LinkReceipt receipt(String link, long matched, long lost) {
    return new LinkReceipt(
        link,
        Direction.INGRESS,
        false,
        "",
        matched,
        matched * 100,
        matched - lost,
        (matched - lost) * 100,
        Map.of("lost", lost),
        1,
        2,
        3,
        4,
        5,
        6,
        matched,
        42);
  }

  private static ObjectNode parse() {
    try {
      return (ObjectNode)
          new YAMLMapper()
              .readTree(
                  """
                  apiVersion: podwire.io/v1alpha1
                  kind: NetworkFault
                  metadata: {name: lossy, namespace: default, uid: u}
                  spec: {selector: {}, loss: {percent: 10%}}
                  """);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
