package io.podwire.testkit.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podwire.client.socket.PodSockets;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.cluster.Fault;
import io.podwire.testkit.cluster.FaultSpec;
import io.podwire.testkit.cluster.Node;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.cluster.Receipt;
import io.podwire.testkit.cluster.Service;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.ServiceSpec;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.containers.GenericContainer;

/** Servers as Debian has them, in containers that are Pods; a client in this JVM, and faults. */
@EnabledIf(
    value = "io.podwire.testkit.testcontainers.Engine#isThere",
    disabledReason = "Docker does not answer; start it to run clusters of containers")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ContainerPodsIT {

  // tag: cluster
  static final PodwireCluster PODWIRE =
      new PodwireCluster(
          Topology.nodes(3)
              .pods(PodSpec.idle("client").on(1))
              .services(ServiceSpec.of("db").port(5432, 5432))
              .services(ServiceSpec.of("cache").port(6379, 6379)));

  static GenericContainer<?> db;
  static GenericContainer<?> cache;
  static PodSockets sockets;

  @BeforeAll
  static void start() throws Exception {
    Engine.buildImages();
    PODWIRE.withImages(Engine.images()).start();
    db =
        new GenericContainer<>(Engine.image("postgresql"))
            .withNetworkMode(PODWIRE.pod(ContainerPod.of("db").port("postgresql", 5432).on(2)));
    db.start();
    cache = new GenericContainer<>(Engine.image("redis")).withNetworkMode(PODWIRE.pod("cache"));
    cache.start();
    PODWIRE.cluster().service("db").awaitReady();
    PODWIRE.cluster().service("cache").awaitReady();
    sockets = PODWIRE.cluster().pod("client").sockets();
    PodSocketsByName.PODS.put("client", sockets);
  }

  @AfterAll
  static void stop() {
    if (sockets != null) {
      sockets.close();
    }
    if (cache != null) {
      cache.close();
    }
    if (db != null) {
      db.close();
    }
    PODWIRE.close();
  }

  // end

  // tag: jdbc
  static Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.put("user", "visits");
    properties.put("password", "visits");
    properties.put("connectTimeout", "2");
    properties.put("socketFactory", PodSocketsByName.class.getName());
    properties.put("socketFactoryArg", "client");
    return DriverManager.getConnection(
        "jdbc:postgresql://db.default.svc.cluster.local/visits", properties);
  }

  @Test
  void shouldReachTheDatabaseByItsServicesName() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SELECT inet_client_addr(), 6 * 7")) {
      answer.next();

      assertThat(answer.getInt(2)).isEqualTo(42);
      assertThat(answer.getString(1))
          .isEqualTo(PODWIRE.cluster().pod("client").address().toString());
    }
  }

  @Test
  void shouldTryAgainUntilThePartitionIsOver() throws SQLException {
    Cluster cluster = PODWIRE.cluster();
    Pod client = cluster.pod("client");
    Service db = cluster.service("db");
    int attempts = 0;
    boolean connected = false;
    Fault partition = cluster.fault(FaultSpec.partition().from(client).to(db));
    try (partition) {
      while (!connected && attempts < 5) {
        attempts++;
        try (Connection connection = connect()) {
          connected = connection.isValid(5);
        } catch (SQLException unreachable) {
          partition.close();
        }
      }
    }

    assertThat(connected).isTrue();
    assertThat(attempts).isEqualTo(2);
  }

  // end

  // tag: delay
  @Test
  void shouldSeeTheLatencyOfASlowLink() throws IOException {
    Cluster cluster = PODWIRE.cluster();
    Duration latency = Duration.ofMillis(200);
    try (Socket socket = sockets.socketFactory().createSocket("cache", 6379)) {
      FaultSpec slow = FaultSpec.delay(latency).from(cluster.pod("cache")).direction("from");
      try (Fault delay = cluster.fault(slow)) {
        Duration took = ping(socket);
        Receipt receipt = delay.awaitAffected("delayed", 1);

        assertThat(took).isBetween(latency, latency.multipliedBy(10));
        assertThat(receipt.matched()).isPositive();
      }
      assertThat(ping(socket)).isLessThan(latency);
    }
  }

  /** How long the server takes to say that it is there (RESP, PING). */
  private static Duration ping(Socket socket) throws IOException {
    long began = System.nanoTime();
    socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] answer = socket.getInputStream().readNBytes("+PONG\r\n".length());
    assertThat(answer).asString(StandardCharsets.US_ASCII).isEqualTo("+PONG\r\n");
    return Duration.ofNanos(System.nanoTime() - began);
  }

  // end

  @Test
  void shouldGiveContainersTheNamesOfTheCluster() throws Exception {
    assertThat(db.execInContainer("getent", "hosts", "cache").getStdout())
        .startsWith(PODWIRE.cluster().service("cache").clusterIp().toString());
    assertThat(db.execInContainer("cat", "/etc/hosts").getStdout())
        .contains(PODWIRE.cluster().pod("db").address() + "\tdb");
  }

  @Test
  void shouldBeReadyAsItsContainerIs() {
    String mode = PODWIRE.pod("spare");
    Pod spare = PODWIRE.cluster().pod("spare");
    assertThat(spare.isReady()).isFalse();
    assertThatThrownBy(() -> PODWIRE.cluster().awaitReady(Duration.ofMillis(100)))
        .isInstanceOf(ClusterFailure.class)
        .hasMessageContaining(
            "no container has joined it: start one with withNetworkMode(cluster.pod(\"spare\"))");
    try (GenericContainer<?> server =
        new GenericContainer<>(Engine.image("redis")).withNetworkMode(mode)) {
      server.start();
      spare.awaitReady();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> !spare.isReady());
    spare.delete();
  }

  @Test
  void shouldGoOnWhenTheAgentHasDied() throws SQLException {
    Node node = PODWIRE.cluster().pod("db").node();

    node.restart();

    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> {
          try (Connection connection = connect()) {
            return connection.isValid(5);
          }
        });
  }

  @Test
  void shouldRefuseWhatCannotBe() {
    assertThatThrownBy(() -> PODWIRE.pod("db"))
        .isInstanceOf(ClusterFailure.class)
        .hasMessage("Pod db is there already; choose another name");
    assertThatThrownBy(() -> PODWIRE.pod(ContainerPod.of("lost").on(9)))
        .isInstanceOf(ClusterFailure.class)
        .hasMessage("Pod lost: there is no node-9, but [node-1, node-2, node-3]");
  }
}
