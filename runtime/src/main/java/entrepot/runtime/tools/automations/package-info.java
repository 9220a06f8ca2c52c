/**
 * Schedules as tools of agents. What keeps and runs them is in {@code runtime.automations}. Begin
 * with {@link entrepot.runtime.tools.automations.AutomationTools}.
 */
@NullMarked
package entrepot.runtime.tools.automations;

import org.jspecify.annotations.NullMarked;
