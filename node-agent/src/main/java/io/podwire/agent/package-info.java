@NullMarked
package io.podwire.agent;

import org.jspecify.annotations.NullMarked;
