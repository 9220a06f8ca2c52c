package entrepot.protocols.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

class McpWordsTest {

    private static JsonNode json(String text) {
        return Json.read(text, Cause.INTERNAL);
    }

    private static McpMessage read(String text) {
        return McpMessage.read(text.getBytes(StandardCharsets.UTF_8), Cause.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','id':1,'method':'ping','params':{}}",
                "{'jsonrpc':'2.0','method':'notifications/initialized','params':{'a':1}}",
                "{'jsonrpc':'2.0','id':'x','result':{'tools':[]}}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':-32601,'message':'no'}}",
                "{'jsonrpc':'2.0','error':{'code':-32700,'message':'no','data':{'a':[1.10]}}}"
            })
    void writesWhatItRead(String quoted) {
        String text = quoted.replace('\'', '"');
        assertThat(new String(read(text).write(), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}"
            })
    void refusesWhatIsNoMessage(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(Failed.class).hasMessageContaining("MCP");
    }

    @Test
    void aNumberAndATextAreNeverOneId() {
        assertThat(McpMessage.key(json("1"))).isEqualTo(McpMessage.key(json("1")));
        assertThat(McpMessage.key(json("\"1\""))).isNotEqualTo(McpMessage.key(json("1")));
    }

    /** The specification's own table. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "us-west1,us-west1",
                "~Hello, 世界~,=?base64?SGVsbG8sIOS4lueVjA==?=",
                "~ padded ~,=?base64?IHBhZGRlZCA=?=",
                "~line1\nline2~,=?base64?bGluZTEKbGluZTI=?=",
                "=?base64?literal?=,=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="
            })
    void textsGoIntoHeadersAndOut(String text, String header) {
        assertThat(HeaderText.encode(text)).isEqualTo(header);
        assertThat(HeaderText.decode(header)).contains(text);
    }

    @Test
    void whatIsNoHeaderTextIsNotRead() {
        assertThat(HeaderText.decode("=?base64?%%%?=")).isEmpty();
        assertThat(HeaderText.decode("é")).isEmpty();
    }

    @Test
    void argumentsAreRepeatedInHeaders() throws Exception {
        ParamHeaders headers =
                ParamHeaders.of(
                        json(
                                """
                                {"type":"object","properties":{
                                 "region":{"type":"string","x-mcp-header":"Region"},
                                 "where":{"type":"object","properties":{
                                   "zone":{"type":"integer","x-mcp-header":"Zone"}}},
                                 "dry":{"type":"boolean","x-mcp-header":"Dry"},
                                 "gone":{"type":"string","x-mcp-header":"Gone"}}}
                                """));
        assertThat(
                        headers.values(
                                json(
                                        """
                                        {"region":" x ","where":{"zone":-7},"dry":false,"gone":null}
                                        """)))
                .containsExactlyInAnyOrderEntriesOf(
                        java.util.Map.of(
                                "Mcp-Param-Region",
                                "=?base64?IHgg?=",
                                "Mcp-Param-Zone",
                                "-7",
                                "Mcp-Param-Dry",
                                "false"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'properties':{'a':{'type':'string','x-mcp-header':''}}}",
                "{'properties':{'a':{'type':'string','x-mcp-header':'a b'}}}",
                "{'properties':{'a':{'type':'number','x-mcp-header':'A'}}}",
                "{'properties':{'a':{'type':'array','items':"
                        + "{'type':'string','x-mcp-header':'A'}}}}",
                "{'oneOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]}",
                "{'properties':{'a':{'type':'string','x-mcp-header':'A'},"
                        + "'b':{'type':'string','x-mcp-header':'a'}}}"
            })
    void aToolWithAMisplacedHeaderIsNone(String quoted) {
        assertThatThrownBy(() -> ParamHeaders.of(json(quoted.replace('\'', '"'))))
                .isInstanceOf(ParamHeaders.Malformed.class);
    }

    @Test
    void aModelIsShownWhatItCanTakeAndToldOfTheRest() {
        List<Part> parts =
                McpContent.parts(
                        json(
                                """
                                {"content":[{"type":"text","text":"Hi"},
                                 {"type":"image","data":"AAAA","mimeType":"image/webp"},
                                 {"type":"audio","data":"AAAA","mimeType":"audio/wav"},
                                 {"type":"resource_link","uri":"file:///a","name":"a"},
                                 {"type":"resource","resource":{"uri":"x:1","text":"inside"}},
                                 {"type":"later"}],
                                 "structuredContent":{"n":1.10}}
                                """));
        assertThat(parts).hasSize(6);
        assertThat(parts.get(1))
                .isInstanceOfSatisfying(
                        Part.Image.class,
                        image -> assertThat(image.mediaType()).isEqualTo("image/webp"));
        assertThat(texts(parts))
                .contains("Hi", "[audio, audio/wav]", "[resource a: file:///a]", "inside", "later")
                .doesNotContain("1.10");
    }

    @Test
    void structuredContentIsShownWhereThereIsNoText() {
        assertThat(texts(McpContent.parts(json("{\"structuredContent\":{\"n\":1.10}}"))))
                .isEqualTo("{\"n\":1.10}");
    }

    private static String texts(List<Part> parts) {
        StringBuilder texts = new StringBuilder();
        parts.forEach(part -> {
            if (part instanceof Part.Text text) {
                texts.append(text.text());
            }
        });
        return texts.toString();
    }
}
