package io.podwire.agent.pod;

import io.podwire.cluster.attach.KeptInterface;
import io.podwire.linux.Tap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace's TAP, which is a Pod's network while somebody holds it.
 *
 * @param description of the Pod, such that equal ones have equal texts
 * @param kept where an agent finds the TAP again; null where another program holds it
 * @param ended told why, once the Pod is no more; called on the fleet's thread, does not block
 */
public record Attachment(
    Tap tap, String description, @Nullable KeptInterface kept, Consumer<String> ended) {}
