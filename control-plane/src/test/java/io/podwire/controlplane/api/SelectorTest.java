package io.podwire.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.ManifestJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                              | true",
        "app=web                         | true",
        "app==web                        | true",
        "app=db                          | false",
        "app!=db                         | true",
        "missing!=x                      | true",
        "app                             | true",
        "!app                            | false",
        "!missing                        | true",
        "app in (db, web)                | true",
        "app notin (db, web)             | false",
        "missing notin (x)               | true",
        "app=web,tier=front              | true",
        "app=web,tier=back               | false",
        "'app in (web),tier,!x , y!=z'   | true",
        "empty=                          | true",
        "k8s.io/name=a_b                 | true",
      })
  void shouldMatchLabels(String selector, boolean expected) {
    assertThat(LabelSelector.parse(selector).matches(pod())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=b=c", "a in b", "a in (b", "=x", ",", "a b", "!"})
  void shouldRefuseWhatIsNoLabelSelector(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("labelSelector: '" + selector + "'")
        .hasMessageContaining("key in (a,b)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metadata.name=a                     | true",
        "metadata.name!=a                    | false",
        "spec.nodeName=node-1                | true",
        "spec.nodeName=                      | false",
        "status.phase=Running,metadata.name=a| true",
        "status.phase=Pending                | false",
      })
  void shouldMatchFields(String selector, boolean expected) {
    assertThat(FieldSelector.parse(selector).matches(pod())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec.x=1", "metadata.name", ","})
  void shouldRefuseOtherFields(String selector) {
    assertThatThrownBy(() -> FieldSelector.parse(selector))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("metadata.name, metadata.namespace, spec.nodeName, status.phase");
  }

  private static ObjectNode pod() {
    ObjectNode pod = ManifestJson.object();
    ObjectNode metadata = pod.putObject("metadata").put("name", "a");
    metadata
        .putObject("labels")
        .put("app", "web")
        .put("tier", "front")
        .put("empty", "")
        .put("k8s.io/name", "a_b");
    pod.putObject("spec").put("nodeName", "node-1");
    pod.putObject("status").put("phase", "Running");
    return pod;
  }
}
