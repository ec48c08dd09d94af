/**
 * Faults judged by a sender and a receiver that know nothing of them, over real sockets. Of Podwire
 * only the command is used: no class that takes or checks the decisions.
 */
@NullMarked
package io.podwire.testkit.statistics;

import org.jspecify.annotations.NullMarked;
