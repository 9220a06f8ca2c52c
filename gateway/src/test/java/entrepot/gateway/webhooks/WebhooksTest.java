package entrepot.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openai.core.http.Headers;
import com.openai.errors.InvalidWebhookSignatureException;
import com.openai.errors.NotFoundException;
import com.openai.models.webhooks.UnwrapWebhookEvent;
import com.openai.models.webhooks.WebhookCreateParams;
import com.openai.models.webhooks.WebhookEndpoint;
import com.openai.models.webhooks.WebhookEndpointWithSecret;
import com.openai.models.webhooks.WebhookTestParams;
import com.openai.models.webhooks.WebhookUpdateParams;
import com.openai.models.webhooks.WebhookVerificationParams;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Webhooks through {@code com.openai:openai-java} 4.98.0, unmodified: it made the contract. */
class WebhooksTest {

    private record Came(byte[] body, Headers headers) {}

    private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();
    private final HttpServer receiver =
            HttpServer.start(
                    ServerSettings.loopback(0),
                    exchange -> {
                        var headers = Headers.builder();
                        exchange.headers()
                                .fields()
                                .forEach(field -> headers.put(field.name(), field.value()));
                        came.add(new Came(exchange.body(), headers.build()));
                        exchange.respond(200, entrepot.http.Headers.NONE, new byte[0]);
                    });

    @AfterEach
    void close() {
        receiver.close();
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.port() + "/hooks";
    }

    private static Served served(Scripted... answers) {
        return new Served(ScriptedMarket.of(answers));
    }

    private WebhookEndpointWithSecret endpoint(Served served) {
        return served.client()
                .webhooks()
                .create(
                        WebhookCreateParams.builder()
                                .name("orders")
                                .url(url())
                                .addEventType(
                                        WebhookCreateParams.EventType.of("agent.session.created"))
                                .addEventType(
                                        WebhookCreateParams.EventType.of("agent.session.idle"))
                                .build());
    }

    private UnwrapWebhookEvent next(Served served, String secret) throws Exception {
        Came next = came.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a webhook").isNotNull();
        return unwrap(served, next, secret);
    }

    private static UnwrapWebhookEvent unwrap(Served served, Came came, String secret) {
        return served.client()
                .webhooks()
                .unwrap(
                        WebhookVerificationParams.builder()
                                .payload(came.body())
                                .headers(came.headers())
                                .secret(secret)
                                .build());
    }

    @Test
    void theOfficialClientAcceptsWhatIsSentAndNothingElse() throws Exception {
        try (var served = served(Scripted.says("Done."))) {
            WebhookEndpointWithSecret endpoint = endpoint(served);
            endpoint.validate();
            String secret = endpoint.signingSecret();
            String session =
                    served.post(
                                    "/v1/agents/sessions",
                                    """
                                    {"agent": {"model": "scripted"},
                                     "environment": {"type": "none"}, "input": "Hello"}
                                    """)
                            .body();
            UnwrapWebhookEvent first = next(served, secret);
            UnwrapWebhookEvent second = next(served, secret);
            first.validate();
            second.validate();
            UnwrapWebhookEvent created = first.isAgentSessionCreated() ? first : second;
            UnwrapWebhookEvent idle = first.isAgentSessionCreated() ? second : first;
            assertThat(created.asAgentSessionCreated().data().environmentType()).isEqualTo("none");
            assertThat(session).contains(created.asAgentSessionCreated().data().id());
            assertThat(idle.asAgentSessionIdle().data().id())
                    .isEqualTo(created.asAgentSessionCreated().data().id());
            HttpResponse<String> log =
                    served.get("/v1/webhook_endpoints/" + endpoint.id() + "/deliveries");
            assertThat(log.body())
                    .contains("\"event_type\":\"agent.session.idle\"")
                    .contains(created.asAgentSessionCreated().id());
            assertThat(came.poll(1, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void samplesAreSignedWithTheSecretOfNow() throws Exception {
        try (var served = served(Scripted.says("x"))) {
            var webhooks = served.client().webhooks();
            WebhookEndpointWithSecret endpoint = endpoint(served);
            var params =
                    WebhookTestParams.builder()
                            .eventType(
                                    WebhookTestParams.EventType.of("agent.session.action_required"))
                            .build();
            assertThat(webhooks.test(endpoint.id(), params).statusCode()).isEqualTo(200);
            Came sample = came.take();
            UnwrapWebhookEvent event = unwrap(served, sample, endpoint.signingSecret());
            event.validate();
            assertThat(event.isAgentSessionActionRequired()).isTrue();
            String other = webhooks.rotateSecret(endpoint.id()).signingSecret();
            assertThatThrownBy(() -> unwrap(served, sample, other))
                    .isInstanceOf(InvalidWebhookSignatureException.class);
            byte[] changed =
                    new String(sample.body(), UTF_8).replace("sess_", "sest_").getBytes(UTF_8);
            assertThatThrownBy(() ->
                            unwrap(
                                    served,
                                    new Came(changed, sample.headers()),
                                    endpoint.signingSecret()))
                    .isInstanceOf(InvalidWebhookSignatureException.class);
            webhooks.test(endpoint.id(), params);
            next(served, other);
        }
    }

    @Test
    void keepsListsChangesAndDeletesEndpoints() {
        try (var served = served(Scripted.says("x"))) {
            var webhooks = served.client().webhooks();
            WebhookEndpointWithSecret made = endpoint(served);
            WebhookEndpoint found = webhooks.retrieve(made.id());
            found.validate();
            assertThat(served.get("/v1/webhook_endpoints/" + made.id()).body())
                    .doesNotContain(made.signingSecret());
            assertThat(made.signingSecret())
                    .startsWith("whsec_")
                    .endsWith(found.signingSecretHint().orElseThrow());
            WebhookEndpoint changed =
                    webhooks.update(made.id(), WebhookUpdateParams.builder().name("other").build());
            assertThat(changed.name()).isEqualTo("other");
            assertThat(changed.eventTypes()).isEqualTo(found.eventTypes());
            assertThat(webhooks.list().items()).hasSize(1);
            assertThat(webhooks.eventTypes().list().data()).hasSize(5);
            HttpResponse<String> foreign =
                    served.send(
                            served.request("GET", "/v1/webhook_endpoints/" + made.id(), "")
                                    .setHeader("authorization", "Bearer " + KnownKeys.OTHER_TENANT)
                                    .build());
            assertThat(foreign.statusCode()).isEqualTo(404);
            webhooks.delete(made.id());
            assertThatThrownBy(() -> webhooks.retrieve(made.id()))
                    .isInstanceOf(NotFoundException.class);
            assertThat(
                            served.post(
                                            "/v1/webhook_endpoints",
                                            "{\"name\":\"x\",\"url\":\"http://10.0.0.1/\","
                                                    + "\"event_types\":[\"agent.session.idle\"]}")
                                    .statusCode())
                    .isEqualTo(400);
            assertThat(
                            served.post(
                                            "/v1/webhook_endpoints",
                                            "{\"name\":\"x\",\"url\":\"https://a.test/\","
                                                    + "\"event_types\":[\"batch.completed\"]}")
                                    .body())
                    .contains("event_types[0]");
        }
    }
}
