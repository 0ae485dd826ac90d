/**
 * Carries a decision out in a cluster, and reports it: limits and drain marks on pods, the number
 * of replicas, the policy's status, events.
 */
@NullMarked
package dev.berth.operator.apply;

import org.jspecify.annotations.NullMarked;
