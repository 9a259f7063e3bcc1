package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.reasoning.spi.Reading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** By what a row halts before it has had the greatest number of iterations. */
sealed interface Criterion {
  /** Begins to follow a row. */
  Follower follow();

  /**
   * Returns how many readings it looks at to decide about a row, the one at which the row halts
   * included.
   */
  int readings();

  /** Follows a row from reading to reading. */
  @FunctionalInterface
  interface Follower {
    /**
     * Takes the next reading, and returns whether the criterion holds there.
     *
     * @param mayHalt whether the row has had enough iterations to halt
     */
    boolean holds(Reading reading, boolean mayHalt);
  }

  /** Never: every row has the same number of iterations. */
  record Never() implements Criterion {
    @Override
    public Follower follow() {
      return (reading, mayHalt) -> false;
    }

    @Override
    public int readings() {
      return 1;
    }
  }

  /** The distribution has converged, is confident, or both, by thresholds in nats. */
  record Thresholds(OptionalDouble kl, OptionalDouble entropy) implements Criterion {
    public Thresholds {
      checkArgument(kl.orElse(1) > 0, "the KL threshold must be positive, but is %s", kl.orElse(1));
      checkArgument(
          entropy.orElse(1) > 0,
          "the entropy threshold must be positive, but is %s",
          entropy.orElse(1));
    }

    @Override
    public Follower follow() {
      return new Follower() {
        private @Nullable Distribution before;

        @Override
        public boolean holds(Reading reading, boolean mayHalt) {
          Distribution now = reading.distribution();
          Distribution last = before;
          before = now;
          return isBelow(entropy, now::entropy)
              && (kl.isEmpty() || (last != null && isBelow(kl, () -> now.divergenceFrom(last))));
        }
      };
    }

    private static boolean isBelow(OptionalDouble threshold, DoubleSupplier value) {
      return threshold.isEmpty() || value.getAsDouble() < threshold.getAsDouble();
    }

    @Override
    public int readings() {
      return kl.isPresent() ? 2 : 1;
    }

    @Override
    public String toString() {
      if (entropy.isEmpty()) {
        return "KL < " + rounded(kl.orElseThrow());
      }
      String confident = "entropy < " + rounded(entropy.getAsDouble());
      return kl.isEmpty() ? confident : "KL < " + rounded(kl.getAsDouble()) + " and " + confident;
    }
  }

  /** The most probable token has been the same for some iterations in a row. */
  record StableAnswer(int iterations) implements Criterion {
    public StableAnswer {
      checkArgument(
          iterations >= 2, "an answer is stable over at least 2 iterations, not %s", iterations);
    }

    @Override
    public Follower follow() {
      return new Follower() {
        private int last = -1;
        private int same;

        @Override
        public boolean holds(Reading reading, boolean mayHalt) {
          int answer = reading.mostProbable();
          same = answer == last ? same + 1 : 1;
          last = answer;
          return same >= iterations;
        }
      };
    }

    @Override
    public int readings() {
      return iterations;
    }

    @Override
    public String toString() {
      return "the same answer " + iterations + " times";
    }
  }

  /** An iteration has changed the hidden state by less than a share of its norm. */
  record HiddenStateChange(double share) implements Criterion {
    public HiddenStateChange {
      checkArgument(share > 0, "the share must be positive, but is %s", share);
    }

    @Override
    public Follower follow() {
      return (reading, mayHalt) -> reading.hiddenChange() < share;
    }

    @Override
    public int readings() {
      return 2;
    }

    @Override
    public String toString() {
      return "change of the hidden state < " + rounded(share);
    }
  }

  /** A rule of one's own, which looks at all distributions so far. */
  record Own(String description, Halting.Rule rule) implements Criterion {
    @Override
    public Follower follow() {
      List<Distribution> history = new ArrayList<>();
      return (reading, mayHalt) -> {
        history.add(reading.distribution());
        return mayHalt && rule.halts(Collections.unmodifiableList(history));
      };
    }

    @Override
    public int readings() {
      return Integer.MAX_VALUE;
    }

    @Override
    public String toString() {
      return description;
    }
  }

  private static String rounded(double threshold) {
    if (Double.isInfinite(threshold)) {
      return Double.toString(threshold);
    }
    return new BigDecimal(threshold).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
