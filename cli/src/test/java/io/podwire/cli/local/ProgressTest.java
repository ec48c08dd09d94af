package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter text = new StringWriter();

  @Test
  void shouldChangeOneLineOnATerminal() {
    Progress progress = new Progress(new PrintWriter(text), true);

    progress.waiting("one");
    progress.waiting("two");
    progress.line("done");

    assertThat(text).hasToString("\r\033[Kone ...\r\033[Ktwo ...\r\033[Kdone\n");
  }

  @Test
  void shouldPrintOnlyWholeLinesElsewhere() {
    Progress progress = new Progress(new PrintWriter(text), false);

    progress.waiting("one");
    progress.line("done");
    progress.clear();

    assertThat(text).hasToString("done\n");
  }
}
