package io.podwire.netstack.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that kube-proxy's own tests have. */
class RuleNamesTest {

  @ParameterizedTest
  @CsvSource({
    "ns1/svc1:p80tcp, 16, XPGD46QRK7WJZT7O",
    "ns1/svc1:p80tcp10.180.0.1:80, 16, SXIVWICOYRO3J4NJ",
    "ns1/svc1:p80tcp10.180.2.1:80, 16, ZX7GRIZKSNUQ3LAJ",
    "ns2/svc2:p80tcp, 16, GNZBNJ2PO5MGZ6GT",
    "default/kubernetes:httpstcp, 16, NPX46M4PTMTKRN6Y",
    "kube-system/kube-dns:dnsudp, 16, TCOU7JCQXEZGVUNU",
    "ns1/svc1/tcp/p80, 8, ULMVA6XW",
    "ns1/svc1/tcp/p80__10.180.0.1/80, 8, 5OJB2KTY",
  })
  void shouldHashAsKubeProxyDoes(String text, int digits, String hash) {
    assertThat(RuleNames.hash(text, digits)).isEqualTo(hash);
  }
}
