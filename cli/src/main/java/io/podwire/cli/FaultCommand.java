package io.podwire.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.fault.FaultScope;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code podwire fault}: one subcommand for each effect, each of which makes one NetworkFault. */
@Command(
    name = "fault",
    description = "Break the network on purpose, for a while, and learn what came of it.",
    sortOptions = false,
    subcommands = {
      FaultListCommand.class,
      FaultRemoveCommand.class,
      FaultReceiptCommand.class,
      FaultDecisionsCommand.class,
    },
    mixinStandardHelpOptions = true)
final class FaultCommand extends FaultMaker implements Callable<Integer> {
  @Spec private @Nullable CommandSpec faultSpec;

  @Override
  public Integer call() {
    throw new ParameterException(
        Objects.requireNonNull(faultSpec).commandLine(),
        "Missing: an effect such as delay, or ls, rm, receipt, decisions");
  }

  @Command(
      name = "delay",
      description = "Delay packets, one way.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int delay(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "TIME", description = "such as 100ms") String time,
      @Option(names = "--jitter", paramLabel = "TIME", description = "spread around it")
          @Nullable String jitter,
      @Option(names = "--correlation", paramLabel = "PERCENT", description = "such as 25%%")
          @Nullable String correlation,
      @Option(
              names = "--distribution",
              paramLabel = "NAME",
              description = "uniform, normal, pareto or paretonormal")
          @Nullable String distribution) {
    return make(
        "delay",
        scope,
        spec ->
            put(
                spec.putObject("delay"),
                "latency",
                time,
                "jitter",
                jitter,
                "correlation",
                correlation,
                "distribution",
                distribution));
  }

  @Command(
      name = "loss",
      description = "Lose packets: at random, in bursts, or by count.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int loss(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "PERCENT", arity = "0..1", description = "such as 10%%")
          @Nullable String percent,
      @Option(names = "--correlation", paramLabel = "PERCENT", description = "such as 25%%")
          @Nullable String correlation,
      @Option(
              names = "--gemodel",
              split = ",",
              paramLabel = "P,R,1-H,1-K",
              description = "Gilbert-Elliott, in percent; the last two may be left out")
          @Nullable List<String> gemodel,
      @Option(
              names = "--state",
              split = ",",
              paramLabel = "P13,P31,P32,P23,P14",
              description = "four states, in percent; the last ones may be left out")
          @Nullable List<String> state,
      @Option(
              names = "--nth",
              split = ",",
              paramLabel = "EVERY,PACKET",
              description = "of every EVERY packets the one with this number, from 0")
          @Nullable List<Integer> nth,
      @Option(names = "--ecn", description = "mark packets instead, where they can be")
          boolean ecn) {
    return make(
        "loss",
        scope,
        spec -> {
          ObjectNode loss = spec.putObject("loss");
          put(loss, "percent", percent, "correlation", correlation);
          fields(loss, "gemodel", gemodel, List.of("p", "r", "lossInBad", "lossInGood"));
          fields(loss, "state", state, List.of("p13", "p31", "p32", "p23", "p14"));
          if (nth != null) {
            if (nth.size() != 2) {
              throw new CommandFailure("--nth: give EVERY,PACKET", ExitCode.USAGE, null);
            }
            loss.putObject("nth").put("every", nth.get(0)).put("packet", nth.get(1));
          }
          if (ecn) {
            loss.put("ecn", true);
          }
        });
  }

  @Command(
      name = "duplicate",
      description = "Send packets twice.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int duplicate(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "PERCENT", description = "such as 1%%") String percent,
      @Option(names = "--correlation", paramLabel = "PERCENT", description = "such as 25%%")
          @Nullable String correlation) {
    return make(
        "duplicate",
        scope,
        spec -> put(spec.putObject("duplicate"), "percent", percent, "correlation", correlation));
  }

  @Command(
      name = "corrupt",
      description = "Turn one bit of packets.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int corrupt(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "PERCENT", description = "such as 1%%") String percent,
      @Option(names = "--correlation", paramLabel = "PERCENT", description = "such as 25%%")
          @Nullable String correlation) {
    return make(
        "corrupt",
        scope,
        spec -> put(spec.putObject("corrupt"), "percent", percent, "correlation", correlation));
  }

  @Command(
      name = "reorder",
      description = "Send packets ahead of others that are delayed.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int reorder(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "PERCENT", description = "such as 25%%") String percent,
      @Option(
              names = "--delay",
              required = true,
              paramLabel = "TIME",
              description = "of the others, such as 10ms")
          String delay,
      @Option(names = "--correlation", paramLabel = "PERCENT", description = "such as 50%%")
          @Nullable String correlation,
      @Option(names = "--gap", paramLabel = "N", description = "every N-th packet at most")
          @Nullable Integer gap) {
    return make(
        "reorder",
        scope,
        spec -> {
          spec.putObject("delay").put("latency", delay);
          ObjectNode reorder = spec.putObject("reorder");
          put(reorder, "percent", percent, "correlation", correlation);
          put(reorder, "gap", gap);
        });
  }

  @Command(
      name = "rate",
      description = "Limit the rate, as netem does.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int rate(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "RATE", description = "such as 10mbit") String rate,
      @Option(names = "--packet-overhead", paramLabel = "BYTES") @Nullable Integer packetOverhead,
      @Option(names = "--cell-size", paramLabel = "BYTES") @Nullable Integer cellSize,
      @Option(names = "--cell-overhead", paramLabel = "BYTES") @Nullable Integer cellOverhead) {
    return make(
        "rate",
        scope,
        spec -> {
          ObjectNode limited = spec.putObject("rate").put("rate", rate);
          put(limited, "packetOverhead", packetOverhead);
          put(limited, "cellSize", cellSize);
          put(limited, "cellOverhead", cellOverhead);
        });
  }

  @Command(
      name = "bandwidth",
      description = "Limit the bandwidth by a token bucket, in Chaos Mesh's units: bps are bytes.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int bandwidth(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "RATE", description = "such as 1mbps, a million bytes a second")
          String rate,
      @Option(
              names = "--limit",
              paramLabel = "BYTES",
              defaultValue = "20971520",
              description = "of the queue (default: ${DEFAULT-VALUE})")
          int limit,
      @Option(
              names = "--buffer",
              paramLabel = "BYTES",
              defaultValue = "10000",
              description = "of the bucket (default: ${DEFAULT-VALUE})")
          int buffer,
      @Option(names = "--peakrate", paramLabel = "RATE") @Nullable String peakrate,
      @Option(names = "--minburst", paramLabel = "BYTES") @Nullable Integer minburst) {
    return make(
        "bandwidth",
        scope,
        spec -> {
          ObjectNode limited = spec.putObject("bandwidth");
          limited.put("rate", rate).put("limit", limit).put("buffer", buffer);
          put(limited, "peakrate", peakrate);
          put(limited, "minburst", minburst);
        });
  }

  @Command(
      name = "slot",
      description = "Send packets in slots of time.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int slot(
      @Mixin FaultScope scope,
      @Parameters(index = "0", paramLabel = "MIN", description = "such as 1ms") String min,
      @Parameters(index = "1", arity = "0..1", paramLabel = "MAX", description = "such as 5ms")
          @Nullable String max,
      @Option(names = "--packets", paramLabel = "N", description = "in a slot at most")
          @Nullable Integer packets,
      @Option(names = "--bytes", paramLabel = "N", description = "in a slot at most")
          @Nullable Integer bytes) {
    return make(
        "slot",
        scope,
        spec -> {
          ObjectNode slot = spec.putObject("slot");
          put(slot, "min", min, "max", max);
          put(slot, "packets", packets);
          put(slot, "bytes", bytes);
        });
  }

  @Command(
      name = "partition",
      description = "Cut what is chosen off from the other end, or into parts.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int partition(
      @Mixin FaultScope scope,
      @Option(
              names = "--shape",
              paramLabel = "SHAPE",
              description = "one, majority, majorities-ring, minority-third or all")
          @Nullable String shape) {
    return make("partition", scope, spec -> put(spec.putObject("partition"), "shape", shape));
  }

  @Command(
      name = "hold",
      description = "Keep packets until the fault ends, then let them go.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int hold(@Mixin FaultScope scope) {
    return make("hold", scope, spec -> spec.putObject("hold"));
  }

  @Command(
      name = "flap",
      description = "Have the link work and fail in turns.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int flap(
      @Mixin FaultScope scope,
      @Parameters(index = "0", paramLabel = "UP", description = "such as 5s") String up,
      @Parameters(index = "1", paramLabel = "DOWN", description = "such as 1s") String down) {
    return make("flap", scope, spec -> put(spec.putObject("flap"), "up", up, "down", down));
  }

  @Command(
      name = "mtu",
      description = "Lose larger packets without a word: an MTU blackhole.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int mtu(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "BYTES", description = "such as 1280") int bytes) {
    return make("mtu", scope, spec -> spec.put("mtu", bytes));
  }

  @Command(
      name = "down",
      description = "Take the interface's carrier away.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int down(@Mixin FaultScope scope) {
    return make("down", scope, spec -> spec.putObject("interfaceDown"));
  }

  @Command(
      name = "stream",
      description = "Act on TCP connections, as Toxiproxy's toxics do.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int stream(
      @Mixin FaultScope scope,
      @Parameters(
              paramLabel = "TYPE",
              description =
                  "latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data or down")
          String type,
      @Option(
              names = {"-a", "--attribute"},
              paramLabel = "NAME=NUMBER",
              description = "Toxiproxy's, such as latency=100; repeatable")
          @Nullable Map<String, Long> attributes,
      @Option(
              names = "--stream",
              paramLabel = "SIDE",
              description = "upstream or downstream (default: downstream)")
          @Nullable String side,
      @Option(names = "--toxicity", paramLabel = "0-1", description = "the share of connections")
          @Nullable Double toxicity) {
    return make(
        "stream",
        scope,
        spec -> {
          ObjectNode toxic = spec.putArray("stream").addObject();
          put(toxic, "type", type, "stream", side);
          if (toxicity != null) {
            toxic.put("toxicity", toxicity);
          }
          if (attributes != null) {
            ObjectNode named = toxic.putObject("attributes");
            attributes.forEach(named::put);
          }
        });
  }

  @Command(
      name = "dns",
      description = "Change what chosen Pods are answered by the cluster's DNS server.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int dns(
      @Mixin FaultScope scope,
      @Parameters(
              paramLabel = "ACTION",
              description =
                  "nxdomain, servfail, refused, truncated, delay, drop, address, a-only, aaaa-only"
                      + " or wrong-id")
          String action,
      @Option(
              names = "--pattern",
              paramLabel = "NAME",
              description = "with ? and a trailing *; repeatable (default: every name)")
          @Nullable List<String> patterns,
      @Option(names = "--type", paramLabel = "TYPE", description = "such as A; repeatable")
          @Nullable List<String> types,
      @Option(names = "--address", paramLabel = "ADDRESS", description = "of action address")
          @Nullable List<String> addresses,
      @Option(names = "--delay", paramLabel = "TIME", description = "of action delay")
          @Nullable String delay,
      @Option(names = "--percent", paramLabel = "PERCENT", description = "of the queries")
          @Nullable String percent) {
    return make(
        "dns",
        scope,
        spec -> {
          ObjectNode dns = spec.putObject("dns");
          put(dns, "action", action, "delay", delay, "percent", percent);
          list(dns, "patterns", patterns);
          list(dns, "types", types);
          list(dns, "addresses", addresses);
        });
  }

  @Command(
      name = "node",
      description = "Act on nodes' agents, or on what they hear of the control plane.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int node(
      @Mixin FaultScope scope,
      @Parameters(
              paramLabel = "ACTION",
              description =
                  "agent-kill, agent-pause, control-plane-cut, delayed-endpoints, stale-endpoints"
                      + " or zookeeper-session-expired")
          String action,
      @Option(names = "--delay", paramLabel = "TIME", description = "of delayed-endpoints")
          @Nullable String delay) {
    return makeOnNodes(
        "node",
        scope,
        action.equals("agent-kill") || action.equals("zookeeper-session-expired"),
        spec -> put(spec.putObject("node"), "action", action, "delay", delay));
  }

  @Command(
      name = "pod",
      description = "Kill Pods, or their programs.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int pod(
      @Mixin FaultScope scope,
      @Parameters(paramLabel = "ACTION", description = "pod-kill, pod-failure or container-kill")
          String action) {
    return makeOnce(
        "pod",
        scope,
        !action.equals("pod-failure"),
        spec -> put(spec.putObject("pod"), "action", action));
  }

  private static void fields(
      ObjectNode loss, String model, @Nullable List<String> values, List<String> names) {
    if (values != null) {
      if (values.size() > names.size()) {
        throw new CommandFailure(
            "--" + model + ": at most " + names.size() + " values", ExitCode.USAGE, null);
      }
      ObjectNode fields = loss.putObject(model);
      for (int i = 0; i < values.size(); i++) {
        fields.put(names.get(i), values.get(i));
      }
    }
  }

  private static void list(ObjectNode object, String field, @Nullable List<String> texts) {
    if (texts != null) {
      var list = object.putArray(field);
      texts.forEach(list::add);
    }
  }

  private static void put(ObjectNode object, String field, @Nullable Integer number) {
    if (number != null) {
      object.put(field, number);
    }
  }

  /** Fields and their texts in turns; those without a text are left out. */
  private static void put(ObjectNode object, @Nullable String... fieldsAndTexts) {
    for (int i = 0; i < fieldsAndTexts.length; i += 2) {
      String text = fieldsAndTexts[i + 1];
      if (text != null) {
        object.put(Objects.requireNonNull(fieldsAndTexts[i]), text);
      }
    }
  }
}
