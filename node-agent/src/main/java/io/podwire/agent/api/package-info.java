/**
 * What control planes ask of a node for its Pods: running programs in them, reading their logs,
 * capturing their packets.
 */
@NullMarked
package io.podwire.agent.api;

import org.jspecify.annotations.NullMarked;
