/**
 * The gRPC streams to agents and DNS servers: a snapshot of the state, then its changes; and the
 * way back, on which agents register their nodes and report their Pods.
 */
@NullMarked
package io.podwire.controlplane.sync;

import org.jspecify.annotations.NullMarked;
