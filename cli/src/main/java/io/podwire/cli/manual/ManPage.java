package io.podwire.cli.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of one command in the man macros of man(7), rendered from the command's own
 * options, parameters and subcommands. Immutable.
 */
public final class ManPage {
  private static final int SECTION = 1;
  private static final String EXIT_STATUS =
      """
      .SH EXIT STATUS
      0 where all went well, 1 where the command failed, 2 where it was used wrongly, 130 after Ctrl\\-C.
      .B podwire exec
      passes on that of the program.
      """;
  private static final String ENVIRONMENT =
      """
      .SH ENVIRONMENT
      .TP
      .B PODWIRE_HOME
      where the state of local clusters lies (default: ~/.podwire)
      .TP
      .B PODWIRE_SERVER
      as \\-\\-server
      .TP
      .B PODWIRE_NAME
      as \\-\\-name
      .TP
      .B PODWIRE_JAVA_OPTS
      further options of the command's own JVM
      .TP
      .B PODWIRE_NO_BUILD
      in the source tree: use what was built last, even where sources are newer
      .TP
      .B JAVA_HOME
      the JDK, where Podwire has no runtime of its own
      """;

  private final CommandLine command;
  private final CommandSpec spec;

  private ManPage(CommandLine command) {
    this.command = command;
    this.spec = command.getCommandSpec();
  }

  /** The pages of a command and of all below it that are shown to users. */
  public static List<ManPage> of(CommandLine command) {
    List<ManPage> pages = new ArrayList<>();
    collect(command, pages);
    return pages;
  }

  private static void collect(CommandLine command, List<ManPage> pages) {
    if (!command.getCommandSpec().usageMessage().hidden()) {
      pages.add(new ManPage(command));
      command.getSubcommands().values().stream().distinct().forEach(sub -> collect(sub, pages));
    }
  }

  /** The page's file, such as {@code podwire-fault-delay.1}. */
  public String fileName() {
    return name() + "." + SECTION;
  }

  private String name() {
    return spec.qualifiedName("-");
  }

  /** The page's source. */
  public String text() {
    StringBuilder page = new StringBuilder();
    page.append(".TH ").append(escape(name().toUpperCase(Locale.ROOT))).append(' ').append(SECTION);
    page.append(" \"\" \"").append(escape(spec.root().version()[0])).append("\" \"Podwire\"\n");
    // Names are looked for as they are written, so no line is broken inside of one.
    page.append(".nh\n.ad l\n");
    page.append(".SH NAME\n").append(escape(name())).append(" \\- ");
    page.append(escape(summary())).append('\n');
    page.append(".SH SYNOPSIS\n").append(escape(synopsis())).append('\n');
    page.append(".SH DESCRIPTION\n");
    for (String line : spec.usageMessage().description()) {
      page.append(escape(line.formatted())).append('\n');
    }
    arguments(page);
    subcommands(page);
    if (spec.parent() == null) {
      page.append(ENVIRONMENT).append(EXIT_STATUS);
    } else {
      page.append(".SH SEE ALSO\n.BR ").append(escape(spec.parent().qualifiedName("-")));
      page.append(" (").append(SECTION).append(")\n");
    }
    return page.toString();
  }

  private String summary() {
    String[] lines = spec.usageMessage().description();
    String first = lines.length == 0 ? "" : lines[0].formatted();
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }

  private String synopsis() {
    return plainHelp().synopsis(0).strip().replaceAll("\\s+", " ");
  }

  private Help plainHelp() {
    return new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
  }

  private void arguments(StringBuilder page) {
    Help help = plainHelp();
    List<PositionalParamSpec> parameters = spec.positionalParameters();
    if (parameters.stream().anyMatch(parameter -> !parameter.hidden())) {
      page.append(".SH PARAMETERS\n");
      for (PositionalParamSpec parameter : parameters) {
        if (!parameter.hidden()) {
          entry(page, parameter.paramLabel(), description(parameter, help));
        }
      }
    }
    page.append(".SH OPTIONS\n");
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        String label =
            help.createDefaultParamLabelRenderer()
                .renderParameterLabel(option, Help.Ansi.OFF, List.of())
                .toString();
        entry(page, String.join(", ", option.names()) + label, description(option, help));
      }
    }
  }

  private static String description(ArgSpec argument, Help help) {
    Text[][] rows =
        argument.isOption()
            ? help.createDefaultOptionRenderer()
                .render(
                    (OptionSpec) argument,
                    help.createDefaultParamLabelRenderer(),
                    help.colorScheme())
            : help.createDefaultParameterRenderer()
                .render(
                    (PositionalParamSpec) argument,
                    help.createDefaultParamLabelRenderer(),
                    help.colorScheme());
    List<String> lines = new ArrayList<>();
    for (Text[] row : rows) {
      lines.add(row[row.length - 1].toString());
    }
    return String.join(" ", lines);
  }

  private void subcommands(StringBuilder page) {
    List<ManPage> below =
        command.getSubcommands().values().stream()
            .distinct()
            .filter(sub -> !sub.getCommandSpec().usageMessage().hidden())
            .map(ManPage::new)
            .toList();
    if (below.isEmpty()) {
      return;
    }
    page.append(".SH COMMANDS\n");
    for (ManPage sub : below) {
      entry(page, sub.name() + "(" + SECTION + ")", sub.summary());
    }
  }

  private static void entry(StringBuilder page, String term, String text) {
    page.append(".TP\n.B ").append(escape(term)).append('\n').append(escape(text)).append('\n');
  }

  /** Hyphens and backslashes as they are, and no line that roff takes for a request. */
  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
