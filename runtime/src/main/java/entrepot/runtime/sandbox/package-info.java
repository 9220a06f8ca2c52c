/**
 * Commands on this node that reach one folder and nothing else, by way of bubblewrap. Knows no
 * session and keeps nothing: begin with {@link entrepot.runtime.sandbox.Sandbox}. Nothing else
 * opens a file that a sandbox may have made, since its links may point anywhere.
 */
@NullMarked
package entrepot.runtime.sandbox;

import org.jspecify.annotations.NullMarked;
