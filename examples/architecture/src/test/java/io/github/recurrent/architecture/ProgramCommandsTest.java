package io.github.recurrent.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** A command runs the one program that it names, and none of a module that it only builds. */
final class ProgramCommandsTest {
  private static final Path EXAMPLES = Path.of("..");
  private static final String PREFIX = "examples-";

  @ParameterizedTest
  @CsvSource({"benchmarks, benchmark", "experiments, example"})
  void aModuleThatIsOnlyBuiltStartsNoProgram(String module, String property) throws Exception {
    assertThat(skipsPrograms(module, property)).as(module).isFalse();
    for (String needed : needed(module)) {
      assertThat(skipsPrograms(needed, property)).as(needed).isTrue();
    }
  }

  /** Returns the examples that a module is built with. */
  private static Set<String> needed(String module) throws Exception {
    Set<String> needed = new LinkedHashSet<>();
    Deque<String> ways = new ArrayDeque<>(Set.of(module));
    while (!ways.isEmpty()) {
      NodeList dependencies =
          (NodeList)
              xpath()
                  .evaluate(
                      "//dependency/artifactId[starts-with(., '" + PREFIX + "')]",
                      pom(ways.remove()),
                      XPathConstants.NODESET);
      for (int i = 0; i < dependencies.getLength(); i++) {
        String other = dependencies.item(i).getTextContent().substring(PREFIX.length());
        if (needed.add(other)) {
          ways.add(other);
        }
      }
    }
    return needed;
  }

  /** Returns what a module's program.skip is where a property is on the command line. */
  private static boolean skipsPrograms(String module, String property) throws Exception {
    Document pom = pom(module);
    String set =
        value(
            pom, "//profile[activation/property/name='" + property + "']/properties/program.skip");
    String usual = value(pom, "/project/properties/program.skip");
    String inherited = value(pom("."), "/project/properties/program.skip");
    return Boolean.parseBoolean(set.isEmpty() ? usual.isEmpty() ? inherited : usual : set);
  }

  private static String value(Document pom, String path) throws XPathExpressionException {
    return xpath().evaluate(path, pom);
  }

  private static XPath xpath() {
    return XPathFactory.newInstance().newXPath();
  }

  private static Document pom(String module) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(EXAMPLES.resolve(module).resolve("pom.xml").toFile());
  }
}
