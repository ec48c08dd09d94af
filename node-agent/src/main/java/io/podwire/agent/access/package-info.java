/**
 * What control planes ask of a node for its Pods: running programs in them and reading their logs.
 */
@NullMarked
package io.podwire.agent.access;

import org.jspecify.annotations.NullMarked;
