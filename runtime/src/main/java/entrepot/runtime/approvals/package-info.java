/**
 * Which uses of tools need somebody's word first. A session whose call needs approval parks: it
 * holds no thread and no memory until the answer comes or the question expires. An approval binds
 * one exact call, by its digest. Begin with {@link entrepot.runtime.approvals.ToolPolicy}.
 */
@NullMarked
package entrepot.runtime.approvals;

import org.jspecify.annotations.NullMarked;
