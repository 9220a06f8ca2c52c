/**
 * The forms in which Google's JSON says what the record says otherwise: the two spellings of names,
 * signatures in base64, calls without ids, arguments in pieces, schemas in Google's own dialect,
 * thinking by level or by tokens.
 *
 * <p>Each class is one of these and knows nothing of requests and answers, which live in {@code
 * gemini}. Begin with {@link entrepot.protocols.google.wire.GeminiSpelling}.
 */
@NullMarked
package entrepot.protocols.google.wire;

import org.jspecify.annotations.NullMarked;
