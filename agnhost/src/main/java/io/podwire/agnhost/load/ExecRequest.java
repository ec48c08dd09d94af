package io.podwire.agnhost.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that is run; exit code 0 and the expected output are success. */
record ExecRequest(List<String> command, Expectation expectation) implements Request {

  @Override
  public String make(int timeoutMillis) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      CompletableFuture<String> output = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> read(process, output));
      if (!process.waitFor(timeoutMillis, TimeUnit.MILLISECONDS)) {
        throw new SocketTimeoutException("timed out");
      }
      String text = output.join();
      if (process.exitValue() != 0) {
        throw new WrongAnswer("exit code " + process.exitValue());
      }
      return expectation.judge(text);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void read(Process process, CompletableFuture<String> output) {
    try {
      output.complete(new String(process.getInputStream().readAllBytes(), UTF_8));
    } catch (IOException ended) {
      output.complete("");
    }
  }
}
