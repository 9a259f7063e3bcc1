package io.github.recurrent.checkpoint;

import java.nio.ByteBuffer;

/** The kinds of storage a state dict may name, as the classes of module {@code torch}. */
enum TorchStorageType {
  FLOAT("FloatStorage", 4) {
    @Override
    float value(ByteBuffer bytes, int index) {
      return bytes.getFloat(4 * index);
    }
  },
  DOUBLE("DoubleStorage", 8) {
    @Override
    float value(ByteBuffer bytes, int index) {
      return (float) bytes.getDouble(8 * index);
    }
  },
  HALF("HalfStorage", 2) {
    @Override
    float value(ByteBuffer bytes, int index) {
      return ofHalf(bytes.getShort(2 * index));
    }
  },
  BFLOAT16("BFloat16Storage", 2) {
    @Override
    float value(ByteBuffer bytes, int index) {
      return Float.intBitsToFloat(bytes.getShort(2 * index) << 16);
    }
  },
  LONG("LongStorage", 8),
  INT("IntStorage", 4),
  SHORT("ShortStorage", 2),
  CHAR("CharStorage", 1),
  BYTE("ByteStorage", 1),
  BOOL("BoolStorage", 1);

  private final String torchName;
  private final int valueBytes;

  TorchStorageType(String torchName, int valueBytes) {
    this.torchName = torchName;
    this.valueBytes = valueBytes;
  }

  String torchName() {
    return torchName;
  }

  int valueBytes() {
    return valueBytes;
  }

  boolean isFloating() {
    return switch (this) {
      case FLOAT, DOUBLE, HALF, BFLOAT16 -> true;
      case LONG, INT, SHORT, CHAR, BYTE, BOOL -> false;
    };
  }

  /**
   * @param bytes a storage of this type, in little-endian order
   */
  float value(ByteBuffer bytes, int index) {
    throw new UnsupportedOperationException(torchName + " holds no floats");
  }

  /** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
  private static float ofHalf(short half) {
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = Math.scalb((float) fraction, -24);
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Math.scalb((float) (fraction | 0x400), exponent - 25);
    }
    return half < 0 ? -magnitude : magnitude;
  }
}
