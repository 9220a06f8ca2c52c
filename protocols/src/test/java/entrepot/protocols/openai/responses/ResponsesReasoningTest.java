package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.Recorded.json;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Reasoning and its seals, on the way to a caller and home again. */
class ResponsesReasoningTest {

    @Test
    void r30r32AForeignSealTravelsWithTheCallerAndFindsHome() {
        ObjectNode told = told(new Part.Reasoning("hm", "anthropic:EqQB", Extras.NONE));
        JsonNode item = told.path("output").get(0);
        assertThat(item.path("encrypted_content").stringValue()).isEqualTo("anthropic:EqQB");
        assertThat(item.path("summary").get(0).path("text").stringValue()).isEqualTo("hm");
        Request next = replayed(told);
        assertThat(Bare.of(next.messages().getFirst().parts()).getFirst())
                .isEqualTo(new Part.Reasoning("hm", "anthropic:EqQB", Extras.NONE));
    }

    @Test
    void r33ASupplierIsSentNoSealThatItCannotOpen() {
        ObjectNode told =
                told(
                        new Part.Reasoning("hm", "google:abc", Extras.NONE),
                        new Part.Reasoning("", "openai:gAAA", Extras.NONE));
        Request next = replayed(told);
        JsonNode sent = json(ResponsesRequests.write(next)).path("input");
        assertThat(sent.get(0).path("encrypted_content").stringValue()).isEqualTo("gAAA");
        assertThat(sent.toString()).doesNotContain("google").doesNotContain("hm");
        assertThat(ResponsesLosses.of(next))
                .containsExactly(ResponsesLosses.SIGNATURE.at("messages[0].parts[0]"));
    }

    @Test
    void r33WhatOneMakerSealedGoesBackToItAlone() throws Exception {
        var xai = new ResponsesDialect("xai");
        var openai = new ResponsesDialect();
        byte[] answered =
                json("""
                {'id':'r','status':'completed','output':[{'type':'reasoning','id':'rs_1',
                'summary':[],'encrypted_content':'XAI'}]}\
                """)
                        .toString()
                        .getBytes(UTF_8);
        ObjectNode told = told(xai.read(answered).parts().toArray(Part[]::new));
        assertThat(told.path("output").get(0).path("encrypted_content").stringValue())
                .isEqualTo("openai.xai:XAI");
        var streamed = new Answers.Collector();
        var reader = xai.reader(streamed);
        reader.frame(
                Frame.of(
                        "",
                        ("{\"type\":\"response.completed\",\"response\":"
                                        + new String(answered, UTF_8)
                                        + "}")
                                .getBytes(UTF_8)));
        reader.end();
        assertThat(streamed.answer().parts())
                .extracting(part -> ((Part.Reasoning) part).signature())
                .containsExactly("openai.xai:XAI");

        Request next = replayed(told);
        assertThat(json(xai.write(next)).path("input").get(0).path("encrypted_content"))
                .hasToString("\"XAI\"");
        assertThat(xai.losses(next)).isEmpty();
        assertThat(json(openai.write(next)).path("input")).isEmpty();
        assertThat(openai.losses(next)).hasSize(1);

        Request fromOpenAi = replayed(told(new Part.Reasoning("", "openai:OAI", Extras.NONE)));
        assertThat(json(xai.write(fromOpenAi)).path("input")).isEmpty();
        assertThat(json(openai.write(fromOpenAi)).toString()).contains("OAI");
        assertThat(new MessagesDialect().losses(next)).as("R33: nor to Anthropic").isNotEmpty();
    }

    @Test
    void r31SealedReasoningStaysBeforeItsCallsInOrder() {
        var request =
                ResponsesRequests.read(
                        json(
                                """
                                {'model':'m','input':[
                                {'type':'reasoning','id':'rs_1','summary':[],
                                 'encrypted_content':'A'},
                                {'type':'function_call','call_id':'1','name':'f','arguments':''},
                                {'type':'reasoning','id':'rs_2','summary':[],
                                 'encrypted_content':'B'},
                                {'type':'function_call','call_id':'2','name':'f',
                                 'arguments':'{}'}]}\
                                """));
        assertThat(Bare.of(request.messages().getFirst().parts()))
                .containsExactly(
                        new Part.Reasoning("", "openai:A", Extras.NONE),
                        new Part.ToolCall("1", "f", "", Extras.NONE),
                        new Part.Reasoning("", "openai:B", Extras.NONE),
                        new Part.ToolCall("2", "f", "{}", Extras.NONE));
    }

    @Test
    void reasoningWithoutASealOfAnotherDialectIsNotSent() {
        var thought = new Part.Reasoning("hm", null, Extras.NONE);
        var request =
                Request.of(
                        "m",
                        List.of(
                                Message.of(
                                        Role.ASSISTANT, thought, new Part.Text("a", Extras.NONE))));
        assertThat(json(ResponsesRequests.write(request)).path("input")).hasSize(1);
        assertThat(ResponsesLosses.of(request)).hasSize(1);
    }

    @Test
    void severalSummariesAreOneTextAndComeBackApart() {
        JsonNode asked =
                json(
                        """
                        {'model':'m','input':[{'type':'reasoning','id':'rs_1','summary':[
                        {'type':'summary_text','text':'one'},{'type':'summary_text','text':'two'}],
                        'content':[]}]}\
                        """);
        Request request = ResponsesRequests.read(asked);
        assertThat(((Part.Reasoning) request.messages().getFirst().parts().getFirst()).text())
                .isEqualTo("one\n\ntwo");
        assertThat(json(ResponsesRequests.write(request))).isEqualTo(asked);
    }

    @Test
    void aThoughtThatIsToldAloudIsToldAloudAgain() throws Exception {
        List<String> stream =
                List.of(
                        "{'type':'response.output_item.added','output_index':0,'item':"
                                + "{'id':'r','type':'reasoning','summary':[],'content':[]}}",
                        "{'type':'response.reasoning_text.delta','output_index':0,"
                                + "'content_index':0,'item_id':'r','delta':'hm'}",
                        "{'type':'response.reasoning_text.done','output_index':0,"
                                + "'content_index':0,'item_id':'r','text':'hm'}",
                        "{'type':'response.output_item.done','output_index':0,'item':{'id':'r',"
                                + "'type':'reasoning','summary':[],'content':["
                                + "{'type':'reasoning_text','text':'hm'}]}}",
                        "{'type':'response.completed','response':{'id':'x','output':[]}}");
        var events = Recorded.read(stream.stream().map(e -> e.replace('\'', '"')).toList());
        List<String> told = Recorded.written(Recorded.voice(Json.object()), events);
        assertThat(told).anyMatch(e -> e.contains("\"type\":\"response.reasoning_text.delta\""));
        assertThat(told).noneMatch(e -> e.contains("\"type\":\"response.reasoning_summary_text"));
        JsonNode item = json(told.getLast().getBytes(UTF_8)).path("response").path("output").get(0);
        assertThat(item.path("id").stringValue()).isEqualTo("r");
        assertThat(item.path("content").get(0).path("text").stringValue()).isEqualTo("hm");
        assertThat(Answers.fold(events).parts()).hasSize(1);
    }

    private static ObjectNode told(Part... parts) {
        var answer = new Answer("a", "m", List.of(parts), StopReason.END, Usage.NONE, Extras.NONE);
        return Recorded.voice(Json.object()).response(answer);
    }

    /** A client that keeps no state sends all items back. */
    private static Request replayed(ObjectNode told) {
        ObjectNode body = Json.object().put("model", "m");
        body.set("input", told.path("output"));
        return ResponsesRequests.read(body);
    }
}
