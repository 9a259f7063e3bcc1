package io.github.recurrent.examples.service.grpc;

import com.google.protobuf.ByteString;
import io.github.recurrent.examples.service.answer.TensorSink;
import io.github.recurrent.examples.service.protocol.InferTensorContents;

/** Adds values to a message by their type. Not thread-safe. */
final class ContentsSink implements TensorSink {
  private final InferTensorContents.Builder contents;

  ContentsSink(InferTensorContents.Builder contents) {
    this.contents = contents;
  }

  @Override
  public void text(String value) {
    contents.addBytesContents(ByteString.copyFromUtf8(value));
  }

  @Override
  public void real(float value) {
    contents.addFp32Contents(value);
  }

  @Override
  public void whole(int value) {
    contents.addIntContents(value);
  }
}
