/**
 * Tools that we run: what they offer, what they may do, and folders of documents as the first of
 * them. The caller's own functions are not here; they run in the caller's application. Begin with
 * {@link entrepot.runtime.tools.ToolServer}.
 */
@NullMarked
package entrepot.runtime.tools;

import org.jspecify.annotations.NullMarked;
