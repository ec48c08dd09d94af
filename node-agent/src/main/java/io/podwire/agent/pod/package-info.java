/**
 * Pods as real processes: their namespaces, addresses, programs, logs, restarts and readiness.
 *
 * <p>{@link io.podwire.agent.pod.PodFleet} is the door. One thread owns the state; what blocks runs
 * on virtual threads and hands its result back.
 */
@NullMarked
package io.podwire.agent.pod;

import org.jspecify.annotations.NullMarked;
