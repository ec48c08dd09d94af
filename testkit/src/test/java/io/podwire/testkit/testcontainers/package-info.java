/** Tests of clusters of containers, on a real Docker engine. */
@NullMarked
package io.podwire.testkit.testcontainers;

import org.jspecify.annotations.NullMarked;
