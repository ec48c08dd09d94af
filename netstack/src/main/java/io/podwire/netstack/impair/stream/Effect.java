package io.podwire.netstack.impair.stream;

/** What toxics do, as it is counted. */
enum Effect {
  DELAYED("delayed"),
  PACED("paced"),
  SLICED("sliced"),
  STOPPED("stopped"),
  OVERFLOWED("overflowed"),
  SLOW_CLOSED("slowClosed"),
  TIMED_OUT("timedOut"),
  RESET("reset"),
  LIMITED("limited"),
  REFUSED("refused");

  final String key;

  Effect(String key) {
    this.key = key;
  }
}
