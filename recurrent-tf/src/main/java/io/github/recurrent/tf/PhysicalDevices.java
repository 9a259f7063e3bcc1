package io.github.recurrent.tf;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.tf.internal.natives.Natives;
import java.util.OptionalInt;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;

/**
 * The GPU of this virtual machine; TensorFlow's Java interface does not list any.
 *
 * <p>The first session that sees a GPU decides for the whole process which one it is and how it
 * takes memory. So none is opened to look around first: each GPU is looked for with the very
 * options that a training has.
 */
final class PhysicalDevices {
  private static OptionalInt bound = OptionalInt.empty();

  private PhysicalDevices() {}

  /** Returns the GPU that this virtual machine uses already, if it uses one. */
  static synchronized OptionalInt bound() {
    return bound;
  }

  /**
   * Binds this virtual machine to a GPU, and returns whether TensorFlow finds it.
   *
   * @throws IllegalStateException if the machine is bound to another, or has others but not this
   */
  static synchronized boolean bind(int index) {
    if (bound.isPresent() && bound.getAsInt() != index) {
      throw new IllegalStateException(
          "there is no GPU "
              + index
              + " for this virtual machine, as it uses GPU "
              + bound.getAsInt()
              + " already: TensorFlow takes one GPU a process");
    }
    if (bound.isEmpty()) {
      try {
        if (gpus(Execution.onGpu(ConfigProto.newBuilder(), index).build()).isEmpty()) {
          return false;
        }
      } catch (TensorFlowException e) {
        throw new IllegalStateException("there is no GPU " + index + ": " + e.getMessage(), e);
      }
      bound = OptionalInt.of(index);
    }
    return true;
  }

  /** Returns the names of all GPUs of a session. */
  @SuppressWarnings("try") // the scope frees what is made within it
  private static ImmutableList<String> gpus(ConfigProto configuration) {
    Natives.load();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
      byte[] bytes = configuration.toByteArray();
      TF_SetConfig(options, new BytePointer(bytes), bytes.length, status);
      status.throwExceptionIfNotOK();
      TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = TF_SessionListDevices(session, status);
      status.throwExceptionIfNotOK();
      try {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        for (int i = 0; i < TF_DeviceListCount(devices); i++) {
          if (TF_DeviceListType(devices, i, status).getString().equals("GPU")) {
            names.add(TF_DeviceListName(devices, i, status).getString());
          }
        }
        return names.build();
      } finally {
        TF_DeleteDeviceList(devices);
      }
    }
  }
}
