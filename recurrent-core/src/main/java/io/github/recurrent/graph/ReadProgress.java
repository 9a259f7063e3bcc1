package io.github.recurrent.graph;

import java.nio.file.Path;

/**
 * How much of a file of triples is read.
 *
 * @param file the file
 * @param lines the number of lines that are read, or of statements in RDF
 * @param bytes the number of bytes that are read, compressed ones in a {@code .gz} file
 * @param size the number of bytes of the file
 */
public record ReadProgress(Path file, long lines, long bytes, long size) {}
