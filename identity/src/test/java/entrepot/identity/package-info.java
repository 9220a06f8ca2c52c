/**
 * What keys, tenants and the audit log promise, on both databases. One abstract class per promise,
 * one short subclass per engine. Begin with {@code KeysContract}.
 */
@NullMarked
package entrepot.identity;

import org.jspecify.annotations.NullMarked;
