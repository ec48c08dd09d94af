package io.podwire.dns.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line as it was written; {@link DnsConfiguration} says what it means. */
final class DnsOptions {

  @Option(
      names = "--config",
      paramLabel = "COREFILE",
      description = "A Corefile to serve by. Default: one made of the options below")
  @Nullable Path config;

  @Option(
      names = "--print-config",
      description = "Print the Corefile that the server would serve by, and end.")
  boolean printConfig;

  @Option(
      names = "--listen",
      split = ",",
      paramLabel = "ADDRESS:PORT",
      description = "Where to serve UDP and TCP; repeatable. Default: 0.0.0.0:53")
  List<String> listen = new ArrayList<>();

  @Option(
      names = "--control-plane",
      split = ",",
      paramLabel = "HOST:PORT",
      description = "Control planes to follow, tried in turn. Default: none, no cluster zone")
  List<String> controlPlane = new ArrayList<>();

  @Option(
      names = "--upstream",
      split = ",",
      paramLabel = "ADDRESS[:PORT]",
      description = "Resolvers for other names; repeatable. Default: the cluster's")
  List<String> upstream = new ArrayList<>();

  @Option(names = "--hosts", paramLabel = "FILE", description = "A hosts file to answer from.")
  @Nullable Path hosts;

  @Option(
      names = "--zone",
      paramLabel = "NAME",
      description = "The cluster's zone. Default: what the cluster says")
  @Nullable String zone;

  @Option(
      names = "--loops",
      paramLabel = "N",
      description = "Event loops, each with its own UDP socket. Default: one for two processors")
  @Nullable Integer loops;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Written once it serves and is in sync; removed at exit.")
  @Nullable Path readyFile;
}
