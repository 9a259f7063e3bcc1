/** A program on the module path. */
module com.example.consumer {
  requires io.github.recurrent.core;
  requires io.github.recurrent.tf;
  requires io.github.recurrent.onnx;
  // Its immutable collections are what the library returns.
  requires com.google.common;
}
