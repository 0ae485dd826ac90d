/** What the operator tells of each policy to Prometheus: the figures of its status, as series. */
@NullMarked
package dev.berth.operator.metrics;

import org.jspecify.annotations.NullMarked;
