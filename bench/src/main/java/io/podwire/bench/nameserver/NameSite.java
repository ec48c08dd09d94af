package io.podwire.bench.nameserver;

import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;

/**
 * The server that others are compared with, running already.
 *
 * @param namespace that it runs in; the others are started beside it
 * @param port that it serves on 127.0.0.1
 * @param names that it serves
 */
public record NameSite(NetworkNamespace namespace, int port, ServiceNames names) {

  /** How to get there. */
  @FunctionalInterface
  public interface Source {

    /** Starts it with so many names; what it is made of is removed with the workbench. */
    NameSite start(Workbench bench, int names);
  }
}
