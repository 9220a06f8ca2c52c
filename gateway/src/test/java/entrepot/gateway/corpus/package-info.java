/**
 * Recorded exchanges with real providers, played through a whole gateway: within a dialect, and
 * across.
 */
@NullMarked
package entrepot.gateway.corpus;

import org.jspecify.annotations.NullMarked;
