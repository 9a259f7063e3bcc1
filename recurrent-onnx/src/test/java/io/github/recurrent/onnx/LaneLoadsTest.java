package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class LaneLoadsTest {
  @Test
  void aLaneTakesItsShareOfAllRows() {
    LaneLoads loads = new LaneLoads(2, 100);

    assertThat(loads.admit(0, 64)).isEqualTo(32);
    assertThat(loads.admit(1, 32)).isEqualTo(32);
    loads.set(1, 20);
    assertThat(loads.admit(0, 4)).isZero();
    assertThat(loads.admit(1, 4)).isEqualTo(4);
    assertThat(loads.total()).isEqualTo(56);
  }

  @Test
  void aSingleQueryIsLeftToTheIdleLane() {
    LaneLoads loads = new LaneLoads(2, 8);
    loads.set(0, 1);

    assertThat(loads.admit(0, 1)).isZero();
    assertThat(loads.admit(1, 1)).isEqualTo(1);
    assertThat(loads.admit(0, 1)).isEqualTo(1);
  }

  @Test
  void whatALaneLeavesItTakesIfNoOtherDid() {
    LaneLoads loads = new LaneLoads(2, 8);
    loads.set(0, 2);

    assertThat(loads.admit(0, 1)).isZero();
    assertThat(loads.admit(0, 1)).isEqualTo(1);
    assertThat(loads.admit(0, 1)).isZero();
    assertThat(loads.admit(1, 1)).isEqualTo(1);
    assertThat(loads.admit(0, 1)).isZero();
  }

  @Test
  void lanesHoldTheGreatestNumberOfRowsTogether() {
    LaneLoads loads = new LaneLoads(3, 8);

    assertThat(loads.admit(0, 50)).isEqualTo(3);
    assertThat(loads.admit(1, 47)).isEqualTo(3);
    assertThat(loads.admit(2, 44)).isEqualTo(2);
    assertThat(loads.admit(1, 42)).isZero();
    assertThat(loads.admit(1, 42)).isZero();
  }

  @Test
  void whateverWaitsSomeLaneTakesItUnlessAllAreFull() {
    Random random = new Random(7);
    for (int trial = 0; trial < 2000; trial++) {
      int lanes = 1 + random.nextInt(5);
      int maxRows = lanes + random.nextInt(12);
      LaneLoads loads = new LaneLoads(lanes, maxRows);
      for (int lane = 0; lane < lanes; lane++) {
        loads.set(lane, random.nextInt(loads.admit(lane, lanes * maxRows) + 1));
      }
      int before = loads.total();
      int waiting = 1 + random.nextInt(4);
      int admitted = 0;
      for (int lane = 0; lane < lanes; lane++) {
        admitted += loads.admit(lane, waiting - admitted);
        if (admitted == waiting) {
          break;
        }
      }

      assertThat(admitted > 0 || before == maxRows)
          .as("%s lanes, %s of %s rows, %s waiting", lanes, before, maxRows, waiting)
          .isTrue();
      assertThat(loads.total()).isEqualTo(before + admitted).isLessThanOrEqualTo(maxRows);
    }
  }
}
