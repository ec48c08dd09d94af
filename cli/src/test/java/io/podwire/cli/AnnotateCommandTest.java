package io.podwire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotateCommandTest {

  @Test
  void shouldSetAndRemove() {
    assertThat(AnnotateCommand.changes(List.of("podwire.io/proxy-mode=ipvs/rr", "a=b=c", "old-")))
        .hasToString("{\"podwire.io/proxy-mode\":\"ipvs/rr\",\"a\":\"b=c\",\"old\":null}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"word", "=value", "-", ""})
  void shouldRefuseWhatIsNeither(String word) {
    assertThatThrownBy(() -> AnnotateCommand.changes(List.of(word)))
        .hasMessage("annotate: '" + word + "' is neither KEY=VALUE nor KEY-");
  }
}
