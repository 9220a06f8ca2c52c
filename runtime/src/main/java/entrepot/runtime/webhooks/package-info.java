/**
 * Signed word of what happens in sessions, sent to addresses of the tenant: read from the journals,
 * kept as rows until it has arrived or was tried often enough. Begin with {@link
 * entrepot.runtime.webhooks.Webhooks}, then {@link entrepot.runtime.webhooks.WebhookRunner}.
 */
@NullMarked
package entrepot.runtime.webhooks;

import org.jspecify.annotations.NullMarked;
