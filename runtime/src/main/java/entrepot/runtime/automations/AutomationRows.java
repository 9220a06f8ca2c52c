package entrepot.runtime.automations;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import entrepot.runtime.facts.FactCodec;
import entrepot.store.Sql;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How automations and their deliveries are written down. */
final class AutomationRows {

    static final String AUTOMATION =
            "select tenant, id, team, principal, key_id, name, metadata, schedule, target,"
                    + " creator_session, creator_call, status, next_ms, created_ms"
                    + " from automation";
    static final String INVOCATION =
            "select id, automation, status, snapshot, scheduled_ms, session, error_code,"
                    + " error_message, created_ms from automation_invocation";

    private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};
    private static final JsonMapper JSON =
            FactCodec.words()
                    .addMixIn(Schedule.class, ScheduleWords.class)
                    .addMixIn(Target.class, TargetWords.class)
                    .build();

    private AutomationRows() {}

    static Automation automation(Sql.Row row) throws SQLException {
        String session = row.textIf("creator_session").orElse(null);
        return new Automation(
                row.text("id"),
                row.text("name"),
                JSON.readValue(row.text("metadata"), PAIRS),
                JSON.readValue(row.text("schedule"), Schedule.class),
                target(row.text("target")),
                Automation.Status.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
                session == null ? null : new Automation.Creator(session, row.text("creator_call")),
                new Automation.Owner(
                        row.text("tenant"),
                        row.text("team"),
                        row.text("principal"),
                        row.text("key_id")),
                row.numberIf("next_ms").orElse(null),
                row.number("created_ms"));
    }

    static Invocation invocation(Sql.Row row) throws SQLException {
        String snapshot = row.textIf("snapshot").orElse(null);
        String code = row.textIf("error_code").orElse(null);
        return new Invocation(
                row.text("id"),
                row.text("automation"),
                Invocation.Status.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
                snapshot == null ? null : JSON.readValue(snapshot, Automation.class),
                row.numberIf("scheduled_ms").orElse(null),
                row.textIf("session").orElse(null),
                code == null ? null : new Invocation.Failure(code, row.text("error_message")),
                row.number("created_ms"));
    }

    static String word(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    static String write(Map<String, String> metadata) {
        return JSON.writeValueAsString(new TreeMap<>(metadata));
    }

    static String write(Schedule schedule) {
        return JSON.writerFor(Schedule.class).writeValueAsString(schedule);
    }

    static String write(Target target) {
        return JSON.writerFor(Target.class).writeValueAsString(target);
    }

    static String write(Automation automation) {
        return JSON.writeValueAsString(automation);
    }

    static Target target(String text) {
        return JSON.readValue(text, Target.class);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Schedule.Periodic.class, name = "periodic"),
        @JsonSubTypes.Type(value = Schedule.Once.class, name = "once")
    })
    private interface ScheduleWords {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Target.NewSession.class, name = "new_session"),
        @JsonSubTypes.Type(value = Target.ExistingSession.class, name = "existing_session")
    })
    private interface TargetWords {}
}
