/**
 * {@link dev.berth.operator.policy.ConnectionPolicy} as users write it and read it: the records
 * that the CustomResourceDefinition is generated from, with every default and every bound.
 *
 * <p>Schema and code say the same: the API server fills in and refuses what the annotations tell it
 * to; the records' constructors do it again for files that no API server has seen.
 */
@NullMarked
package dev.berth.operator.policy;

import org.jspecify.annotations.NullMarked;
