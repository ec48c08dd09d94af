package io.podwire.client.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.client.failure.ClientFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiAddressTest {
  @Test
  void shouldReadBothForms() {
    assertThat(ApiAddress.parse("unix:/run/a.sock"))
        .isEqualTo(new ApiAddress.Unix(Path.of("/run/a.sock")));
    assertThat(ApiAddress.parse("unix:///run/a.sock"))
        .isEqualTo(new ApiAddress.Unix(Path.of("/run/a.sock")));
    assertThat(ApiAddress.parse("http://127.0.0.1:8080"))
        .isEqualTo(new ApiAddress.Tcp("127.0.0.1", 8080));
    assertThat(ApiAddress.parse("http://[::1]:8080/")).isEqualTo(new ApiAddress.Tcp("::1", 8080));
    assertThat(ApiAddress.parse("http://api")).isEqualTo(new ApiAddress.Tcp("api", 80));
    assertThat(new ApiAddress.Tcp("::1", 8080).text()).isEqualTo("http://[::1]:8080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unix:",
        "localhost:8080",
        "https://a:1",
        "http://a:70000",
        "http://a b",
        "http://a/x"
      })
  void shouldNameValueAndBothForms(String text) {
    assertThatThrownBy(() -> ApiAddress.parse(text))
        .isInstanceOf(ClientFailure.class)
        .hasMessage(
            "--server \"" + text + "\" is no API address: use http://HOST:PORT or unix:/PATH");
  }
}
