/**
 * Clusters of containers, and any container as a Pod, for Testcontainers (an optional dependency).
 */
@NullMarked
package io.podwire.testkit.testcontainers;

import org.jspecify.annotations.NullMarked;
