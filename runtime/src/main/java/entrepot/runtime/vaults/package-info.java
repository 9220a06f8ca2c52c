/**
 * Vaults: credentials that sessions may use and nobody can read back. Secrets are sealed with a key
 * that is not in the database. Begin with {@link entrepot.runtime.vaults.Vaults}.
 */
@NullMarked
package entrepot.runtime.vaults;

import org.jspecify.annotations.NullMarked;
