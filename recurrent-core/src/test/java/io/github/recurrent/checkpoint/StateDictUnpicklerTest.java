package io.github.recurrent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.recurrent.checkpoint.StateDictUnpickler.Opaque;
import io.github.recurrent.checkpoint.TorchFile.Pickle;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.PickleException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StateDictUnpicklerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u008c\u0003abc",
        "X\u0003\u0000\u0000\u0000abc",
        "\u008d\u0003\u0000\u0000\u0000\u0000\u0000\u0000\u0000abc"
      })
  void textsAreReadWhateverTheWidthOfTheirLength(String text) {
    assertThat(load(text)).isEqualTo("abc");
  }

  @Test
  void longTextsAreWhole() {
    String text = "name".repeat(20_000);

    assertThat(new StateDictUnpickler(new Pickle().text(text).raw(".").bytes()).load())
        .isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "}\u008c\u0001aK\u0001s",
        "}(\u008c\u0001aK\u0001u",
        "(\u008c\u0001aK\u0001d",
      })
  void dictsAreFilledInEveryWayThereIs(String dict) {
    assertThat(load(dict)).isEqualTo(Map.of("a", 1));
  }

  @Test
  void listsAreFilledInEveryWayThereIs() {
    assertThat(load("]K\u0001a(K\u0002K\u0003e")).isEqualTo(List.of(1, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C\u0001x",
        "U\u0001x",
        "B\u0001\u0000\u0000\u0000x",
        "T\u0001\u0000\u0000\u0000x",
        "\u008e\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000x",
        "\u008b\u0001\u0000\u0000\u0000x",
        "\u008f",
        "(K\u0001\u0091",
        "ca\nb\n",
        "(ia\nb\n",
        "(ca\nb\no",
        "\u008c\u0001a\u008c\u0001b\u0093",
        "ca\nb\n)\u0081",
        "ca\nb\n)}\u0092",
        "ca\nb\n)R",
        "ca\nb\n)R}b"
      })
  void aValueThatNothingNeedsTakesOnePlace(String value) {
    assertThat(load("](K\u0001" + value + "K\u0002e"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(3)
        .startsWith(1)
        .endsWith(2)
        .element(1)
        .isInstanceOf(Opaque.class);
  }

  @ParameterizedTest
  @CsvSource({"'}K\u0001a', a list", "']K\u0001K\u0002s', a dict", "']}b', an object"})
  void onlyWhatHoldsValuesIsGivenSome(String instructions, String needed) {
    assertThatExceptionOfType(PickleException.class)
        .isThrownBy(() -> load(instructions))
        .withMessageContaining("what is not " + needed);
  }

  @Test
  void typesAreNamedAsInPython() {
    assertThat(List.of("}", "]", ")", "\u008c\u0001a", "K\u0001", "ca\nb\n"))
        .extracting(value -> StateDictUnpickler.type(load(value)))
        .containsExactly("a dict", "a list", "a tuple", "a string", "a number", "a.b");
    assertThat(StateDictUnpickler.type(null)).isEqualTo("None");
  }

  private static Object load(String instructions) {
    return new StateDictUnpickler(new Pickle().raw(instructions + ".").bytes()).load();
  }
}
