@NullMarked
package io.podwire.controlplane.api;

import org.jspecify.annotations.NullMarked;
