package io.github.recurrent.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class ServeTest {
  @TempDir Path folder;

  @Test
  void aFlagGoesBeforeTheEnvironmentWhichGoesBeforeTheFile() throws IOException {
    Path file =
        Files.writeString(folder.resolve("service.properties"), "port=1\nqueue=2\nbatch=3\n");
    Map<String, String> environment =
        ImmutableMap.of(
            "RECURRENT_SERVE_CONFIG", file.toString(),
            "RECURRENT_SERVE_PORT", "4",
            "RECURRENT_SERVE_QUEUE", "5");

    ServiceOptions options = options(environment, "--port", "6");

    assertThat(options.port).isEqualTo(6);
    assertThat(options.queue).isEqualTo(5);
    assertThat(options.batch).isEqualTo(3);
    assertThat(options.maxRows).isEqualTo(256);
  }

  @Test
  void theServiceListensToThisMachineAloneUnlessToldOtherwise() {
    assertThat(options(ImmutableMap.of()).host.isLoopbackAddress()).isTrue();
    assertThat(options(ImmutableMap.of(), "--host=0.0.0.0").host.isAnyLocalAddress()).isTrue();
  }

  @Test
  void timesHaveUnits() {
    ServiceOptions options = options(ImmutableMap.of(), "--leave=500ms", "--drain=2m");

    assertThat(options.leave).isEqualTo(Duration.ofMillis(500));
    assertThat(options.drain).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.maxDeadline).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aFileWithWhatIsNoFlagIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("service.properties"), "prot=1\n");

    assertThatThrownBy(() -> options(ImmutableMap.of(), "--config", file.toString()))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("has \"prot\", but may have access-log, batch, drain,");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> options(ImmutableMap.of(), "--config", "nowhere.properties"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("nowhere.properties cannot be read");
  }

  @Test
  void aFileThatCannotBeReadEndsTheProgramAsWrongFlagsDo() {
    assertThat(Serve.run(new String[] {"--config=nowhere.properties"}, ImmutableMap.of()))
        .isEqualTo(2);
    assertThat(Serve.run(new String[] {"--config"}, ImmutableMap.of())).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port=65536 | --port must be in 0..65535, but is 65536",
        "--max-rows=2000 | --max-rows must be in 1..1024, but is 2000",
        "--max-length=1 | --max-length must be in 2..",
        "--name=a/b | --name must be 1 to 100 letters",
        "--drain=10 | is not a time such as 500ms, 10s or 2m",
        "--tls-certificate=a.pem | --tls-certificate needs --tls-key",
        "--tls-key=a.pem | --tls-key needs --tls-certificate",
        "--reload=0s | --reload must be from 1ms to 60m, but is 0s",
        "--leave=999999999m | --leave must be from 0s to 60m, but is 999999999m",
        "--drain=61m | --drain must be from 0s to 60m, but is 61m",
        "--max-deadline=3600001ms | --max-deadline must be from 1ms to 60m, but is 3600001ms",
        "--max-memory=1000 | --max-memory must be in 1048576..",
        "--tls-client-ca=a.pem | --tls-client-ca needs --tls-certificate and --tls-key",
        "--log=xml | --log",
        "--port=many | --port"
      })
  void flagsThatCannotWorkAreNamed(String flagAndMessage) {
    String[] parts = flagAndMessage.split(" \\| ", 2);
    StringWriter errors = new StringWriter();
    CommandLine command = Serve.commandLine(new String[] {parts[0]}, ImmutableMap.of());
    command.setErr(new PrintWriter(errors));

    assertThat(command.execute(parts[0])).isEqualTo(2);
    assertThat(errors.toString()).contains(parts[1]);
  }

  @Test
  void helpNamesEveryFlagAndThePrecedence() {
    String help = Serve.commandLine(new String[0], ImmutableMap.of()).getUsageMessage();

    assertThat(help)
        .contains("--max-rows", "--leave", "RECURRENT_SERVE_MAX_ROWS", "(default 8080)");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServiceOptions options = options(ImmutableMap.of(), "--port=" + taken.getLocalPort());

      assertThatThrownBy(() -> InferenceServer.start(options))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "port " + taken.getLocalPort() + " of 127.0.0.1 cannot be listened to: ");
    }
  }

  private static ServiceOptions options(Map<String, String> environment, String... arguments) {
    CommandLine command = Serve.commandLine(arguments, environment);
    command.parseArgs(arguments);
    return ((Serve) command.getCommand()).options();
  }
}
