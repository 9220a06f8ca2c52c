/**
 * Reads contracts from YAML: every problem with file, line and column, and what would mend it;
 * contradictions between contracts with both places. A folder is watched and taken over whole or
 * not at all.
 *
 * <p>What the members mean stands in {@code docs/contracts.md}; their schema is the resource {@code
 * contracts.schema.json}. Begin with {@link entrepot.market.contracts.reading.ContractsReader}.
 */
@NullMarked
package entrepot.market.contracts.reading;

import org.jspecify.annotations.NullMarked;
