/**
 * Skills: folders with a {@code SKILL.md}, kept as zip files in versions. What is in them is read
 * in memory and never unpacked onto a disk. Begin with {@link entrepot.runtime.skills.Skills}.
 */
@NullMarked
package entrepot.runtime.skills;

import org.jspecify.annotations.NullMarked;
