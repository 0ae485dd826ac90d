/**
 * Writes the CustomResourceDefinition while the project is built, from the records of {@code
 * policy}. Left out of the program's jar.
 */
@NullMarked
package dev.berth.operator.schema;

import org.jspecify.annotations.NullMarked;
