package io.podwire.cluster.store;

/**
 * The exclusive right to an address: two objects can never hold the same claim.
 *
 * @param pool {@code podcidrs}, {@code clusterips} or {@code nodeports}
 * @param value the address as text
 */
public record Claim(String pool, String value) {

  public static final String POD_CIDRS = "podcidrs";
  public static final String CLUSTER_IPS = "clusterips";
  public static final String NODE_PORTS = "nodeports";
}
