package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class QuickstartTest {
  @ParameterizedTest
  @CsvSource({
    "--seed=x, 'Invalid value for option ''--seed'': ''x'' is not a long'",
    "--hops=2, '--hops must be in 3..8, but is 2'",
    "--entities=1000, '--entities must be in 10..64, but is 1000'",
    "--relations=-1, '--relations must be in 4..16, but is -1'",
    "--depth=3, 'Unknown option: ''--depth=3'''",
    "--resume, 'no run to go on with in'"
  })
  void aBadArgumentIsToldWithTheUsageBeforeAnythingIsMade(
      String argument, String message, @TempDir Path folder) {
    StringWriter errors = new StringWriter();
    CommandLine command = new CommandLine(new Quickstart()).setErr(new PrintWriter(errors, true));

    int code = command.execute(argument, "--folder=" + folder.resolve("run"));

    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains(message, "Usage: quickstart", "--entities=N");
    assertThat(folder).isEmptyDirectory();
  }
}
