package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaRuntimeTest {

  @TempDir Path caches;

  @Test
  void shouldUseTheCachesThatAreThere() throws IOException {
    Path cache = Files.createFile(caches.resolve("agnhost.aot"));
    JavaRuntime runtime = JavaRuntime.of("a.jar", caches);

    assertThat(runtime.cacheOptions("agnhost")).containsExactly("-XX:AOTCache=" + cache);
    assertThat(runtime.cacheOptions("agent")).isEmpty();
  }

  @Test
  void shouldRunWithoutCachesWhereNobodyNamesAFolder() {
    assertThat(JavaRuntime.of("a.jar", null).cacheOptions("agent")).isEmpty();
  }

  @Test
  void shouldMakeTheCachesWhenRecording() {
    assertThat(new JavaRuntime("a.jar", caches, true).cacheOptions("agent"))
        .containsExactly("-XX:AOTCacheOutput=" + caches.resolve("agent.aot"));
  }

  @Test
  void shouldEndItsOptionsWithTheClassPathAndTheMainClass() {
    List<String> command =
        JavaRuntime.of("a.jar:b.jar", null).command("agnhost", "x.Main", List.of("-Xmx9m"));

    assertThat(command).startsWith(JavaRuntime.java()).containsAll(JavaRuntime.OPTIONS);
    assertThat(command).endsWith("-Xmx9m", "-cp", "a.jar:b.jar", "x.Main");
  }

  @Test
  void shouldReadFurtherOptionsFromTheEnvironment() {
    assertThat(JavaRuntime.moreOptions(Map.of("PODWIRE_JVM_OPTIONS", " -Da=b  -Xmx1m ")))
        .containsExactly("-Da=b", "-Xmx1m");
    assertThat(JavaRuntime.moreOptions(Map.of())).isEmpty();
  }
}
