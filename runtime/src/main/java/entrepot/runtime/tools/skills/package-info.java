/**
 * Skills as a tool of agents. What keeps them is in {@code runtime.skills}. Begin with {@link
 * entrepot.runtime.tools.skills.SkillTools}.
 */
@NullMarked
package entrepot.runtime.tools.skills;

import org.jspecify.annotations.NullMarked;
