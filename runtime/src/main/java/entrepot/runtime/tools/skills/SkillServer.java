package entrepot.runtime.tools.skills;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Tool;
import entrepot.runtime.skills.Bundle;
import entrepot.runtime.skills.Skill;
import entrepot.runtime.skills.Skills;
import entrepot.runtime.tools.Arguments;
import entrepot.runtime.tools.Arguments.Wrong;
import entrepot.runtime.tools.ToolServer;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * {@code read_skill}: the model is told names and descriptions, and reads {@code SKILL.md} and the
 * files beside it when it needs them. Changes nothing.
 */
final class SkillServer implements ToolServer {

    private static final int WINDOW_CHARS = 32_000;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {
              "skill": {"type": "string", "description": "its name"},
              "path": {"type": "string",
                "description": "a file of the skill; SKILL.md if left out"},
              "offset": {"type": "integer", "minimum": 0,
                "description": "character to begin at; 0 if left out"}},
             "required": ["skill"], "additionalProperties": false}
            """;

    private final Skills skills;
    private final Skills.Viewer viewer;
    private final List<SkillTools.Named> named;

    SkillServer(Skills skills, Skills.Viewer viewer, List<SkillTools.Named> named) {
        this.skills = skills;
        this.viewer = viewer;
        this.named = named;
    }

    @Override
    public List<Offer> offers() {
        var about =
                new StringBuilder(
                        "Reads a skill: instructions for a kind of task, and files they speak of."
                                + " Before a task that one of these fits, read it. Skills:");
        for (SkillTools.Named each : named) {
            skills.version(viewer, each.skillId(), each.version())
                    .ifPresent(version ->
                            about.append("\n- ")
                                    .append(version.name())
                                    .append(": ")
                                    .append(version.description()));
        }
        return List.of(
                new Offer(
                        new Tool.Function(
                                "read_skill",
                                about.toString(),
                                JSON.readTree(SCHEMA),
                                null,
                                Extras.NONE),
                        Effect.READ));
    }

    @Override
    public Result use(Use use) throws InterruptedException {
        try {
            if (!use.name().equals("read_skill")) {
                throw new Wrong("There is no tool " + use.name() + " here.");
            }
            return Result.text(read(Arguments.read(use.arguments(), "skill", "path", "offset")));
        } catch (Wrong wrong) {
            return Result.failure(String.valueOf(wrong.getMessage()));
        } catch (Failed failed) {
            return Result.failure(failed.failure().message());
        }
    }

    private String read(Arguments arguments) throws Wrong {
        String name = arguments.text("skill");
        String path = arguments.textIf("path");
        Bundle bundle = bundle(name);
        byte[] bytes = bundle.files().get(path == null ? "SKILL.md" : path);
        if (bytes == null) {
            throw new Wrong(
                    "The skill "
                            + name
                            + " has no file "
                            + path
                            + "; it has "
                            + String.join(", ", bundle.paths())
                            + ".");
        }
        Optional<String> text = Bundle.text(bytes);
        if (text.isEmpty()) {
            throw new Wrong(path + " is no text; it has " + bytes.length + " bytes.");
        }
        int length = text.get().codePointCount(0, text.get().length());
        int from = arguments.number("offset", 0, 0, length);
        int to = Math.min(length, from + WINDOW_CHARS);
        int start = text.get().offsetByCodePoints(0, from);
        ObjectNode json = JSON.createObjectNode().put("skill", name);
        if (path == null) {
            ArrayNode files = json.putArray("files");
            bundle.paths().forEach(files::add);
        } else {
            json.put("path", path);
        }
        if (from > 0 || to < length) {
            json.put("from", from).put("to", to).put("characters", length);
        }
        int end = text.get().offsetByCodePoints(start, to - from);
        return json.put("content", text.get().substring(start, end)).toString();
    }

    private Bundle bundle(String name) throws Wrong {
        for (SkillTools.Named each : named) {
            Optional<Skill.Version> version =
                    skills.version(viewer, each.skillId(), each.version());
            if (version.isPresent() && version.get().name().equals(name)) {
                return Bundle.read(
                        skills.content(
                                viewer, each.skillId(), Long.toString(version.get().version())));
            }
        }
        throw new Wrong("There is no skill " + name + " here.");
    }
}
