/**
 * Webhook endpoints as OpenAI's clients keep them, and the log of what was sent to each. Begin with
 * {@link entrepot.gateway.webhooks.WebhooksApi}.
 */
@NullMarked
package entrepot.gateway.webhooks;

import org.jspecify.annotations.NullMarked;
