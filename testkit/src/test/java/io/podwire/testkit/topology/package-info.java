/** Topologies as manifests. */
@NullMarked
package io.podwire.testkit.topology;

import org.jspecify.annotations.NullMarked;
