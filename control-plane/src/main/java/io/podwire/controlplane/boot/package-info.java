/** The control plane's process: options, their validation, wiring, start and end. */
@NullMarked
package io.podwire.controlplane.boot;

import org.jspecify.annotations.NullMarked;
