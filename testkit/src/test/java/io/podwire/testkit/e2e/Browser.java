package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Chromium without a window, and what it has made of a page after the page's scripts ran. */
final class Browser {

  private static final long LIMIT_SECONDS = 60;
  private static final Pattern RESULT =
      Pattern.compile("<pre id=\"boxes\">(.*?)</pre>", Pattern.DOTALL);

  private final Path folder;

  /** Where an element is, in pixels. */
  record Box(double width, double height, double bottom) {}

  /** A browser with a folder of its own. */
  Browser(Path folder) throws IOException {
    Tools.assumeInstalledOrCi("chromium");
    this.folder = Files.createDirectories(folder);
  }

  /** The boxes of all elements that a CSS selector finds, for each selector. */
  Map<String, List<Box>> boxes(Path page, List<String> selectors) throws Exception {
    String script =
        """
        <script>
        addEventListener('load', () => {
          const boxes = {};
          for (const selector of [%s]) {
            boxes[selector] = [...document.querySelectorAll(selector)].map(each => {
              const box = each.getBoundingClientRect();
              return {width: box.width, height: box.height, bottom: box.bottom};
            });
          }
          const result = document.createElement('pre');
          result.id = 'boxes';
          result.textContent = JSON.stringify(boxes);
          document.body.append(result);
        });
        </script>
        """
            .formatted(
                selectors.stream().map(each -> "'" + each + "'").collect(Collectors.joining(",")));
    String text = Files.readString(page).replace("</body>", script + "</body>");
    Path copy = Files.writeString(folder.resolve("page.html"), text);
    Matcher result = RESULT.matcher(dom(copy));
    assertThat(result.find()).as("the page's scripts have run").isTrue();
    JsonNode read = new ObjectMapper().readTree(result.group(1));
    Map<String, List<Box>> boxes = new LinkedHashMap<>();
    for (String selector : selectors) {
      List<Box> found = new ArrayList<>();
      for (JsonNode box : read.path(selector)) {
        found.add(
            new Box(
                box.path("width").asDouble(),
                box.path("height").asDouble(),
                box.path("bottom").asDouble()));
      }
      boxes.put(selector, found);
    }
    return boxes;
  }

  private String dom(Path page) throws IOException, InterruptedException {
    Path dom = folder.resolve("dom.html");
    Path log = folder.resolve("chromium.log");
    Process chromium =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--window-size=1240,1400",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    boolean ended = chromium.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    chromium.descendants().forEach(ProcessHandle::destroyForcibly);
    chromium.destroyForcibly();
    assertThat(ended).as("the browser has shown the page: %s", Files.readString(log)).isTrue();
    return Files.readString(dom);
  }
}
