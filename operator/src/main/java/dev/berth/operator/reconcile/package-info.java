/**
 * The loop: observe, decide, apply, report, and when again. {@link
 * dev.berth.operator.reconcile.PolicyReconciler} is one policy's round; {@link
 * dev.berth.operator.reconcile.Leftovers} looks after what deleted policies leave behind.
 */
@NullMarked
package dev.berth.operator.reconcile;

import org.jspecify.annotations.NullMarked;
