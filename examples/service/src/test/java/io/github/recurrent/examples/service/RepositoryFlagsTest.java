package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.examples.service.metrics.Failure;
import io.github.recurrent.examples.service.request.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class RepositoryFlagsTest {
  @Test
  void aFolderOfModelsHasItsDefaults() {
    ServiceOptions options = options(ImmutableMap.of(), "--models=m");

    assertThat(options.models).hasToString("m");
    assertThat(options.versions).hasToString("latest:1");
    assertThat(options.poll).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.repositoryControl).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--repository-control", "--repository-control=true"})
  void controlIsSwitchedOnByItsFlag(String flag) {
    assertThat(options(ImmutableMap.of(), flag).repositoryControl).isTrue();
  }

  @Test
  void theEnvironmentMaySwitchControlOnAndTheCommandLineOff() {
    ImmutableMap<String, String> on = ImmutableMap.of("RECURRENT_SERVE_REPOSITORY_CONTROL", "true");

    assertThat(options(on).repositoryControl).isTrue();
    assertThat(options(on, "--repository-control=false").repositoryControl).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "--model=a, --models=b, --model cannot be used with --models",
    "--name=a, --models=b, --name cannot be used with --models",
    "--versions=all, --model=a, --versions needs --models",
    "--poll=0s, --model=a, --poll needs --models"
  })
  void flagsThatExcludeEachOtherAreRefused(String one, String other, String message) {
    assertThatThrownBy(() -> options(ImmutableMap.of(), one, other))
        .isInstanceOf(ParameterException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"versions=all", "poll=1s"})
  void whatIsForAFolderOfModelsIsRefusedWithoutOneWhereverItComesFrom(
      String setting, @TempDir Path folder) throws IOException {
    String[] parts = setting.split("=", 2);
    String variable = "RECURRENT_SERVE_" + parts[0].toUpperCase(Locale.ROOT);
    Path file = Files.writeString(folder.resolve("settings"), setting);

    assertThatThrownBy(() -> options(ImmutableMap.of(variable, parts[1])))
        .isInstanceOf(ParameterException.class)
        .hasMessage("--" + parts[0] + " needs --models");
    assertThatThrownBy(() -> options(ImmutableMap.of(), "--config=" + file))
        .isInstanceOf(ParameterException.class)
        .hasMessage("--" + parts[0] + " needs --models");
    assertThat(options(ImmutableMap.of(variable, parts[1]), "--models=m").models).hasToString("m");
  }

  @Test
  void aFolderOfModelsTakesThePlaceOfTheModelThatAnImageNames() {
    ImmutableMap<String, String> image =
        ImmutableMap.of("RECURRENT_SERVE_MODEL", "/model", "RECURRENT_SERVE_MODELS", "/models");

    assertThat(options(image).models).hasToString("/models");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest:0", "latest:-1", "latest:", "newest", "1,", "01", "1,x", "0"})
  void policiesThatAreNotValidAreNamed(String policy) {
    assertThatThrownBy(() -> options(ImmutableMap.of(), "--models=m", "--versions=" + policy))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("\"" + policy + "\" is not all, latest, latest:N");
  }

  @Test
  void failuresHaveTheReasonsOfTriton() {
    assertThat(Failure.of(Fault.busy("x"))).isEqualTo(Failure.REJECTED);
    assertThat(Failure.of(Fault.unavailable("x"))).isEqualTo(Failure.REJECTED);
    assertThat(Failure.of(Fault.bad("x"))).isEqualTo(Failure.OTHER);
    assertThat(Failure.of(new CompletionException(new TimeoutException("x"))))
        .isEqualTo(Failure.OTHER);
    assertThat(Failure.of(new CancellationException())).isEqualTo(Failure.CANCELED);
    assertThat(Failure.of(new IllegalStateException("the runtime"))).isEqualTo(Failure.BACKEND);
  }

  private static ServiceOptions options(ImmutableMap<String, String> environment, String... line) {
    CommandLine command = Serve.commandLine(line, environment);
    command.parseArgs(line);
    Serve serve = command.getCommand();
    serve.options().check(command.getCommandSpec());
    return serve.options();
  }
}
