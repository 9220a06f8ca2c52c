/**
 * Calls to addresses that callers name: which may be called at all, and a client that calls no
 * other. Models are not called from here; they are bought at the market. Begin with {@link
 * entrepot.runtime.outside.Outside}.
 */
@NullMarked
package entrepot.runtime.outside;

import org.jspecify.annotations.NullMarked;
