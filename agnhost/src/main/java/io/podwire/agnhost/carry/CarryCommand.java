package io.podwire.agnhost.carry;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Opens sockets here for a program elsewhere, until standard input ends. */
@Command(
    name = "carry",
    mixinStandardHelpOptions = true,
    description =
        "Opens sockets in this Pod for a program elsewhere: frames on standard input and output.")
public final class CarryCommand implements Callable<Integer> {

  @Override
  public Integer call() throws IOException {
    // Unbuffered: each frame is written at once.
    new Carrier(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out))
        .run();
    return 0;
  }
}
