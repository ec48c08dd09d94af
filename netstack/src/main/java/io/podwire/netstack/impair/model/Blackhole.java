package io.podwire.netstack.impair.model;

/** Nothing passes: a partition, or an interface that is down; netem's {@code loss 100%}. */
public record Blackhole() implements Impairment {}
