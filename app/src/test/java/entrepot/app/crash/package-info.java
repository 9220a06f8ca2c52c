/**
 * Real server processes, killed with {@code kill -9} while sessions run, and what must hold all the
 * same. Begin with {@link entrepot.app.crash.CrashContract}.
 */
@NullMarked
package entrepot.app.crash;

import org.jspecify.annotations.NullMarked;
