/**
 * A running cluster and handles of what is in it: programs in Pods, faults, captures, DNS. Each
 * cluster is processes of its own, which end with this JVM, however it ends.
 */
@NullMarked
package io.podwire.testkit.cluster;

import org.jspecify.annotations.NullMarked;
