package io.podwire.testkit.statistics;

/**
 * How the sender fared.
 *
 * @param lag99Nanos 99th percentile of how late it began what was due
 * @param interfaceDrops datagrams that its interface lost because nobody took them in time
 */
record SenderReport(long lag99Nanos, long interfaceDrops) {

  static SenderReport of(String text) {
    String[] fields = text.strip().split(" ");
    return new SenderReport(Long.parseLong(fields[1]), Long.parseLong(fields[3]));
  }

  String text() {
    return "lag99 " + lag99Nanos + " drops " + interfaceDrops;
  }
}
