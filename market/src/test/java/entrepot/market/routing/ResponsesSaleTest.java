package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.testing.CollectingCounter;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.responses.ResponsesEnvelope;
import entrepot.protocols.openai.responses.ResponsesRequests;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** Suppliers that have Responses beside chat, or alone. */
class ResponsesSaleTest {

    private static final String ANSWER =
            """
            {"id":"resp_9","object":"response","created_at":1,"status":"completed","error":null,\
            "model":"m-1","output":[{"id":"msg_9","type":"message","role":"assistant",\
            "status":"completed","content":[{"type":"output_text","text":"hello",\
            "annotations":[]}]}],"usage":{"input_tokens":10,"output_tokens":2,"total_tokens":12}}\
            """;

    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final CollectingCounter counter = new CollectingCounter();
    private final Stall stall =
            new Stall(
                    """
                    suppliers:
                      both:
                        kind: openai-compatible
                        base_url: %s
                        key_env: KEY_A
                        apis: [chat, responses]
                      alone:
                        {kind: openai-compatible, base_url: %s, key_env: KEY_B, apis: responses}
                    models:
                      v/both:
                        offers: [{supplier: both, name: m-1, prices: {input: 1, output: 2}}]
                      v/alone:
                        offers: [{supplier: alone, name: m-1, prices: {input: 1, output: 2}}]
                    """
                            .formatted(supplier.baseUrl(), supplier.baseUrl()),
                    http);

    @AfterEach
    void close() {
        http.close();
        supplier.close();
    }

    private Order order(String model, boolean stream) {
        String body =
                """
                {"model":"%s","stream":%s,"input":"hi","x_own":1.10}\
                """
                        .formatted(model, stream);
        var envelope = ResponsesEnvelope.scan(body.getBytes(StandardCharsets.UTF_8));
        return stall.order(
                Stall.ANNA,
                model,
                new Order.Verbatim(
                        ResponsesRequests.DIALECT,
                        stream,
                        false,
                        (name, _) -> envelope.splice(name)),
                null);
    }

    private static Script stream(String... before) {
        String[] events = new String[before.length + 1];
        System.arraycopy(before, 0, events, 0, before.length);
        events[before.length] = "{\"type\":\"response.completed\",\"response\":" + ANSWER + "}";
        return Script.events(events);
    }

    @Test
    void passesACallOfItsOwnDialectOnAsBytes() throws Exception {
        supplier.answer(Script.json(200, ANSWER));
        Receipt receipt = stall.broker.buy(order("v/both", false), counter);
        assertThat(supplier.last().target()).isEqualTo("/v1/responses");
        assertThat(supplier.last().body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"model\":\"m-1\",\"stream\":false,\"input\":\"hi\",\"x_own\":1.10}");
        assertThat(counter.body()).isEqualTo(ANSWER);
        assertThat(receipt.usage().inputTokens()).isEqualTo(10);
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
    }

    @Test
    void relaysAStreamAndReadsItsUsageBeside() throws Exception {
        // R23: no end mark; R24: usage stands in the last event
        supplier.answer(
                stream(
                        "{\"type\":\"response.output_text.delta\",\"output_index\":0,"
                                + "\"content_index\":0,\"delta\":\"hello\"}"));
        Receipt receipt = stall.broker.buy(order("v/both", true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.usage().totalTokens()).isEqualTo(12);
        assertThat(counter.body()).contains("response.output_text.delta").contains("resp_9");
    }

    @Test
    void tellsTheCallerOfAStreamThatBrokeOff() throws Exception {
        supplier.answer(
                stream(
                                "{\"type\":\"response.output_text.delta\",\"output_index\":0,"
                                        + "\"content_index\":0,\"delta\":\"hello\"}")
                        .cutAfterBytes(260));
        Receipt receipt = stall.broker.buy(order("v/both", true), counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(counter.body()).as("R21").contains("event: error\ndata: {\"type\":\"error\"");
    }

    @Test
    void r51ACallOfAnotherDialectGoesToTheInterfaceThatIsNamedFirst() throws Exception {
        supplier.answer(ChatScripts.answer("hello", 10, 2)).answer(Script.json(200, ANSWER));
        stall.broker.buy(stall.order("v/both"), counter);
        assertThat(supplier.last().target()).isEqualTo("/v1/chat/completions");
        stall.broker.buy(stall.order("v/alone"), new CollectingCounter());
        assertThat(supplier.last().target()).isEqualTo("/v1/responses");
    }

    @Test
    void aCallOfChatIsSoldByWhoOnlyHasResponses() throws Exception {
        supplier.answer(Script.json(200, ANSWER));
        String body =
                "{\"model\":\"v/alone\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        var envelope = ChatEnvelope.scan(body.getBytes(StandardCharsets.UTF_8));
        Receipt receipt =
                stall.broker.buy(
                        stall.order(
                                Stall.ANNA,
                                "v/alone",
                                new Order.Verbatim(
                                        ChatRequests.DIALECT, false, false, envelope::splice),
                                null),
                        counter);
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(supplier.last().body())
                .asString(StandardCharsets.UTF_8)
                .contains("\"input\":[{\"type\":\"message\",\"role\":\"user\"")
                .contains("\"store\":false")
                .doesNotContain("messages");
    }
}
