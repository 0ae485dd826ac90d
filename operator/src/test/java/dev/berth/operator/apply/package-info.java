/** Tests of reports and their pace, in memory. */
@NullMarked
package dev.berth.operator.apply;

import org.jspecify.annotations.NullMarked;
