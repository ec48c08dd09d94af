/** A cluster on this machine: its state folder, namespaces, processes, start and teardown. */
@NullMarked
package io.podwire.cli.local;

import org.jspecify.annotations.NullMarked;
