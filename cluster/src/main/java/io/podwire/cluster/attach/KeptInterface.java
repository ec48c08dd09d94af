package io.podwire.cluster.attach;

/**
 * Where the agent finds the TAP of a Pod that nobody holds but the agent itself.
 *
 * @param id by which whoever attached it names it, such as {@code CONTAINER/eth0}
 * @param netns path of the network namespace's file, as the agent sees it
 * @param interfaceName in there
 */
public record KeptInterface(String id, String netns, String interfaceName) {}
