/** Clients whose exit codes and words say why a connection failed. */
@NullMarked
package io.podwire.agnhost.client;

import org.jspecify.annotations.NullMarked;
