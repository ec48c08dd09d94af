/**
 * The wire between control planes, agents and DNS servers: the one translator between messages and
 * the model, and the follower that keeps a stream of state alive.
 */
@NullMarked
package io.podwire.proto;

import org.jspecify.annotations.NullMarked;
