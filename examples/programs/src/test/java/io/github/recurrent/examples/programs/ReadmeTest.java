package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final int MOST_WORDS = 900;

  @Test
  void itsProgramCompiles(@TempDir Path classes) throws IOException {
    String program =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(README))
            .results()
            .map(block -> block.group(1))
            .findFirst()
            .orElseThrow();
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

  @Test
  void itsLinksLeadToFiles() throws IOException {
    List<String> links =
        Pattern.compile("]\\((?!https?:)([^)#]+)")
            .matcher(Files.readString(README))
            .results()
            .map(link -> link.group(1))
            .toList();

    assertThat(links)
        .isNotEmpty()
        .allSatisfy(link -> assertThat(README.resolveSibling(link)).exists());
  }
}
