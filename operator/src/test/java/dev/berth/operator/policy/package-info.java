/** Tests of the policy's defaults and bounds, in memory. */
@NullMarked
package dev.berth.operator.policy;

import org.jspecify.annotations.NullMarked;
