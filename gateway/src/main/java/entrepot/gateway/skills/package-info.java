/** Skills over HTTP. Begin with {@link entrepot.gateway.skills.SkillsApi}. */
@NullMarked
package entrepot.gateway.skills;

import org.jspecify.annotations.NullMarked;
