/**
 * What a program that has a network namespace says to a node's agent to make it a Pod, and what it
 * is told: messages of one JSON object each.
 */
@NullMarked
package io.podwire.cluster.attach;

import org.jspecify.annotations.NullMarked;
