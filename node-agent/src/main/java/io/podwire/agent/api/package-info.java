/**
 * What control planes ask of a node for its Pods: running programs in them and reading their logs.
 */
@NullMarked
package io.podwire.agent.api;

import org.jspecify.annotations.NullMarked;
