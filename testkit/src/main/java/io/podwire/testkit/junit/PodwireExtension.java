package io.podwire.testkit.junit;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.topology.IpFamily;
import io.podwire.testkit.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives tests a cluster: by {@link PodwireTest}, or with a topology written in Java:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PodwireExtension podwire =
 *     PodwireExtension.builder().topology(Topology.nodes(2).pods(PodSpec.server("web"))).build();
 * }</pre>
 */
public final class PodwireExtension
    implements BeforeAllCallback,
        AfterAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(PodwireExtension.class);
  private static final String LEAKS = "leaks";

  private record Settings(Topology topology, Lifecycle lifecycle) {}

  // Null: the annotation's.
  private final @Nullable Settings settings;
  private final ClusterSource source;

  /** For {@link PodwireTest}; use {@link #builder} in code. */
  public PodwireExtension() {
    this(null, ClusterSource.PROCESSES);
  }

  private PodwireExtension(@Nullable Settings settings, ClusterSource source) {
    this.settings = settings;
    this.source = source;
  }

  /** For a static field with {@code @RegisterExtension}. */
  public static Builder builder() {
    return new Builder();
  }

  /** What an extension is made of. Not thread-safe. */
  public static final class Builder {
    private Topology topology = Topology.nodes(3);
    private Lifecycle lifecycle = Lifecycle.CLASS;
    private ClusterSource source = ClusterSource.PROCESSES;

    private Builder() {}

    /** What the cluster is to be; three nodes with nothing on them where this is not called. */
    public Builder topology(Topology cluster) {
      topology = cluster;
      return this;
    }

    /** How long the cluster lives; as long as the class where this is not called. */
    public Builder lifecycle(Lifecycle life) {
      lifecycle = life;
      return this;
    }

    Builder source(ClusterSource clusters) {
      source = clusters;
      return this;
    }

    /** The extension. */
    public PodwireExtension build() {
      return new PodwireExtension(new Settings(topology, lifecycle), source);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Settings asked = settings(context);
    // A nested class uses its outer class's.
    if (asked.lifecycle() != Lifecycle.METHOD && lease(context).isEmpty()) {
      store(context).put(this, begin(context, asked));
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Settings asked = settings(context);
    if (asked.lifecycle() == Lifecycle.METHOD) {
      store(context).put(this, begin(context, asked));
    }
    Cluster cluster = cluster(context);
    boolean others = asked.lifecycle() != Lifecycle.METHOD;
    store(context).put(LEAKS, LeakCheck.begin(cluster, others, context));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Optional<Lease> lease = lease(context);
    if (lease.isEmpty()) {
      // It did not start, which has been told.
      return;
    }
    try {
      conclude(context, lease.get().cluster());
    } finally {
      if (settings(context).lifecycle() == Lifecycle.METHOD) {
        lease.get().end();
      }
    }
  }

  private void conclude(ExtensionContext context, Cluster cluster) {
    Optional<Throwable> failure = context.getExecutionException();
    failure.ifPresent(each -> FailureBundle.write(context, cluster, each));
    LeakCheck check = store(context).get(LEAKS, LeakCheck.class);
    List<String> leaks = check == null ? List.of() : check.end();
    cluster.discardEvidence();
    if (!leaks.isEmpty() && failure.isEmpty()) {
      throw new AssertionError("the test has left something behind: " + String.join("; ", leaks));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // Only its own: a nested class has none.
    Lease lease = store(context).remove(this, Lease.class);
    if (lease == null) {
      return;
    }
    context
        .getExecutionException()
        .ifPresent(failure -> FailureBundle.write(context, lease.cluster(), failure));
    lease.end();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return Injection.knows(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Injection.resolve(parameter, cluster(context));
  }

  private Lease begin(ExtensionContext context, Settings asked) {
    long began = System.nanoTime();
    Lease lease;
    if (asked.lifecycle() == Lifecycle.SHARED) {
      SharedClusters shared = SharedClusters.of(context, source);
      lease = new Lease(shared.take(asked.topology()), shared);
    } else {
      lease = new Lease(source.start(asked.topology()), null);
    }
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    context.publishReportEntry(
        "podwire.start", lease.cluster().name() + " after " + millis + " ms");
    return lease;
  }

  private Cluster cluster(ExtensionContext context) {
    return lease(context)
        .map(Lease::cluster)
        .orElseThrow(() ->
            settings(context).lifecycle() == Lifecycle.METHOD
                ? new ParameterResolutionException(
                    "with lifecycle METHOD a cluster is there for test methods, @BeforeEach and"
                        + " @AfterEach only")
                : new ExtensionConfigurationException(
                    "the field with the PodwireExtension has to be static for lifecycle "
                        + settings(context).lifecycle()));
  }

  private Optional<Lease> lease(ExtensionContext context) {
    return Optional.ofNullable(store(context).get(this, Lease.class));
  }

  private ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  private Settings settings(ExtensionContext context) {
    if (settings != null) {
      return settings;
    }
    for (Optional<ExtensionContext> at = Optional.of(context);
        at.isPresent();
        at = at.get().getParent()) {
      Optional<PodwireTest> found =
          at.get()
              .getTestClass()
              .flatMap(type -> AnnotationSupport.findAnnotation(type, PodwireTest.class));
      if (found.isPresent()) {
        return settings(found.get(), at.get().getRequiredTestClass());
      }
    }
    throw new ExtensionConfigurationException(
        context.getRequiredTestClass().getName()
            + " needs @PodwireTest, or a PodwireExtension made by its builder in a static field");
  }

  private static Settings settings(PodwireTest asked, Class<?> test) {
    Topology topology =
        Topology.nodes(asked.nodes()).startLimit(Duration.ofSeconds(asked.startSeconds()));
    if (asked.ipFamily() != IpFamily.IPV4) {
      topology = topology.ipFamily(asked.ipFamily());
    }
    for (String name : asked.manifests()) {
      topology = topology.manifest(ManifestLookup.find(name, test));
    }
    return new Settings(topology, asked.lifecycle());
  }
}
