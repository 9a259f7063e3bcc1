package io.github.recurrent.examples.service;

import io.github.recurrent.examples.service.repository.VersionPolicy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads policies such as {@code all}, {@code latest:2} and {@code 1,3}. */
final class PolicyText implements ITypeConverter<VersionPolicy> {
  @Override
  public VersionPolicy convert(String text) {
    try {
      return VersionPolicy.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
