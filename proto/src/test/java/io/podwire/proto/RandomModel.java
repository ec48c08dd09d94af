package io.podwire.proto;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodResolution;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.ProxyChoice;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.addr.Vni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Arbitrary objects of the model, the same ones for the same seed. */
final class RandomModel {

  private final SplittableRandom random;

  RandomModel(long seed) {
    this.random = new SplittableRandom(seed);
  }

  ClusterUpdate update() {
    return random.nextBoolean()
        ? new ClusterUpdate.Snapshot(random.nextLong(), config(), listOf(this::object))
        : new ClusterUpdate.Delta(random.nextLong(), listOf(this::change));
  }

  ClusterConfig config() {
    return new ClusterConfig(
        listOf(this::cidr),
        listOf(this::cidr),
        cidr(),
        random.nextInt(129),
        word(),
        address(),
        new Vni(random.nextInt(Vni.MAX + 1)),
        listOf(this::word),
        listOf(this::cidr),
        proxy());
  }

  private ProxyChoice proxy() {
    return random.nextBoolean()
        ? new ProxyChoice("nftables", "rr")
        : new ProxyChoice("ipvs", pick(ProxyChoice.SCHEDULERS.toArray(String[]::new)));
  }

  PodStatus podStatus() {
    return new PodStatus(
        name(),
        word(),
        pick(PodPhase.values()),
        listOf(this::address),
        random.nextBoolean(),
        word(),
        word(),
        listOf(() ->
            new PodStatus.ContainerStatus(
                word(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(99),
                random.nextInt(-1, 256),
                word())),
        random.nextBoolean());
  }

  private ClusterUpdate.Change change() {
    return random.nextBoolean()
        ? new ClusterUpdate.Upsert(object())
        : new ClusterUpdate.Removal(pick(ModelKind.values()), name());
  }

  ModelObject object() {
    return switch (pick(ModelKind.values())) {
      case NAMESPACE -> new Namespace(word(), map());
      case NODE -> node();
      case POD -> pod();
      case SERVICE -> service();
      case ENDPOINT_SLICE -> slice();
      case NETWORK_FAULT -> new RandomFault(random).fault();
    };
  }

  private Node node() {
    return new Node(
        word(),
        orNull(this::address),
        orNull(() -> new MacAddress(random.nextLong() & 0xffff_ffff_ffffL)),
        port(),
        port(),
        listOf(this::cidr),
        random.nextBoolean(),
        random.nextBoolean(),
        map(),
        orNull(this::proxy));
  }

  private Pod pod() {
    PodSpec spec =
        new PodSpec(
            listOf(this::container),
            pick(PodSpec.RestartPolicy.values()),
            map(),
            orNull(this::word),
            orNull(this::word),
            random.nextBoolean(),
            new PodResolution(
                pick(PodResolution.DnsPolicy.values()),
                listOf(this::address),
                listOf(this::word),
                listOf(this::word),
                listOf(() -> new PodResolution.HostAlias(address(), listOf(this::word))),
                random.nextBoolean()));
    return new Pod(
        name(),
        word(),
        map(),
        orNull(this::word),
        spec,
        pick(PodPhase.values()),
        listOf(this::address),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextInt(600));
  }

  private Container container() {
    return new Container(
        word(),
        word(),
        listOf(this::word),
        listOf(this::word),
        map(),
        word(),
        listOf(() -> new Container.ContainerPort(word(), port(), pick(Protocol.values()))),
        orNull(this::probe));
  }

  private Probe probe() {
    Probe.Action action =
        switch (random.nextInt(3)) {
          case 0 -> new Probe.HttpGet(word(), word(), portRef(), word());
          case 1 -> new Probe.TcpSocket(word(), portRef());
          default -> new Probe.Exec(listOf(this::word));
        };
    return new Probe(
        action,
        random.nextInt(99),
        random.nextInt(99),
        random.nextInt(99),
        random.nextInt(99),
        random.nextInt(99));
  }

  private Service service() {
    return new Service(
        name(),
        pick(Service.Type.values()),
        random.nextBoolean(),
        listOf(this::address),
        listOf(() -> new Service.Port(word(), pick(Protocol.values()), port(), portRef(), port())),
        map(),
        word(),
        random.nextBoolean(),
        new Service.Traffic(
            listOf(this::address),
            random.nextInt(86_401),
            random.nextBoolean(),
            random.nextBoolean(),
            port(),
            pick(Service.Distribution.values()),
            new Service.LoadBalancer(
                word(), orNull(this::address), listOf(this::address), listOf(this::cidr))),
        listOf(() -> pick(Service.Family.values())),
        map());
  }

  private EndpointSlice slice() {
    return new EndpointSlice(
        name(),
        word(),
        listOf(() -> new EndpointSlice.Port(word(), pick(Protocol.values()), port())),
        listOf(() ->
            new EndpointSlice.Endpoint(
                listOf(this::address),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                orNull(this::word),
                orNull(this::word),
                orNull(this::word),
                new EndpointSlice.Topology(
                    word(), Set.copyOf(listOf(this::word)), Set.copyOf(listOf(this::word))))));
  }

  private ObjectName name() {
    return new ObjectName(random.nextBoolean() ? "" : word(), word());
  }

  private PortRef portRef() {
    return random.nextBoolean() ? new PortRef.Number(port()) : new PortRef.Named(word());
  }

  private int port() {
    return random.nextInt(65536);
  }

  private IpAddress address() {
    return random.nextBoolean()
        ? IpAddress.ofIpv4(random.nextInt())
        : new IpAddress(random.nextLong(), random.nextLong());
  }

  private Cidr cidr() {
    IpAddress address = address();
    return Cidr.around(address, random.nextInt(address.bitLength() + 1));
  }

  private String word() {
    return Long.toString(random.nextLong(1, Long.MAX_VALUE), 36);
  }

  private Map<String, String> map() {
    Map<String, String> map = new HashMap<>();
    listOf(this::word).forEach(key -> map.put(key, word()));
    return map;
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> @Nullable T orNull(Supplier<T> value) {
    return random.nextBoolean() ? value.get() : null;
  }

  private <T> List<T> listOf(Supplier<T> value) {
    return IntStream.range(0, random.nextInt(4)).mapToObj(i -> value.get()).toList();
  }
}
