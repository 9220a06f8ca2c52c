/**
 * What all of Google's generative interfaces share: errors, lists of models, and addresses that end
 * in {@code {model}:{method}}.
 *
 * <p>Begin with {@link entrepot.protocols.google.GoogleErrors}. The dialect itself lives in {@code
 * gemini}.
 */
@NullMarked
package entrepot.protocols.google;

import org.jspecify.annotations.NullMarked;
