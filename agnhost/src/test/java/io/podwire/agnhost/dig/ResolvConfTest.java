package io.podwire.agnhost.dig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvConfTest {
  private static final ResolvConf POD =
      ResolvConf.parse(
          List.of(
              "search wrong.test",
              "search demo.svc.cluster.local svc.cluster.local cluster.local # a comment",
              "nameserver 10.96.0.10",
              "; another",
              "nameserver fd00:96::a",
              "options timeout:2 ndots:5",
              "sortlist 1.2.3.4",
              ""));

  private static List<String> candidates(ResolvConf conf, String name) {
    return conf.candidates(name).stream().map(Object::toString).toList();
  }

  @Test
  void shouldReadWhatAPodHas() {
    assertThat(POD.nameservers()).hasToString("[10.96.0.10, fd00:96::a]");
    assertThat(POD.ndots()).isEqualTo(5);
    assertThat(POD.search()).hasSize(3);
  }

  @Test
  void shouldSearchFirstWithFewDots() {
    assertThat(candidates(POD, "web.demo"))
        .containsExactly(
            "web.demo.demo.svc.cluster.local.",
            "web.demo.svc.cluster.local.",
            "web.demo.cluster.local.",
            "web.demo.");
    assertThat(candidates(POD, "a.b.c.d.e.f")).startsWith("a.b.c.d.e.f.").hasSize(4);
    assertThat(candidates(POD, "a.b.c.d.e")).endsWith("a.b.c.d.e.");
    assertThat(candidates(POD, "web.demo.")).containsExactly("web.demo.");
  }

  @Test
  void shouldFallBackToThisHost() {
    ResolvConf none = ResolvConf.read(Path.of("/no/such/file"));

    assertThat(none.nameservers()).hasToString("[127.0.0.1]");
    assertThat(none.ndots()).isEqualTo(1);
    assertThat(candidates(none, "web.demo")).containsExactly("web.demo.");
  }
}
