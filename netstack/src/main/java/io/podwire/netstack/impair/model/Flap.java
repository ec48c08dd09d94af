package io.podwire.netstack.impair.model;

/**
 * The link is down and up in turn, down first; the phases count from the fault's start, so that
 * they are the same on every link of the fault. netem has no counterpart.
 */
public record Flap(long downNanos, long upNanos) implements Impairment {

  public Flap {
    Checks.positive("down time of a flap", downNanos);
    Checks.positive("up time of a flap", upNanos);
  }

  public boolean isDown(long startNanos, long nowNanos) {
    return Math.floorMod(nowNanos - startNanos, downNanos + upNanos) < downNanos;
  }
}
