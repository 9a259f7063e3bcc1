package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReadmeTest {
  private static final Path ROOT = Path.of("");
  private static final Path README = ROOT.resolve("README.md");
  private static final Path FIRST_PROGRAM =
      Path.of(
          "examples/programs/src/main/java/io/github/recurrent/examples/programs/FirstProgram.java");
  private static final int MOST_FOLDERS = 5;
  private static final int MOST_WORDS = 900;

  @Test
  void itsProgramIsTheOneThatIsRun() throws IOException {
    String body =
        Pattern.compile("void main\\(.*?\\{\n(.*?)\n  }\n", Pattern.DOTALL)
            .matcher(Files.readString(FIRST_PROGRAM))
            .results()
            .map(method -> method.group(1))
            .findFirst()
            .orElseThrow();

    assertThat(program()).isEqualTo(body.stripIndent() + "\n");
  }

  @Test
  void itsProgramCompiles(@TempDir Path classes) throws IOException {
    String program = program();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();

    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path")),
                null,
                List.of(source(program)))
            .call();

    assertThat(compiled).as("%s%n%s", program, messages).isTrue();
  }

  private static String program() throws IOException {
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(README))
        .results()
        .map(block -> block.group(1))
        .findFirst()
        .orElseThrow();
  }

  private static JavaFileObject source(String statements) {
    String text =
        """
        import io.github.recurrent.checkpoint.*;
        import io.github.recurrent.dataset.*;
        import io.github.recurrent.evaluation.*;
        import io.github.recurrent.graph.*;
        import io.github.recurrent.model.*;
        import io.github.recurrent.onnx.*;
        import io.github.recurrent.reasoning.*;
        import io.github.recurrent.tf.*;
        import io.github.recurrent.tf.listener.*;
        import java.nio.file.Path;

        class Program {
          void run() throws Exception {
        """
            + statements
            + "}}";
    return new SimpleJavaFileObject(
        URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  @Test
  void aStrangerReadsItInAFewMinutes() throws IOException {
    assertThat(Splitter.onPattern("\\s+").omitEmptyStrings().split(Files.readString(README)))
        .hasSizeLessThanOrEqualTo(MOST_WORDS);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadToFiles(Path document) throws IOException {
    assertThat(found("]\\((?!https?:)([^)#]+)", document))
        .allSatisfy(link -> assertThat(document.resolveSibling(link.group(1))).exists());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commandsRunProgramsOfTheirModules(Path document) throws IOException {
    assertThat(found("examples/(\\w+) .*-D(?:example|benchmark)=([\\w.]+)", document))
        .filteredOn(command -> !command.group(2).equals("NAME"))
        .allSatisfy(command -> assertThat(source(command)).exists());
  }

  private static Path source(MatchResult command) {
    // examples/run runs what is in examples/programs.
    String module = command.group(1).equals("run") ? "programs" : command.group(1);
    return ROOT.resolve("examples")
        .resolve(module)
        .resolve("src/main/java/io/github/recurrent/examples")
        .resolve(module)
        .resolve(command.group(2).replace('.', '/') + ".java");
  }

  private static List<MatchResult> found(String pattern, Path document) throws IOException {
    return Pattern.compile(pattern).matcher(Files.readString(document)).results().toList();
  }

  /** Returns the READMEs and results of all modules. */
  private static List<Path> documents() throws IOException {
    try (Stream<Path> files =
        Files.find(
            ROOT,
            MOST_FOLDERS,
            (file, attributes) ->
                attributes.isRegularFile()
                    && file.toString().matches(".*\\.md|.*results.[\\w-]+\\.txt"))) {
      return files.toList();
    }
  }
}
