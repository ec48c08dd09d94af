package io.podwire.dns.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelFilterTest {
  private static final Map<String, String> LABELS =
      Map.of("app", "web", "env", "qa", "example.test/team", "a-b", "empty", "");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app=web                            | true
          app==web                           | true
          app = web                          | true
          app=db                             | false
          app!=web                           | false
          app!=db                            | true
          missing!=x                         | true
          missing=x                          | false
          empty=                             | true
          app                                | true
          missing                            | false
          !missing                           | true
          ! app                              | false
          env in (qa, staging)               | true
          env in (staging)                   | false
          env notin (staging, prod)          | true
          missing notin (a)                  | true
          missing in (a)                     | false
          env in (qa,staging),app=web        | true
          env in (qa,staging),app=db         | false
          app=web, !missing ,env             | true
          example.test/team=a-b              | true
          in in (a)                          | false
          """)
  void shouldDecideAsKubernetesDoes(String selector, boolean matches) {
    assertThat(LabelFilter.parse(selector).orElseThrow().matches(LABELS)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "app=web,",
        "app=web,,env",
        "=web",
        "app in",
        "app in ()x",
        "app in (a",
        "a b",
        "app=we b",
        "app>1",
        "-a=b",
        "app=-b",
        "app in (a b)",
        "app = web x"
      })
  void shouldRefuseWhatIsNoSelector(String selector) {
    assertThat(LabelFilter.parse(selector)).isEmpty();
  }
}
