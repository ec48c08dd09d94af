package io.podwire.agent.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class PlainArgumentsTest {

  private static final String[] PLAIN = {
    "--name=node-1",
    "--address=172.30.0.11",
    "--control-plane=172.30.0.2:6500,172.30.0.3:6500",
    "--state=/s/node-1",
    "--preset=flannel",
    "--ready-file=/run/node-1.ready",
    "--start-caches=/dist/aot"
  };

  @Command
  private static final class Empty {}

  @Test
  void shouldReadWhatTheLibraryReads() {
    CommandLine library = new CommandLine(new Empty());
    AgentOptions expected = new AgentOptions();
    library.addMixin("options", expected);
    library.parseArgs(PLAIN);

    assertThat(PlainArguments.read(PLAIN, Map.of()))
        .hasValueSatisfying(
            read -> assertThat(read).usingRecursiveComparison().isEqualTo(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--name", "node-1", "--nam=x", "--name=", "--name='x'", "-n=x"})
  void shouldLeaveEverythingElseToTheLibrary(String argument) {
    assertThat(PlainArguments.read(new String[] {argument}, Map.of())).isEmpty();
  }

  @Test
  void shouldLeaveDefaultsFromTheEnvironmentToTheLibrary() {
    assertThat(PlainArguments.read(PLAIN, Map.of("PODWIRE_GRPC_PORT", "1"))).isEmpty();
  }
}
