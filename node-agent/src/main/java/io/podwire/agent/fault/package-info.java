/** The faults that act on this node, and what comes of them. */
@NullMarked
package io.podwire.agent.fault;

import org.jspecify.annotations.NullMarked;
