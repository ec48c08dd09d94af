package io.podwire.agnhost;

import io.podwire.agnhost.carry.CarryCommand;
import io.podwire.agnhost.client.ConnectCommand;
import io.podwire.agnhost.client.GetCommand;
import io.podwire.agnhost.dig.DigCommand;
import io.podwire.agnhost.load.LoadCommand;
import io.podwire.agnhost.netexec.NetexecCommand;
import io.podwire.agnhost.netexec.ServeHostnameCommand;
import java.security.Security;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program of the image {@code podwire/agnhost}, after Kubernetes' test image of that name. */
@Command(
    name = "agnhost",
    mixinStandardHelpOptions = true,
    description = "Servers and clients to test a cluster's network with.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      NetexecCommand.class,
      ServeHostnameCommand.class,
      ConnectCommand.class,
      GetCommand.class,
      DigCommand.class,
      CarryCommand.class,
      LoadCommand.class,
      PauseCommand.class
    })
public final class Agnhost {

  public static void main(String[] args) {
    // Each name is looked up anew, as by a program without a cache: a test changes names quickly.
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    // One connection per request, so that balancing per connection shows.
    System.setProperty("http.keepAlive", "false");
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(commandLine().execute(args));
  }

  /** The parser of the command line, not yet executed. */
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Agnhost());
    // dig's @server is no file of arguments.
    commandLine.setExpandAtFiles(false);
    Objects.requireNonNull(commandLine.getSubcommands().get("dig"))
        .setUnmatchedOptionsArePositionalParams(true);
    return commandLine;
  }
}
