/** Manual pages of the commands, from what the commands say of themselves. */
@NullMarked
package io.podwire.cli.manual;

import org.jspecify.annotations.NullMarked;
