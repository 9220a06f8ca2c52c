package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class ChatTotalsTest {

    @Test
    void readsTheUsageWhereverItStands() {
        String usage = "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}";
        assertThat(read("{" + usage + ",\"choices\":[]}").usage())
                .extracting(Usage::totalTokens)
                .isEqualTo(7L);
        assertThat(
                        read("{ \"choices\" : [{\"usage\":{\"prompt_tokens\":99}}] , "
                                        + usage
                                        + " }")
                                .usage())
                .extracting(Usage::totalTokens)
                .isEqualTo(7L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[]}", "{\"choices\":[],\"usage\":null,\"error\":null}"})
    void knowsThatNothingWasSaid(String body) {
        assertThat(read(body).usage()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"choices\":{}}",
                "{\"choices\":[]",
                "{\"choices\":[]} more",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":}}"
            })
    void refusesWhatIsNoAnswer(String body) {
        Failed failed = catchThrowableOfType(Failed.class, () -> read(body));
        assertThat(failed.failure().cause()).isEqualTo(Cause.SUPPLIER_FAILED);
    }

    @Test
    void understandsAnErrorInThePlaceOfAnAnswer() {
        Failed failed =
                catchThrowableOfType(
                        Failed.class,
                        () -> read("{\"error\":{\"message\":\"later\",\"code\":\"rate_limit\"}}"));
        assertThat(failed.failure().cause()).isEqualTo(Cause.SUPPLIER_LIMITED);
    }

    private static ChatTotals read(String body) {
        return ChatTotals.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
