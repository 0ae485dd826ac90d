/**
 * What is seen of workloads and pods, in the terms of a decision. {@link
 * dev.berth.operator.observe.Observer} joins what the API server tells ({@link
 * dev.berth.operator.observe.Cluster}, kept by watches) with what each pod tells of itself: {@link
 * Scrape} asks one for its metrics, and {@link Reading} is its answer.
 */
@NullMarked
package dev.berth.operator.observe;

import org.jspecify.annotations.NullMarked;
