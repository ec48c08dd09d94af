/** The agent's command line, configuration and start. */
@NullMarked
package io.podwire.agent.boot;

import org.jspecify.annotations.NullMarked;
