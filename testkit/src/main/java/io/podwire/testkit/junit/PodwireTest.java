package io.podwire.testkit.junit;

import io.podwire.testkit.topology.IpFamily;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a cluster. Parameters of type Cluster, Node, Pod, Service and Dns are
 * injected; {@link Named} says which.
 *
 * <p>For a topology written in Java use {@link PodwireExtension#builder}.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PodwireExtension.class)
public @interface PodwireTest {
  /** How many nodes; their names are node-1, node-2 and so on. */
  int nodes() default 3;

  /**
   * What is in the cluster from the start: files by path, or resources beside the test class or at
   * the class path's root.
   */
  String[] manifests() default {};

  /** Which addresses everything in it has. */
  IpFamily ipFamily() default IpFamily.IPV4;

  /** How long the cluster lives. */
  Lifecycle lifecycle() default Lifecycle.CLASS;

  /** How long the start may take until everything is Ready. */
  int startSeconds() default 120;
}
