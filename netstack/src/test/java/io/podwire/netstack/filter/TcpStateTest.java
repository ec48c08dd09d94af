package io.podwire.netstack.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transitions of nf_conntrack_proto_tcp, row by row; "-" is ignored or invalid there. */
class TcpStateTest {

  /** The columns of Linux's table. */
  private static final TcpState[] COLUMNS = {
    TcpState.NONE,
    TcpState.SYN_SENT,
    TcpState.SYN_RECEIVED,
    TcpState.ESTABLISHED,
    TcpState.FIN_WAIT,
    TcpState.CLOSE_WAIT,
    TcpState.LAST_ACK,
    TcpState.TIME_WAIT,
    TcpState.CLOSE,
    TcpState.SYN_SENT_BOTH
  };

  private static final Map<String, TcpState> SHORT =
      Map.of(
          "SS", TcpState.SYN_SENT,
          "S2", TcpState.SYN_SENT_BOTH,
          "SR", TcpState.SYN_RECEIVED,
          "ES", TcpState.ESTABLISHED,
          "FW", TcpState.FIN_WAIT,
          "CW", TcpState.CLOSE_WAIT,
          "LA", TcpState.LAST_ACK,
          "TW", TcpState.TIME_WAIT,
          "CL", TcpState.CLOSE);

  private static final Map<String, Integer> SEGMENTS =
      Map.of(
          "syn", TcpFlags.SYN,
          "synack", TcpFlags.SYN | TcpFlags.ACK,
          "fin", TcpFlags.FIN | TcpFlags.ACK,
          "ack", TcpFlags.ACK | TcpFlags.PSH,
          "rst", TcpFlags.RST | TcpFlags.ACK);

  private static TcpView segment(String name) {
    int flags = Objects.requireNonNull(SEGMENTS.get(name));
    return new TcpView()
        .wrap(ByteBuffer.allocate(TcpView.HEADER_LENGTH), 0, TcpView.HEADER_LENGTH)
        .setHeaderLengthAndFlags(TcpView.HEADER_LENGTH, flags);
  }

  @ParameterizedTest
  @CsvSource({
    // direction, segment, NO SS SR ES FW CW LA TW CL S2
    "original, syn,    SS SS - - - - - SS SS S2",
    "original, synack, - - - - - - - - - SR",
    "original, fin,    - - FW FW LA LA LA TW CL -",
    "original, ack,    ES - ES ES CW CW TW TW CL -",
    "original, rst,    - CL CL CL CL CL CL CL CL CL",
    "reply,    syn,    - S2 - - - - - - - S2",
    "reply,    synack, - SR - - - - - - - SR",
    "reply,    fin,    - - FW FW LA LA LA TW CL -",
    "reply,    ack,    - - SR ES CW CW TW TW CL -",
    "reply,    rst,    - CL CL CL CL CL CL CL CL CL"
  })
  void shouldFollowLinux(String direction, String segment, String row) {
    String[] wanted = row.split(" ", -1);
    assertThat(wanted).hasSize(COLUMNS.length);
    for (int i = 0; i < COLUMNS.length; i++) {
      @Nullable TcpState next = COLUMNS[i].after(segment(segment), direction.equals("reply"));
      assertThat(next)
          .as("%s %s in %s", direction, segment, COLUMNS[i])
          .isEqualTo(SHORT.get(wanted[i]));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SYN_SENT, 120",
    "SYN_SENT_BOTH, 120",
    "SYN_RECEIVED, 60",
    "ESTABLISHED, 432000",
    "FIN_WAIT, 120",
    "CLOSE_WAIT, 60",
    "LAST_ACK, 30",
    "TIME_WAIT, 120",
    "CLOSE, 10"
  })
  void shouldTimeOutAsLinuxDoes(TcpState state, long seconds) {
    assertThat(state.timeoutMillis()).isEqualTo(seconds * 1000);
  }
}
