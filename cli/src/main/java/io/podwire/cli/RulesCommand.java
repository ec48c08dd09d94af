package io.podwire.cli;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiResponse;
import io.podwire.client.api.Resource;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire rules}: by what a node balances connections to Services. */
@Command(
    name = "rules",
    description = {
      "Print the rules by which a node balances connections to Services.",
      "As the mode's own tool prints them: iptables-save, nft list, ipvsadm -Sn."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class RulesCommand extends Invocation implements Callable<Integer> {

  @Parameters(paramLabel = "NODE", description = "such as node-1")
  String node = "";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "",
      description =
          "as they would be in this mode: iptables, nftables, userspace, maglev, or ipvs with a"
              + " scheduler as in ipvs/wrr (default: the node's own)")
  String mode = "";

  @Option(names = "--ipv6", description = "those for IPv6")
  boolean ipv6;

  @Override
  public Integer call() {
    String path =
        Resource.NODE.objectPath("", node)
            + "/rules?family="
            + (ipv6 ? "ipv6" : "ipv4")
            + "&mode="
            + URLEncoder.encode(mode, StandardCharsets.UTF_8);
    try (ApiClient api = podwire().connect();
        ApiResponse response = api.stream(path);
        Reader text = new InputStreamReader(response.body(), StandardCharsets.UTF_8)) {
      text.transferTo(out());
      out().flush();
    } catch (IOException failure) {
      throw new CommandFailure("the rules broke off: " + failure.getMessage(), failure);
    }
    return ExitCode.OK;
  }
}
