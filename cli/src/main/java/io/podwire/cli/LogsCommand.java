package io.podwire.cli;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiResponse;
import io.podwire.client.api.Resource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire logs}: what a Pod's program has written. */
@Command(
    name = "logs",
    description = "Print what a Pod's program has written.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class LogsCommand extends Invocation implements Callable<Integer> {
  @Parameters(paramLabel = "POD", description = "the Pod's name")
  String pod = "";

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "default: ${DEFAULT-VALUE}")
  String namespace = "";

  @Option(
      names = {"-c", "--container"},
      description = "default: the Pod's first")
  @Nullable String container;

  @Option(
      names = {"-f", "--follow"},
      description = "go on with what is written until Ctrl-C")
  boolean follow;

  @Option(names = "--tail", paramLabel = "LINES", description = "only the last lines")
  @Nullable Integer tail;

  @Option(
      names = {"-p", "--previous"},
      description = "of the run before the current one")
  boolean previous;

  @Override
  public Integer call() {
    if (tail != null && tail < 0) {
      throw new CommandFailure(
          "--tail " + tail + ": give a number of lines, 0 or more", ExitCode.USAGE, null);
    }
    StringBuilder path =
        new StringBuilder(Resource.POD.objectPath(namespace, pod))
            .append("/log?follow=")
            .append(follow);
    path.append("&previous=").append(previous);
    if (container != null) {
      path.append("&container=").append(Resource.encode(container));
    }
    if (tail != null) {
      path.append("&tailLines=").append(tail);
    }
    try (ApiClient api = podwire().connect();
        ApiResponse response = api.stream(path.toString())) {
      response.body().transferTo(new FileOutputStream(FileDescriptor.out));
      return ExitCode.OK;
    } catch (IOException failure) {
      throw new CommandFailure("the log broke off: " + failure.getMessage(), failure);
    }
  }
}
