package io.podwire.agent.boot;

import io.podwire.agent.boot.AgentConfig.InvalidConfig;
import io.podwire.linux.LinuxException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The agent's command: one JVM, one node. */
@Command(
    name = "podwire-agent",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs one node: its Pods, its bridge and its tunnel to the other nodes.")
public final class NodeAgent implements Callable<Integer> {

  /** A configuration error (sysexits.h EX_CONFIG): starting again would not help. */
  static final int EXIT_CONFIG = 78;

  private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

  @Mixin private AgentOptions options = new AgentOptions();

  @Override
  public Integer call() throws InterruptedException, UnknownHostException {
    AgentConfig config;
    NodeLink link;
    try {
      config = AgentConfig.of(options);
      link = NodeLink.of(config.address());
      List<String> taken =
          FreePorts.problems(
              InetAddress.getByAddress(config.address().toBytes()),
              config.vxlanPort(),
              config.grpcPort());
      if (!taken.isEmpty()) {
        return refuse(taken);
      }
    } catch (InvalidConfig e) {
      return refuse(e.problems());
    } catch (LinuxException e) {
      return refuse(List.of(e.getMessage()));
    }
    try (NodeLifecycle node = new NodeLifecycle(config, link)) {
      Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
      return node.run();
    }
  }

  private static int refuse(List<String> problems) {
    problems.forEach(System.err::println);
    return EXIT_CONFIG;
  }

  /** Starts the agent; ends with 78 where the configuration is at fault. */
  public static void main(String[] args) {
    System.exit(
        PlainArguments.read(args, System.getenv())
            .map(NodeAgent::run)
            .orElseGet(() -> parseAndRun(args)));
  }

  private static int run(AgentOptions options) {
    NodeAgent agent = new NodeAgent();
    agent.options = options;
    try {
      return agent.call();
    } catch (InterruptedException | UnknownHostException | RuntimeException failure) {
      return failed(failure);
    }
  }

  private static int failed(Exception failure) {
    LOG.error("the agent stops", failure);
    return 1;
  }

  private static int parseAndRun(String[] args) {
    CommandLine command = new CommandLine(new NodeAgent());
    command.setParameterExceptionHandler((failure, arguments) -> {
      System.err.println(failure.getMessage());
      return EXIT_CONFIG;
    });
    command.setExecutionExceptionHandler((failure, line, result) -> failed(failure));
    return command.execute(args);
  }
}
