package io.podwire.testkit.architecture;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The modules from the ground up, each with those that it may use: every arrow points down, none
 * between siblings. Adding a module adds one entry.
 */
enum Module {
  // L1
  PACKET("packet"),
  LINUX("linux", PACKET),
  // L2
  NETSTACK("netstack", PACKET),
  CLUSTER("cluster", PACKET),
  // L3
  PROTO("proto", CLUSTER, PACKET),
  CLIENT("client", PACKET),
  // L4: siblings meet only on the wire.
  NODE_AGENT("agent", PROTO, LINUX, NETSTACK, CLUSTER, PACKET),
  CONTROL_PLANE("controlplane", PROTO, NETSTACK, CLUSTER, PACKET),
  DNS_SERVER("dns", PROTO, LINUX, NETSTACK, CLUSTER, PACKET),
  AGNHOST("agnhost", PROTO, NETSTACK, CLUSTER, PACKET),
  SANDBOX("sandbox", LINUX, CLUSTER, PACKET),
  BENCH("bench", LINUX, NETSTACK, CLUSTER, PACKET),
  // L5
  // Packs the programs, and uses none: a user's test JVM loads it.
  DIST("dist"),
  // Its main classes are loaded by users' test JVMs: only what runs on Java 17.
  TESTKIT("testkit", DIST, CLIENT, CLUSTER, PACKET),
  CLI(
      "cli",
      BENCH,
      CLIENT,
      LINUX,
      NODE_AGENT,
      CONTROL_PLANE,
      DNS_SERVER,
      AGNHOST,
      PROTO,
      NETSTACK,
      CLUSTER,
      PACKET);

  static final String ROOT_PACKAGE = "io.podwire";

  private final String packageName;
  private final Module[] uses;

  Module(String packageName, Module... uses) {
    this.packageName = packageName;
    this.uses = uses;
  }

  /** The module's folder below the project's root. */
  String folder() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** ArchUnit's pattern for all of the module's packages. */
  String packages() {
    return ROOT_PACKAGE + "." + packageName + "..";
  }

  /** The modules that it may use, itself included. */
  Set<Module> reach() {
    Set<Module> reach = EnumSet.of(this);
    reach.addAll(Set.of(uses));
    return reach;
  }
}
