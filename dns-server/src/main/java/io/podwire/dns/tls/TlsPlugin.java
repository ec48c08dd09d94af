package io.podwire.dns.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Encryption;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import java.io.File;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** {@code tls CERT KEY [CA]}: the certificate of {@code tls://} keys (RFC 7858). */
public final class TlsPlugin implements Plugin {

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public @Nullable Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Directive use = uses.get(0);
    Words words = new Words(use.head(), problems);
    String certificate = words.text("a certificate's file (PEM)");
    String key = words.text("its key's file (PEM, PKCS#8)");
    String authority = words.hasNext() ? words.text("a file") : "";
    words.end();
    ClientAuth clients = ClientAuth.NONE;
    for (Line line : use.options()) {
      if (!line.name().equals("client_auth")) {
        Words.unknown("tls", line, problems, "client_auth");
        continue;
      }
      Words option = new Words(line, problems);
      clients =
          switch (option.oneOf(
              "client_auth",
              "nocert",
              "request",
              "require",
              "verify_if_given",
              "require_and_verify")) {
            case "nocert" -> ClientAuth.NONE;
            case "request", "verify_if_given" -> ClientAuth.OPTIONAL;
            default -> ClientAuth.REQUIRE;
          };
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      return null;
    }
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(new File(certificate), new File(key)).clientAuth(clients);
      if (!authority.isEmpty()) {
        builder.trustManager(new File(authority));
      }
      SslContext context = builder.build();
      return site -> new Certificate(context);
    } catch (SSLException | IllegalArgumentException e) {
      problems.add(use.head().first(), "these files make no TLS server: " + e.getMessage());
      return null;
    }
  }

  private record Certificate(SslContext context) implements Part, Encryption {}
}
