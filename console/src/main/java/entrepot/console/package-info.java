/**
 * Server-rendered pages for people: sessions and their live timeline, what each call cost and which
 * gate decided, and the calls that wait for approval.
 *
 * <p>Reads the same facts and receipts as every other surface; what it sends are answers to
 * questions for approval, from forms that carry the sign-in's own token. Templates stand in {@code
 * src/main/jte} and become Java at build time; pages work without a script but for what is live.
 * Begin with {@link entrepot.console.Console}.
 */
@NullMarked
package entrepot.console;

import org.jspecify.annotations.NullMarked;
