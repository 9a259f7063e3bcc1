package io.github.recurrent.examples;

public final class Quickstart {
  private Quickstart() {}

  public static void main(String[] arguments) {
    System.out.println("seed " + arguments[0] + " " + System.getenv("TF_CPP_MIN_LOG_LEVEL"));
  }
}
