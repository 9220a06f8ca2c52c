package entrepot.gateway.skills;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.agents.AgentErrors;
import entrepot.gateway.agents.Lists;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.runtime.skills.Bundle;
import entrepot.runtime.skills.Skill;
import entrepot.runtime.skills.Skills;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** Skills and their versions, as OpenAI's clients keep them. */
public final class SkillsApi {

    private static final AgentErrors ERRORS = new AgentErrors();

    private final Skills skills;

    public SkillsApi(Skills skills) {
        this.skills = skills;
    }

    public List<Route> routes() {
        String one = "/v1/skills/{skill_id}";
        String version = one + "/versions/{version}";
        return List.of(
                route("POST", "/v1/skills", this::create).taking(FormData.MEDIA),
                route("GET", "/v1/skills", this::list),
                route("GET", one, this::get),
                route("POST", one, this::update),
                route("DELETE", one, this::delete),
                route("GET", one + "/content", this::content),
                route("POST", one + "/versions", this::createVersion).taking(FormData.MEDIA),
                route("GET", one + "/versions", this::listVersions),
                route("GET", version, this::getVersion),
                route("DELETE", version, this::deleteVersion),
                route("GET", version + "/content", this::content));
    }

    private static Route route(String method, String path, Endpoint endpoint) {
        return new Route(method, path, Caller.Scope.AGENTS, ERRORS, endpoint);
    }

    /** A form's files, and whether it says that they shall be the default. */
    private record Upload(Bundle bundle, boolean asDefault) {}

    private static Upload upload(Call call) {
        String type = call.header("content-type");
        var files = new TreeMap<String, byte[]>();
        boolean asDefault = false;
        for (FormData.Field field : FormData.read(type, call.body())) {
            String fileName = field.fileName();
            if (field.name().matches("files(\\[\\d*])?")) {
                files.put(fileName == null ? "skill.zip" : fileName, field.body());
            } else if (field.name().equals("default")) {
                asDefault = new String(field.body(), StandardCharsets.UTF_8).equals("true");
            } else {
                throw Refusals.unknown(field.name(), "files, default");
            }
        }
        if (files.isEmpty()) {
            throw Refusals.missing("files");
        }
        boolean zip = files.size() == 1 && isZip(files.firstEntry().getValue());
        return new Upload(
                zip ? Bundle.read(files.firstEntry().getValue()) : Bundle.of(files), asDefault);
    }

    private static boolean isZip(byte[] bytes) {
        return bytes.length > 3 && bytes[0] == 'P' && bytes[1] == 'K';
    }

    private static Skills.Viewer viewer(Call call) {
        return Skills.Viewer.of(call.caller());
    }

    private static String id(Call call) {
        return call.parameter("skill_id");
    }

    private void create(Call call) {
        call.respond(201, json(skills.create(call.caller(), upload(call).bundle())));
    }

    private void list(Call call) {
        call.respond(
                200,
                Lists.json(
                        skills.list(viewer(call), Lists.clamped(call.query())), SkillsApi::json));
    }

    private void get(Call call) {
        call.respond(
                200, json(skills.find(viewer(call), id(call)).orElseThrow(Refusals::notFound)));
    }

    private void update(Call call) {
        Fields body = call.fields();
        String version = body.requiredText("default_version");
        body.end();
        call.respond(
                200,
                json(
                        skills.setDefault(
                                viewer(call), id(call), number("default_version", version))));
    }

    private static long number(String param, String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw Refusals.value(param, "it must be the number of a version.");
        }
        return Long.parseLong(text);
    }

    private void delete(Call call) {
        skills.delete(viewer(call), id(call));
        call.respond(
                200,
                Json.object()
                        .put("id", id(call))
                        .put("object", "skill.deleted")
                        .put("deleted", true));
    }

    private void content(Call call) {
        call.respond(
                200,
                Headers.of("content-type", "application/zip"),
                skills.content(viewer(call), id(call), call.parameterIf("version")));
    }

    private void createVersion(Call call) {
        Upload upload = upload(call);
        call.respond(
                201,
                json(
                        skills.addVersion(
                                viewer(call), id(call), upload.bundle(), upload.asDefault())));
    }

    private void listVersions(Call call) {
        call.respond(
                200,
                Lists.json(
                        Lists.of(
                                skills.versions(viewer(call), id(call)),
                                Lists.clamped(call.query()),
                                Skill.Version::id),
                        SkillsApi::json));
    }

    private void getVersion(Call call) {
        call.respond(
                200,
                json(
                        skills.version(viewer(call), id(call), call.parameter("version"))
                                .orElseThrow(Refusals::notFound)));
    }

    private void deleteVersion(Call call) {
        String version = call.parameter("version");
        if (version.equals("latest")) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "Name the version to delete by its number.",
                            "version"));
        }
        Skill.Version gone =
                skills.deleteVersion(viewer(call), id(call), number("version", version));
        call.respond(
                200,
                Json.object()
                        .put("id", gone.id())
                        .put("object", "skill.version.deleted")
                        .put("version", Long.toString(gone.version()))
                        .put("deleted", true));
    }

    private static ObjectNode json(Skill skill) {
        return Json.object()
                .put("id", skill.id())
                .put("object", "skill")
                .put("name", skill.name())
                .put("description", skill.description())
                .put("default_version", Long.toString(skill.defaultVersion()))
                .put("latest_version", Long.toString(skill.latestVersion()))
                .put("created_at", skill.createdSeconds());
    }

    private static ObjectNode json(Skill.Version version) {
        return Json.object()
                .put("id", version.id())
                .put("object", "skill.version")
                .put("skill_id", version.skillId())
                .put("version", Long.toString(version.version()))
                .put("name", version.name())
                .put("description", version.description())
                .put("created_at", version.createdSeconds());
    }
}
