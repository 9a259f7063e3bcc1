package io.github.recurrent.checkpoint;

import com.google.common.primitives.ImmutableLongArray;
import io.github.recurrent.model.Parameters.Shape;

/**
 * A tensor of a PyTorch file before its values are read: a strided view of a storage.
 *
 * @param storageLength the number of values of the storage
 * @param offset the index in the storage of the first value
 */
record TorchTensor(
    String storage,
    TorchStorageType type,
    long storageLength,
    long offset,
    ImmutableLongArray sizes,
    ImmutableLongArray strides) {

  /** Returns a reason why the view does not lie within its storage, or the empty string. */
  String defect() {
    if (offset < 0 || storageLength < 0) {
      return "has offset " + offset + " in a storage of " + storageLength + " values";
    }
    if (sizes.length() != strides.length()) {
      return "has sizes " + sizes + " but strides " + strides;
    }
    if (!sizes.stream().allMatch(size -> size >= 0)
        || !strides.stream().allMatch(stride -> stride >= 0)) {
      return "has sizes " + sizes + " and strides " + strides + "; none may be negative";
    }
    if (!sizes.contains(0) && !reachesWithin()) {
      return "with sizes "
          + sizes
          + ", strides "
          + strides
          + " and offset "
          + offset
          + " reaches beyond its storage of "
          + storageLength
          + " values";
    }
    return "";
  }

  private boolean reachesWithin() {
    long last = offset;
    for (int dimension = 0; dimension < sizes.length(); dimension++) {
      long steps = sizes.get(dimension) - 1;
      long stride = strides.get(dimension);
      if (steps > 0 && stride > storageLength / steps) {
        return false;
      }
      last += steps * stride;
      if (last >= storageLength) {
        return false;
      }
    }
    return last < storageLength;
  }

  /** Returns the sizes of a tensor that is not too large to read. */
  Shape shape() {
    return Shape.of(sizes.stream().mapToInt(Math::toIntExact).toArray());
  }

  /** Returns the index in the storage of the value with the given row-major index. */
  long storageIndex(int rowMajorIndex) {
    long index = offset;
    long rest = rowMajorIndex;
    for (int dimension = sizes.length() - 1; dimension >= 0; dimension--) {
      index += rest % sizes.get(dimension) * strides.get(dimension);
      rest /= sizes.get(dimension);
    }
    return index;
  }
}
