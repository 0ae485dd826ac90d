/**
 * What to do, decided from records alone: {@link Round#decide} takes a policy, an observation, what
 * the rounds before left behind and the time, and returns what to change and why, in words with
 * figures.
 *
 * <p>Nothing here knows Kubernetes, a clock, a socket or a file; every type is an immutable value,
 * and the package depends on {@code java.*} only.
 */
@NullMarked
package dev.berth.operator.decide;

import org.jspecify.annotations.NullMarked;
