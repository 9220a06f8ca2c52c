package entrepot.gateway.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.skills.Skill;
import com.openai.models.skills.SkillCreateParams;
import com.openai.models.skills.SkillUpdateParams;
import com.openai.models.skills.versions.SkillVersion;
import com.openai.models.skills.versions.VersionCreateParams;

import entrepot.gateway.Served;
import entrepot.runtime.skills.Bundle;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** Skills through {@code com.openai:openai-java} 4.98.0, unmodified, and agents that read them. */
class SkillsTest {

    private static byte[] zip(String name, String body) {
        String skill = "---\nname: " + name + "\ndescription: does " + name + "\n---\n" + body;
        return Bundle.of(Map.of("SKILL.md", skill.getBytes(UTF_8))).zip();
    }

    private static Skill create(Served served, byte[] zip) {
        return served.client().skills().create(SkillCreateParams.builder().files(zip).build());
    }

    private static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    @Test
    void theOfficialClientKeepsSkillsAndTheirVersions() throws Exception {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("x")))) {
            var skills = served.client().skills();
            Skill made = create(served, zip("tides", "One."));
            made.validate();
            assertThat(made.name()).isEqualTo("tides");
            SkillVersion second =
                    skills.versions()
                            .create(
                                    made.id(),
                                    VersionCreateParams.builder().files(stream()).build());
            second.validate();
            assertThat(second.version()).isEqualTo("2");
            assertThat(
                            skills.update(
                                            made.id(),
                                            SkillUpdateParams.builder().defaultVersion("2").build())
                                    .defaultVersion())
                    .isEqualTo("2");
            assertThat(skills.list().items()).hasSize(1);
            assertThat(skills.versions().list(made.id()).items()).hasSize(2);
            skills.delete(made.id());
            assertThatThrownBy(() -> skills.retrieve(made.id()))
                    .isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> create(served, "no zip".getBytes(UTF_8)))
                    .isInstanceOf(BadRequestException.class);
        }
    }

    private static InputStream stream() {
        return new ByteArrayInputStream(zip("tides", "Two."));
    }

    @Test
    void anAgentReadsWhatItsSessionBroughtAlong() {
        ScriptedMarket market =
                ScriptedMarket.of(
                        Scripted.calls(Scripted.call("c1", "read_skill", "{\"skill\":\"tides\"}")),
                        Scripted.says("Nine."));
        try (var served = new Served(market)) {
            String kept = create(served, zip("ships", "Sail.")).id();
            String session =
                    """
                    {"agent": {"model": "scripted", "tools": [{"type": "skills", "skills": [
                       {"type": "skill_reference", "skill_id": "%s", "version": "latest"},
                       {"type": "inline", "name": "tides", "description": "x", "source":
                         {"type": "base64", "media_type": "application/zip", "data": "%s"}}]}]},
                     "environment": {"type": "none"}, "input": "When?"}
                    """
                            .formatted(
                                    kept,
                                    Base64.getEncoder()
                                            .encodeToString(zip("tides", "Look at the table.")));
            JsonNode made = json(served.post("/v1/agents/sessions", session), 201);
            assertThat(made.at("/agent/tools/0/skills/0/skill_id").asString()).isEqualTo(kept);
            assertThat(made.at("/agent/tools/0/skills/0/version").asString()).isEqualTo("latest");
            String path = "/v1/agents/sessions/" + made.path("id").asString();
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!served.get(path + "/items").body().contains("Nine.")) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            assertThat(served.get(path + "/items").body()).contains("Look at the table.");
            assertThat(market.requests().getFirst().tools().toString())
                    .contains("- ships: does ships")
                    .contains("- tides: does tides")
                    .doesNotContain("Look at the table.");
            JsonNode refused =
                    json(served.post("/v1/agents/sessions", session.replace(kept, "skill_x")), 400);
            assertThat(refused.at("/error/message").asString()).contains("skills");
        }
    }

    @Test
    void webSearchWithoutASearchEngineIsRefusedWhenAnAgentIsMade() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("x")))) {
            String agent = "{\"model\":\"scripted\",\"tools\":[{\"type\":\"web_search\"%s}]}";
            JsonNode refused = json(served.post("/v1/agents", agent.formatted("")), 400);
            assertThat(refused.at("/error/message").asString()).contains("web.yaml");
            JsonNode off =
                    json(served.post("/v1/agents", agent.formatted(",\"mode\":\"disabled\"")), 201);
            assertThat(off.at("/tools/0").toString())
                    .isEqualTo(
                            "{\"type\":\"web_search\",\"mode\":\"disabled\",\"context_size\":"
                                    + "\"medium\",\"allowed_domains\":[],\"location\":null}");
        }
    }
}
