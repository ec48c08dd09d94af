/** What the emulator needs to know of Kubernetes objects, as immutable records. */
@NullMarked
package io.podwire.cluster.model;

import org.jspecify.annotations.NullMarked;
