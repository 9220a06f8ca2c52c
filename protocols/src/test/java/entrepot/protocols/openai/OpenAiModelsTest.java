package entrepot.protocols.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class OpenAiModelsTest {

    @Test
    void listsModelsAsOpenAiDoes() {
        var models = List.of(new OpenAiModels.Model("vendor/model-1", 1763, "vendor"));
        assertThat(OpenAiModels.write(models))
                .asString()
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[{\"id\":\"vendor/model-1\","
                                + "\"object\":\"model\",\"created\":1763,"
                                + "\"owned_by\":\"vendor\"}]}");
    }
}
