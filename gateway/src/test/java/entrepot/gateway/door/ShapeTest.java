package entrepot.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {

    @Test
    void aLineStandsForASchema() {
        assertThat(Shape.schema("{id: string, n?: integer|null, is: on/off, of: [{*: any}]}"))
                .hasToString(
                        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
                                + "\"n\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]},"
                                + "\"is\":{\"type\":\"string\",\"enum\":[\"on\",\"off\"]},"
                                + "\"of\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                                + "\"additionalProperties\":{}}}},"
                                + "\"required\":[\"id\",\"is\",\"of\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{a}", "{a: }", "[string", "string string", "{a: b c: d}", "a|b"})
    void whatIsNoShapeIsAMistakeWithItsPlace(String text) {
        assertThatThrownBy(() -> Shape.schema(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected at letter");
    }
}
