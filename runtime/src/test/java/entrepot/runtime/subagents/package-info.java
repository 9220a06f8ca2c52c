@NullMarked
package entrepot.runtime.subagents;

import org.jspecify.annotations.NullMarked;
