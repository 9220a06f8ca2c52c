/**
 * The house style as tests over the whole repository, run before every other module.
 *
 * <p>All of it lives under {@code src/test}: a {@code Rule} looks at one file (or at the whole
 * tree) and names what it finds; {@code HouseTest} runs every rule over every file; {@code
 * RulesTest} shows each rule a bad sample, so that no rule passes by being blind. Nothing here
 * ships. Begin with {@code HouseTest}.
 */
@NullMarked
package entrepot.tidy;

import org.jspecify.annotations.NullMarked;
