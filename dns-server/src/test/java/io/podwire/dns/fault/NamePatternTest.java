package io.podwire.dns.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.dns.DnsName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "google.com, google.com, true",
    "google.com., Google.COM, true",
    "GOOGLE.com, google.com, true",
    "google.com, www.google.com, false",
    "google.com, google.com.demo.svc.cluster.local, false",
    "google.com*, google.com.demo.svc.cluster.local, true",
    "chaos-mesh.*, chaos-mesh.org, true",
    "chaos-mesh.*, chaos-mesh, false",
    "chaos-mesh*, chaos-mesh, true",
    "github.?om, github.com, true",
    "github.?om, github.om, false",
    "g?thub.co?, github.com, true",
    "?eb*, web.demo.svc.cluster.local, true",
    "?eb*, eb, false",
    "*, www.example.org, true",
    "*, ., true",
    "., ., true",
    "a.*.org, a.b.org, false",
  })
  void shouldMatchAsChaosMeshDoes(String pattern, String name, boolean matches) {
    assertThat(NamePattern.parse(pattern).matches(NamePattern.text(DnsName.parse(name))))
        .isEqualTo(matches);
  }
}
