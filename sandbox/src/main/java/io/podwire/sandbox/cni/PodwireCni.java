package io.podwire.sandbox.cni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The plugin's executable: environment and standard input in, standard output and exit code out.
 */
public final class PodwireCni {

  private PodwireCni() {}

  /** Follows one call of a container runtime. */
  public static void main(String[] args) {
    System.exit(run());
  }

  private static int run() {
    try {
      CniCall call = CniCall.of(System.getenv());
      String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      if (call.command().equals("VERSION")) {
        System.out.println(CniResult.versions());
        return 0;
      }
      String result = new CniPlugin(call, NetworkConfig.read(input)).run();
      if (!result.isEmpty()) {
        System.out.println(result);
      }
      return 0;
    } catch (CniException e) {
      System.out.println(CniResult.error(e));
      return 1;
    } catch (IOException e) {
      System.out.println(
          CniResult.error(
              new CniException(
                  CniException.UNDECODABLE, "standard input cannot be read", "" + e.getMessage())));
      return 1;
    }
  }
}
