/**
 * Searching the web and reading pages of it, as tools of agents. Begin with {@link
 * entrepot.runtime.tools.web.WebTools}.
 */
@NullMarked
package entrepot.runtime.tools.web;

import org.jspecify.annotations.NullMarked;
