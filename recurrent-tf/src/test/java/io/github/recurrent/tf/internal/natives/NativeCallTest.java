package io.github.recurrent.tf.internal.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NativeCallTest {
  private final NativeCall.Calls calls = new NativeCall.Calls(Duration.ofDays(1));

  @Test
  void theEndOfTheMachineWaitsForCallsUnderWayAndNoOtherBegins() throws Exception {
    Thread end = new Thread(calls::awaitAll);
    try (NativeCall call = calls.begin()) {
      end.start();
      end.join(200);
      assertThat(end.isAlive()).isTrue();

      call.goOn();
      calls.begin().close();
      assertThat(end.isAlive()).as("a call within a call belongs to it").isTrue();
    }
    end.join();

    assertThatIllegalStateException()
        .isThrownBy(calls::begin)
        .withMessageContaining("the virtual machine is ending");
  }

  @Test
  void aHookComputesWhileTheMachineEnds() throws Exception {
    calls.begin().close();
    calls.awaitAll();

    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread hook =
        new Thread(
            () -> {
              try (NativeCall call = calls.begin()) {
                call.goOn();
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    hook.start();
    hook.join();

    assertThat(failure.get()).isNull();
  }

  @Test
  void aCallThatTakesTooLongIsGivenUp() throws Exception {
    NativeCall.Calls impatient = new NativeCall.Calls(Duration.ZERO);
    CountDownLatch begun = new CountDownLatch(1);
    NativeCall call = impatient.begin();
    call.goOn();
    Thread end =
        new Thread(
            () -> {
              begun.countDown();
              impatient.awaitAll();
            });
    end.start();
    begun.await();
    end.join(200);

    assertThatIllegalStateException().isThrownBy(call::goOn).withMessageContaining("was given up");
    call.close();
    end.join();
  }
}
