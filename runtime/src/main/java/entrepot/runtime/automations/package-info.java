/**
 * Input that is sent to sessions when its time has come: schedules, and their deliveries as rows
 * that any node may take up. Knows no clock but the one it is given. Begin with {@link
 * entrepot.runtime.automations.Automations}, then {@link
 * entrepot.runtime.automations.AutomationRunner}.
 */
@NullMarked
package entrepot.runtime.automations;

import org.jspecify.annotations.NullMarked;
