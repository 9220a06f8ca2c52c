package entrepot.protocols.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.protocols.bedrock.BedrockModel.Maker;
import entrepot.protocols.bedrock.BedrockModel.Thinking;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ids and addresses tell. */
class BedrockModelTest {

    @ParameterizedTest
    @CsvSource({
        "us.anthropic.claude-3-7-sonnet-20250219-v1:0, ANTHROPIC, BUDGET",
        "anthropic.claude-3-5-sonnet-20241022-v2:0, ANTHROPIC, NONE",
        "anthropic.claude-sonnet-4-20250514-v1:0, ANTHROPIC, BUDGET",
        "eu.anthropic.claude-haiku-4-5-20251001-v1:0, ANTHROPIC, BUDGET",
        "us.anthropic.claude-sonnet-4-6, ANTHROPIC, EFFORT",
        "us.anthropic.claude-sonnet-5, ANTHROPIC, EFFORT",
        "anthropic.claude-v2:1, ANTHROPIC, NONE",
        "arn:aws:bedrock:us-east-1:012345678901:inference-profile/us.anthropic.claude-opus-4-8,"
                + " ANTHROPIC, EFFORT",
        "arn:aws:bedrock:us-east-1:1:application-inference-profile/1arbu5hu2sjr, UNKNOWN, NONE",
        "us.amazon.nova-micro-v1:0, NOVA, NONE",
        "openai.gpt-oss-120b-1:0, GPT_OSS, NONE",
        "qwen.qwen3-32b-v1:0, OTHER, NONE"
    })
    void idsTell(String id, Maker maker, Thinking thinking) {
        assertThat(BedrockModel.of(id)).isEqualTo(new BedrockModel(maker, thinking));
    }
}
