/** What recorded answers weigh, in every dialect, against what their suppliers say. */
@NullMarked
package entrepot.protocols.metering;

import org.jspecify.annotations.NullMarked;
