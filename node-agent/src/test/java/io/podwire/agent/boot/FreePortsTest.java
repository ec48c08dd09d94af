package io.podwire.agent.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  @Test
  void shouldTellEveryPortThatSomethingElseHolds() throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    int vxlan;
    int grpc;
    try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0));
        ServerSocket tcp = new ServerSocket(0, 1, loopback)) {
      vxlan = udp.getLocalPort();
      grpc = tcp.getLocalPort();

      assertThat(FreePorts.problems(loopback, vxlan, grpc))
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .startsWith("--vxlan-port: cannot listen on UDP port " + vxlan)
                      .endsWith("choose another port"),
              line ->
                  assertThat(line)
                      .startsWith("--grpc-port: cannot listen on TCP port " + grpc)
                      .endsWith("choose another port"));
    }
    assertThat(FreePorts.problems(loopback, vxlan, grpc)).isEmpty();
  }
}
