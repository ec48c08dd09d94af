package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases are those of Kubernetes' third_party/forked/golang/expansion. */
class VariablesTest {

  private static final Map<String, String> VARIABLES =
      Map.of("VAR_A", "A", "VAR_B", "B", "VAR_REF", "$(VAR_A)", "VAR_EMPTY", "");

  @ParameterizedTest
  @CsvSource({
    "$(VAR_A), A",
    "___$(VAR_A)___, ___A___",
    "$(VAR_A)$(VAR_B), AB",
    "$(VAR_REF), $(VAR_A)",
    "$$(VAR_A), $(VAR_A)",
    "$$$(VAR_A), $A",
    "$$$$(VAR_A), $$(VAR_A)",
    "foo$(VAR_EMPTY)bar, foobar",
    "$(MISSING), $(MISSING)",
    "$(VAR_A, $(VAR_A",
    "$VAR_A, $VAR_A",
    "$(), $()",
    "ends with $, ends with $",
    "ends with $$, ends with $",
  })
  void shouldExpand(String text, String expanded) {
    assertThat(Variables.expand(text, VARIABLES)).isEqualTo(expanded);
  }

  @Test
  void shouldExpandVariablesAmongThemselves() {
    assertThat(
            Variables.expandAll(
                Map.of(
                    "HOST",
                    "db",
                    "URL",
                    "tcp://$(HOST):$(PORT)",
                    "PORT",
                    "5432",
                    "RAW",
                    "$$(HOST)")))
        .isEqualTo(Map.of("HOST", "db", "URL", "tcp://db:5432", "PORT", "5432", "RAW", "$(HOST)"));
  }

  @Test
  void shouldLeaveACircleAsItIs() {
    assertThat(Variables.expandAll(Map.of("A", "$(B)", "B", "$(A)")))
        .isEqualTo(Map.of("A", "$(A)", "B", "$(B)"));
  }
}
