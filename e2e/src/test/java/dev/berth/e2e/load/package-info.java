/** What the load clients call a graceful end, and what a broken connection. */
@NullMarked
package dev.berth.e2e.load;

import org.jspecify.annotations.NullMarked;
