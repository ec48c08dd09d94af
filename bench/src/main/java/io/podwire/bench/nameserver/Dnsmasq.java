package io.podwire.bench.nameserver;

import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** dnsmasq with the names in a hosts file; it has one thread. */
public final class Dnsmasq implements NameServer {
  private static final String NAME = "dnsmasq";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "dnsmasq: a hosts file, one thread";
  }

  @Override
  public Optional<String> missing() {
    return Tool.missing(Tool.DNSMASQ);
  }

  @Override
  public void start(Workbench bench, NetworkNamespace namespace, ServiceNames names, int port) {
    ServerFiles files = new ServerFiles(bench, NAME);
    Path hosts =
        files.write(
            "hosts",
            names.addresses().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .toList());
    Path configuration =
        files.write(
            "dnsmasq.conf",
            List.of(
                "port=" + port,
                "listen-address=127.0.0.1",
                "bind-interfaces",
                "no-resolv",
                "no-hosts",
                "addn-hosts=" + hosts,
                "user=root",
                "group=root",
                "local=/" + names.zone() + "/",
                "local-ttl=" + ServiceNames.TIME_TO_LIVE,
                "pid-file=",
                "log-facility=-"));
    files.serve(
        namespace,
        port,
        List.of(Tool.DNSMASQ.program(), "--keep-in-foreground", "-C", configuration.toString()));
  }
}
