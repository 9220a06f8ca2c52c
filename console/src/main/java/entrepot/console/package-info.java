/**
 * Server-rendered pages for people: sessions and their live timeline, what each call cost and which
 * gate decided.
 *
 * <p>Reads the same facts and receipts as every other surface and changes nothing. Templates stand
 * in {@code src/main/jte} and become Java at build time; pages work without a script but for what
 * is live. Begin with {@link entrepot.console.Console}.
 */
@NullMarked
package entrepot.console;

import org.jspecify.annotations.NullMarked;
