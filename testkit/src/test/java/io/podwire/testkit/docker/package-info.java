/** Tests of the images and of the Compose file, on a real Docker engine. */
@NullMarked
package io.podwire.testkit.docker;

import org.jspecify.annotations.NullMarked;
