package io.podwire.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.podwire.agent.pod.BuiltInImages;
import io.podwire.agent.pod.PodBuilder;
import io.podwire.agent.pod.PodFleet;
import io.podwire.agent.pod.PodLeftovers;
import io.podwire.agent.pod.RecordingNetwork;
import io.podwire.agent.pod.RecordingRegistry;
import io.podwire.cluster.model.Pod;
import io.podwire.linux.Fifo;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.RequiresRoot;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.mode.RuleExport;
import io.podwire.packet.addr.IpAddress;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecStart;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;
import io.podwire.proto.v1.RulesRequest;
import io.podwire.proto.v1.TerminalSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class AccessIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String WAITING = "trap 'exit 0' TERM; sleep 1000 & wait";

  @TempDir Path state;

  private PodFleet fleet;
  private AccessServer server;
  private ManagedChannel channel;

  private static final RuleExport RULES =
      RuleExport.of(
          new ProxyNode(List.of(), List.of(), List.of(), List.of()),
          ProxySettings.DEFAULT,
          new ServiceTable(),
          7);

  private String rules(String mode) {
    StringBuilder text = new StringBuilder();
    AgentAccessGrpc.newBlockingStub(channel)
        .rules(RulesRequest.newBuilder().setMode(mode).build())
        .forEachRemaining(chunk -> text.append(chunk.getData().toStringUtf8()));
    return text.toString();
  }

  @Test
  void shouldPrintTheRulesOfTheNodesModeAndOfAnother() {
    assertThat(rules("")).contains("# evaluated so far: 7", "*nat", ":KUBE-SERVICES - [0:0]");
    assertThat(rules("nftables")).contains("table ip kube-proxy {");
    assertThatThrownBy(() -> rules("ebpf"))
        .hasMessageContaining("'ebpf' is no mode")
        .hasMessageContaining("iptables, ipvs, nftables, userspace, maglev");
  }

  @BeforeEach
  void start() {
    fleet =
        new PodFleet(
            state,
            new RecordingNetwork(),
            BuiltInImages.onClasspath("/none"),
            new RecordingRegistry(),
            status -> {});
    server =
        AccessServer.start(
            IpAddress.parse("127.0.0.1"),
            0,
            fleet,
            (link, recording, gone) -> null,
            (fault, most) -> List.of(),
            () -> RULES);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    channel.awaitTermination(5, TimeUnit.SECONDS);
    server.close();
    fleet.close();
    PodLeftovers.removeAll(state);
  }

  private void run(Pod pod) {
    fleet.reconcile(List.of(pod));
    await()
        .atMost(PATIENCE)
        .until(() ->
            fleet.find(pod.key()).filter(local -> local.runs().getFirst().running()).isPresent());
  }

  private Transcript exec(boolean stdin, boolean tty, String... command) {
    Transcript transcript = new Transcript();
    StreamObserver<ExecInput> in = AgentAccessGrpc.newStub(channel).exec(transcript);
    transcript.in(in);
    in.onNext(
        ExecInput.newBuilder()
            .setStart(
                ExecStart.newBuilder()
                    .setNamespace("shop")
                    .setPod("web")
                    .addAllCommand(List.of(command))
                    .setStdin(stdin)
                    .setTty(tty))
            .build());
    return transcript;
  }

  @Test
  void shouldRunAProgramInThePodsNamespaces() {
    run(PodBuilder.running("web", WAITING).build());
    Transcript seen =
        exec(
            false,
            false,
            "sh",
            "-c",
            "hostname; echo $GREETING; cat /etc/resolv.conf; echo bad >&2; exit 3");

    assertThat(seen.end()).isEqualTo("exit 3");
    assertThat(seen.stdout())
        .isEqualTo(
            "web\nhello world\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\n"
                + "nameserver 10.96.0.10\noptions ndots:5\n");
    assertThat(seen.stderr()).isEqualTo("bad\n");
  }

  @Test
  void shouldPassInputOnAndReportTheSignal() {
    run(PodBuilder.running("web", WAITING).build());
    Transcript seen = exec(true, false, "sh", "-c", "cat; kill -KILL $$");
    String line = "0123456789".repeat(1000) + "\n";
    for (int i = 0; i < 30; i++) {
      seen.in().onNext(ExecInput.newBuilder().setStdin(ByteString.copyFromUtf8(line)).build());
    }
    seen.in().onNext(ExecInput.newBuilder().setStdinClosed(true).build());

    assertThat(seen.end()).isEqualTo("exit 137");
    assertThat(seen.stdout()).isEqualTo(line.repeat(30));
  }

  @Test
  void shouldGiveATerminalThatCanBeResized() {
    run(PodBuilder.running("web", WAITING).build());
    Transcript seen =
        exec(
            true, true, "sh", "-c", "test -t 1 && echo tty; read x; stty size; echo $TERM; exit 4");
    seen.in()
        .onNext(
            ExecInput.newBuilder()
                .setResize(TerminalSize.newBuilder().setWidth(132).setHeight(43))
                .build());
    seen.in().onNext(ExecInput.newBuilder().setStdin(ByteString.copyFromUtf8("go\n")).build());

    assertThat(seen.end()).isEqualTo("exit 4");
    assertThat(seen.stdout()).contains("tty\r\n", "43 132\r\n", "xterm\r\n");
  }

  @Test
  void shouldSayWhatCannotBeRun() {
    run(PodBuilder.running("web", WAITING).build());

    assertThat(exec(false, false, "no-such-program").end())
        .startsWith("failure start program 'no-such-program': no such file or directory");
    assertThat(exec(false, false).end()).isEqualTo("failure command is empty; name a program");
    fleet.reconcile(List.of());
    await().atMost(PATIENCE).until(() -> fleet.find(PodBuilder.key("web")).isEmpty());
    assertThat(exec(false, false, "true").end())
        .isEqualTo("failure pod shop/web is not on this node");
  }

  @Test
  void shouldEndAProgramWhoseReceiverIsGone() {
    run(PodBuilder.running("web", WAITING).build());
    Path mark = state.resolve("running");
    Transcript seen =
        exec(false, false, "sh", "-c", "echo $$ > " + mark + "; while :; do echo yes; done");
    await().atMost(PATIENCE).until(() -> Files.exists(mark) && Files.size(mark) > 0);
    long pid = Long.parseLong(readString(mark).strip());
    seen.in().onError(Status.CANCELLED.asRuntimeException());

    await().atMost(PATIENCE).until(() -> ProcessTable.startTime(pid).isEmpty());
  }

  private static String readString(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String logs(LogRequest.Builder request) {
    StringBuilder text = new StringBuilder();
    Iterator<LogChunk> chunks =
        AgentAccessGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .logs(request.setNamespace("shop").setPod("web").build());
    chunks.forEachRemaining(chunk -> text.append(chunk.getData().toStringUtf8()));
    return text.toString();
  }

  @Test
  void shouldReadTheLogAndItsLastLines() {
    run(PodBuilder.running("web", "seq 1 20000; echo last >&2; " + WAITING).build());
    await()
        .atMost(PATIENCE)
        .until(() -> logs(LogRequest.newBuilder().setTailLines(-1)).endsWith("last\n"));

    assertThat(logs(LogRequest.newBuilder().setTailLines(-1))).startsWith("1\n2\n");
    assertThat(logs(LogRequest.newBuilder().setTailLines(2))).isEqualTo("20000\nlast\n");
    assertThatThrownBy(() -> logs(LogRequest.newBuilder().setPrevious(true)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("NOT_FOUND: previous terminated container main in pod shop/web not found");
  }

  @Test
  void shouldFollowUntilTheRunEndsAndThenShowThePreviousOne() {
    Path go = state.resolve("go");
    Fifo.create(go);
    run(PodBuilder.running("web", "echo first; read x <" + go + "; echo $x").build());
    Iterator<LogChunk> chunks =
        AgentAccessGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .logs(
                LogRequest.newBuilder()
                    .setNamespace("shop")
                    .setPod("web")
                    .setFollow(true)
                    .setTailLines(-1)
                    .build());
    assertThat(chunks.next().getData().toStringUtf8()).isEqualTo("first\n");
    write(go, "second\n");
    StringBuilder rest = new StringBuilder();
    chunks.forEachRemaining(chunk -> rest.append(chunk.getData().toStringUtf8()));

    assertThat(rest).hasToString("second\n");
    await()
        .atMost(PATIENCE)
        .until(() ->
            logs(LogRequest.newBuilder().setTailLines(-1).setPrevious(true))
                .equals("first\nsecond\n"));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
