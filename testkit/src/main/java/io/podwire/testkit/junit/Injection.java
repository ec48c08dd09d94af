package io.podwire.testkit.junit;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.cluster.Dns;
import io.podwire.testkit.cluster.Node;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.cluster.Service;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** Finds what a parameter asks for. */
final class Injection {
  private static final Set<Class<?>> TYPES =
      Set.of(Cluster.class, Node.class, Pod.class, Service.class, Dns.class);

  private Injection() {}

  static boolean knows(Class<?> type) {
    return TYPES.contains(type);
  }

  /** The handle for the parameter, by its type and {@link Named}. */
  static Object resolve(ParameterContext parameter, Cluster cluster) {
    Class<?> type = parameter.getParameter().getType();
    Optional<String> name = parameter.findAnnotation(Named.class).map(Named::value);
    try {
      if (type == Pod.class) {
        return name.isPresent() ? cluster.pod(name.get()) : only(parameter, cluster.pods());
      }
      if (type == Service.class) {
        return name.isPresent() ? cluster.service(name.get()) : only(parameter, cluster.services());
      }
      if (type == Node.class) {
        return name.isPresent() ? cluster.node(name.get()) : only(parameter, cluster.nodes());
      }
    } catch (ClusterFailure unknown) {
      throw new ParameterResolutionException(
          "parameter " + parameter.getParameter() + ": " + unknown.getMessage(), unknown);
    }
    return type == Dns.class ? cluster.dns() : cluster;
  }

  private static Object only(ParameterContext parameter, List<?> candidates) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    throw new ParameterResolutionException(
        "parameter " + parameter.getParameter() + ": say which by @Named: there are " + candidates);
  }
}
