/**
 * The control loop on one machine: the pods are server processes that share a port, their
 * annotations are files, and what a cluster's workload controller does is done by a {@link
 * dev.berth.operator.local.Fleet}.
 *
 * <p>What is decided is {@code decide}'s; here is only how it is seen, carried out and shown.
 */
@NullMarked
package dev.berth.operator.local;

import org.jspecify.annotations.NullMarked;
