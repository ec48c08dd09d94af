import java.net.InetAddress;
import java.net.UnknownHostException;

/** Prints for each name one line: the name, and its addresses. */
public class Resolve {
  public static void main(String[] names) {
    for (String name : names) {
      StringBuilder line = new StringBuilder(name);
      try {
        for (InetAddress address : InetAddress.getAllByName(name)) {
          line.append(' ').append(address.getHostAddress());
        }
      } catch (UnknownHostException unknown) {
        // A line without addresses says so.
      }
      System.out.println(line);
    }
  }
}
