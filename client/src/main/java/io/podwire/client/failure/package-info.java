/** What a client of the control plane can fail with: each message is all that a user needs. */
@NullMarked
package io.podwire.client.failure;

import org.jspecify.annotations.NullMarked;
