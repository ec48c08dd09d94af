package io.podwire.controlplane.controller;

import io.podwire.cluster.ipam.NetworkPlan;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.manifest.ManifestEditor;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the reconcilers for one term of the leader: a pass over all of them after every change, and
 * one a second for what time alone changes.
 *
 * <p>Passes run on one thread; {@link #wake} may be called from any.
 */
public final class Reconcilers implements AutoCloseable {

  /**
   * What the reconcilers have to know besides the registry.
   *
   * @param liveNodes the nodes whose agents are connected to some control plane
   * @param controlPlanes the addresses under which control planes serve
   * @param syncPort of every control plane
   * @param grace how long a node stays Ready without its agent
   * @param firstPass called once in the term, when everything has been reconciled for the first
   *     time
   * @param expireSession has ZooKeeper end this control plane's session, for a fault
   */
  public record Environment(
      ClusterConfig config,
      Supplier<Set<String>> liveNodes,
      Supplier<Set<IpAddress>> controlPlanes,
      int syncPort,
      Duration grace,
      Runnable firstPass,
      Runnable expireSession) {}

  private static final Logger LOG = LoggerFactory.getLogger(Reconcilers.class);
  private static final long TICK_MILLIS = 1000;
  private static final long RETRY_MILLIS = 500;
  private static final long OVERTAKEN_MILLIS = 50;
  private static final Set<String> RESOURCES =
      KindTable.kinds().stream().map(Kind::resource).collect(Collectors.toSet());

  private final Store store;
  private final Environment environment;
  private final Observer observer;
  private final List<Step> steps;
  private final Runnable whenDeposed;
  private final Thread thread;
  private Store.@Nullable Watch watch;
  private boolean wanted = true;
  private boolean settled;
  private volatile boolean closed;

  /**
   * @param store the leader's, whose writes fail after its term
   * @param whenDeposed called when such a write has failed
   */
  public Reconcilers(Store store, Environment environment, Runnable whenDeposed) {
    this.store = store;
    this.environment = environment;
    this.observer = new Observer(store);
    this.whenDeposed = whenDeposed;
    this.steps = steps(store, environment);
    this.thread = Thread.ofPlatform().daemon().name("reconcilers").unstarted(this::run);
  }

  /** The reconcilers, in the order in which one prepares for the next. */
  private static List<Step> steps(Store store, Environment environment) {
    ManifestEditor editor = new ManifestEditor(store, Instant::now);
    ClusterConfig config = environment.config();
    IpAddress kubernetes =
        new NetworkPlan(config.podCidrs(), config.serviceCidrs(), config.nodeCidr())
            .kubernetesAddress();
    return List.of(
        new BuiltInStep(
            store,
            editor,
            kubernetes,
            () ->
                new BuiltInStep.Members(environment.controlPlanes().get(), environment.syncPort())),
        new LivenessStep(editor, environment.grace(), environment.liveNodes(), System::nanoTime),
        new PodCidrStep(store, editor, config),
        new SchedulingStep(editor),
        new EndpointSliceStep(store, editor),
        new EndpointsStep(store, editor),
        new EndpointsMirrorStep(store, editor),
        new LoadBalancerStep(editor, config),
        new FaultStep(store, editor, InstantSource.system(), environment.expireSession()),
        new PodCollectionStep(editor));
  }

  /** Begins the term's work. */
  public void start() {
    watch =
        store.watch(
            RESOURCES, store.list(KindTable.NODE.resource(), "").revision(), event -> wake());
    thread.start();
  }

  /** Something may have changed. */
  public synchronized void wake() {
    wanted = true;
    notifyAll();
  }

  private void run() {
    while (!closed) {
      try {
        awaitWork();
        pass();
      } catch (InterruptedException e) {
        return;
      } catch (StoreException.Deposed e) {
        LOG.info("the reconcilers stop: {}", e.getMessage());
        whenDeposed.run();
        return;
      } catch (StoreException.Unavailable e) {
        LOG.debug("the pass is repeated when ZooKeeper answers", e);
        again(RETRY_MILLIS);
      } catch (RuntimeException e) {
        LOG.error("a pass failed; it is repeated", e);
        again(RETRY_MILLIS);
      }
    }
  }

  private synchronized void awaitWork() throws InterruptedException {
    if (!wanted) {
      wait(TICK_MILLIS);
    }
    wanted = false;
  }

  private void again(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    wake();
  }

  /** One pass: each step sees what the steps before it have written. */
  private void pass() {
    boolean complete = true;
    for (Step step : steps) {
      try {
        step.reconcile(observer.observe());
      } catch (StoreException.Deposed | StoreException.Unavailable e) {
        throw e;
      } catch (StoreException e) {
        LOG.debug("another writer was faster: the next pass sees what it has written", e);
        complete = false;
      } catch (RuntimeException e) {
        LOG.error("a reconciler failed; it is run again", e);
        complete = false;
      }
    }
    if (!complete) {
      again(OVERTAKEN_MILLIS);
    } else if (!settled) {
      environment.firstPass().run();
      settled = true;
    }
  }

  /** Ends the work; a write that is on its way may still happen, under this term's epoch. */
  @Override
  public void close() {
    closed = true;
    Store.Watch open = watch;
    if (open != null) {
      open.close();
    }
    thread.interrupt();
  }
}
