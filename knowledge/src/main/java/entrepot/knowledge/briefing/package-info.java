/**
 * Makes a briefing of documents in their own words: what matters to a question, what each source
 * says of it, dates, figures, and what does not fit together.
 *
 * <p>Everything printed between quotation marks is checked against its document first. Nothing here
 * knows where documents come from or who asks. Begin with {@link
 * entrepot.knowledge.briefing.Briefing}.
 */
@NullMarked
package entrepot.knowledge.briefing;

import org.jspecify.annotations.NullMarked;
