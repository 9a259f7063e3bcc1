package io.github.recurrent.examples.service.grpc;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.github.recurrent.examples.service.protocol.InferTensorContents;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.TensorData;
import java.util.List;

/** Elements as a message has them by their type. */
final class TypedData implements TensorData {
  private final String place;
  private final InferTensorContents contents;

  TypedData(String place, InferTensorContents contents) {
    this.place = place;
    this.contents = contents;
  }

  @Override
  public List<String> strings() {
    requireOnly("bytes_contents", contents.getBytesContentsCount());
    ImmutableList.Builder<String> strings = ImmutableList.builder();
    for (ByteString bytes : contents.getBytesContentsList()) {
      if (!bytes.isValidUtf8()) {
        throw Fault.bad(place + " has a string that is not in UTF-8");
      }
      strings.add(bytes.toStringUtf8());
    }
    return strings.build();
  }

  @Override
  public long[] integers() {
    int count = contents.getInt64ContentsCount();
    requireOnly("int64_contents", count);
    long[] integers = new long[count];
    for (int index = 0; index < count; index++) {
      integers[index] = contents.getInt64Contents(index);
    }
    return integers;
  }

  /** Refuses elements of other types beside those that are asked for. */
  private void requireOnly(String field, int count) {
    int all =
        contents.getBoolContentsCount()
            + contents.getIntContentsCount()
            + contents.getInt64ContentsCount()
            + contents.getUintContentsCount()
            + contents.getUint64ContentsCount()
            + contents.getFp32ContentsCount()
            + contents.getFp64ContentsCount()
            + contents.getBytesContentsCount();
    if (all > count) {
      throw Fault.bad(place + " must have " + field + " alone, but has elements of another type");
    }
  }
}
