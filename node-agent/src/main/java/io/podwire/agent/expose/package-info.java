/**
 * What a node does for clients outside of the cluster: routing into the datapath, answers for load
 * balancers' addresses, and health checks of Services.
 */
@NullMarked
package io.podwire.agent.expose;

import org.jspecify.annotations.NullMarked;
