/**
 * The registry, leader election and sessions on ZooKeeper: the only package that knows ZooKeeper or
 * Curator.
 *
 * <pre>
 * /podwire/registry/RESOURCE/NAMESPACE or _/NAME   an object with the claims that it holds
 * /podwire/registry/marker                         written with every change: tells its zxid
 * /podwire/claims/POOL/VALUE                       the owner's key; exists once or not at all
 * /podwire/sessions/nodes/NAME                     ephemeral, while an agent's stream is open
 * /podwire/sessions/controlplanes/ID               ephemeral, with the address for agents
 * /podwire/config                                  what all control planes have to agree on
 * /podwire/done/TASK                               what is done once in the cluster's life
 * /podwire/latch, /podwire/epoch                   who leads, and how often that has changed
 * </pre>
 */
@NullMarked
package io.podwire.controlplane.zookeeper;

import org.jspecify.annotations.NullMarked;
