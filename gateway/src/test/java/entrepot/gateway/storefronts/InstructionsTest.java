package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.Served;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Wishes;
import entrepot.testkit.ChatScripts;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.List;

/** What callers say to the gateway beside their request, in headers and in the body. */
class InstructionsTest {

    private static final String HELLO =
            "{\"model\":\"small\", \"messages\" : [{\"role\":\"user\",\"content\":\"hello\"}]";

    private final Stall stall = new Stall();
    private final Served served = stall.served;

    @AfterEach
    void close() {
        stall.close();
    }

    @Test
    void aHeaderChoosesTheSupplier() throws Exception {
        stall.b.answer(ChatScripts.answer("From b", 1, 1));

        HttpResponse<String> answer = post(HELLO + "}", "x-entrepot-route", "{\"only\":[\"b\"]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-entrepot-supplier")).contains("b");
        assertThat(stall.a.requests()).isEmpty();
    }

    @Test
    void whatIsKeptOfThemReadsAsTheyWereSaid() {
        var all =
                new Instructions(
                        new Wishes(
                                List.of("a"),
                                List.of("a", "b"),
                                List.of("c"),
                                false,
                                true,
                                true,
                                true,
                                new Wishes.MaxPrice(new BigDecimal("2.50"), null),
                                Wishes.Sort.LATENCY),
                        new Order.Purpose("p", "personal"),
                        Order.Losses.REPORT);
        assertThat(Instructions.of(all.json())).isEqualTo(all);
        assertThat(Instructions.NONE.json()).isEmpty();
        assertThat(Instructions.of((JsonNode) null)).isEqualTo(Instructions.NONE);
    }

    @Test
    void theBodysOwnMemberIsTakenOutAndNothingElse() {
        String ours = "\"entrepot\" : {\"route\": {\"order\": [\"b\"]}}";
        String said = "\"messages\":[{\"role\":\"user\",\"content\":\"\\\"entrepot\\\" é\"}]";
        arrives(
                "{ " + ours + " , \"model\":\"small\"," + said + "}",
                "{ \"model\":\"one-at-b\"," + said + "}");
        arrives(
                "{\"model\":\"small\", " + ours + ",\n" + said + ", \"x\" : 1e2 }",
                "{\"model\":\"one-at-b\",\n" + said + ", \"x\" : 1e2 }");
        arrives(
                "{\"model\":\"small\"," + said + ", " + ours + " }",
                "{\"model\":\"one-at-b\"," + said + " }");
    }

    private void arrives(String sent, String expected) {
        stall.b.answer(ChatScripts.answer("From b", 1, 1));

        assertThat(served.post("/v1/chat/completions", sent).statusCode()).isEqualTo(200);

        assertThat(stall.b.last().text()).isEqualTo(expected);
    }

    @Test
    void aMemberOfAnotherNameOrDepthStays() {
        String body = HELLO + ", \"metadata\": {\"entrepot\": \"mine\"}, \"entrepot_x\": 1}";
        stall.a.answer(ChatScripts.answer("Hi", 1, 1));

        served.post("/v1/chat/completions", body);

        assertThat(stall.a.last().text()).isEqualTo(body.replace("\"small\"", "\"one-at-a\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{\"only\":\"b\"}~x-entrepot-route.only",
                "{\"onyl\":[]}~x-entrepot-route.onyl",
                "{\"sort\":\"speed\"}~x-entrepot-route.sort",
                "{\"max_price\":{\"prompt\":\"cheap\"}}~x-entrepot-route.max_price.prompt",
                "{\"only\":[~x-entrepot-route",
            })
    void whatIsNotUnderstoodIsRefusedByName(String route, String member) throws Exception {
        HttpResponse<String> answer = post(HELLO + "}", "x-entrepot-route", route);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(member.substring(0, member.indexOf('-')));
        assertThat(stall.a.requests()).isEmpty();
        assertThat(stall.ledger.all()).isEmpty();
    }

    @Test
    void wishesThatNobodyMeetsAreRefusedWithTheReasonAndOnTheLedger() throws Exception {
        HttpResponse<String> answer =
                post(HELLO + "}", "x-entrepot-route", "{\"only\":[\"nobody\"]}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("only nobody may be used").contains("route_refused");
        assertThat(stall.ledger.all())
                .singleElement()
                .extracting(Receipt::outcome)
                .isEqualTo(Receipt.Outcome.REFUSED);
    }

    private HttpResponse<String> post(String body, String header, String value)
            throws IOException, InterruptedException {
        return served.send(
                served.request("POST", "/v1/chat/completions", body).header(header, value).build());
    }
}
