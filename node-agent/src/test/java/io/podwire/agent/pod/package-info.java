/** Pods as processes; tests named IT need root. */
@NullMarked
package io.podwire.agent.pod;

import org.jspecify.annotations.NullMarked;
