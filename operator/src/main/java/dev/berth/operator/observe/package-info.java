/**
 * What is seen of pods: {@link Scrape} asks one for its metrics, and {@link Reading} is its answer.
 */
@NullMarked
package dev.berth.operator.observe;

import org.jspecify.annotations.NullMarked;
