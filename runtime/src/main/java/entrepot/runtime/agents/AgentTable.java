package entrepot.runtime.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Saved agents in the database. */
public final class AgentTable implements Agents {

    private static final JsonMapper MAPPER = AgentJson.words(JsonMapper.builder()).build();
    private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};

    private final Database database;
    private final IdempotencyKeys keys;
    private final Ids ids;
    private final AgentCheck check;

    public AgentTable(Database database, IdempotencyKeys keys, Ids ids, AgentCheck check) {
        this.database = database;
        this.keys = keys;
        this.ids = ids;
        this.check = check;
    }

    @Override
    public Agent create(
            Caller caller,
            AgentSnapshot agent,
            Map<String, String> metadata,
            @Nullable String idempotencyKey) {
        check.check(caller, agent, List.of());
        String pairs = MAPPER.writeValueAsString(new TreeMap<>(metadata));
        String body = AgentJson.write(withId(agent, "")) + pairs;
        AgentSnapshot made = withId(agent, ids.next("agent_"));
        String id =
                database.write(sql -> {
                    Optional<String> before =
                            keys.claim(
                                    sql,
                                    caller.tenant(),
                                    "agent.create",
                                    idempotencyKey,
                                    body,
                                    made.id());
                    if (before.isEmpty()) {
                        insert(sql, caller.tenant(), made, pairs);
                    }
                    return before.orElse(made.id());
                });
        return find(caller, id).orElseThrow();
    }

    private void insert(Sql sql, String tenant, AgentSnapshot agent, String pairs)
            throws SQLException {
        String now = database.engine().nowMillis();
        sql.update(
                "insert into agent (tenant, id, snapshot, metadata, created_ms, updated_ms)"
                        + " values (?, ?, ?, ?, "
                        + now
                        + ", "
                        + now
                        + ")",
                tenant,
                agent.id(),
                AgentJson.write(agent),
                pairs);
    }

    @Override
    public Optional<Agent> find(Caller caller, String agentId) {
        return database.read(sql ->
                sql.one(
                        "select snapshot, metadata, created_ms, updated_ms from agent"
                                + " where tenant = ? and id = ?",
                        AgentTable::agent,
                        caller.tenant(),
                        agentId));
    }

    @Override
    public Agent update(Caller caller, AgentSnapshot agent, Map<String, String> metadata) {
        check.check(caller, agent, List.of());
        String now = database.engine().nowMillis();
        int rows =
                database.write(sql ->
                        sql.update(
                                "update agent set snapshot = ?, metadata = ?, updated_ms = "
                                        + now
                                        + " where tenant = ? and id = ?",
                                AgentJson.write(agent),
                                MAPPER.writeValueAsString(new TreeMap<>(metadata)),
                                caller.tenant(),
                                agent.id()));
        if (rows == 0) {
            throw new Failed(
                    Failure.of(Failure.Cause.NOT_FOUND, "There is no agent " + agent.id() + "."));
        }
        return find(caller, agent.id()).orElseThrow();
    }

    @Override
    public void delete(Caller caller, String agentId) {
        database.write(sql -> {
            int gone =
                    sql.update(
                            "delete from agent where tenant = ? and id = ?",
                            caller.tenant(),
                            agentId);
            if (gone > 0) {
                sql.update(
                        "insert into agent_deleted (tenant, id, deleted_ms) values (?, ?, "
                                + database.engine().nowMillis()
                                + ")",
                        caller.tenant(),
                        agentId);
            }
            return gone;
        });
    }

    private boolean isPlace(Caller caller, String agentId) {
        return database.read(sql ->
                sql.one(
                                "select id from agent where tenant = ? and id = ? union select id"
                                        + " from agent_deleted where tenant = ? and id = ?",
                                row -> row.text("id"),
                                caller.tenant(),
                                agentId,
                                caller.tenant(),
                                agentId)
                        .isPresent());
    }

    @Override
    public Page<Agent> list(Caller caller, Page.Query query) {
        String after = query.after();
        if (after != null && !isPlace(caller, after)) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.NOT_FOUND,
                            "There is no agent " + after + " to list after.",
                            "after"));
        }
        List<Object> parameters = new ArrayList<>(List.of(caller.tenant()));
        String place = after == null ? "" : query.ascending() ? " and id > ?" : " and id < ?";
        if (after != null) {
            parameters.add(after);
        }
        parameters.add(query.countMax() + 1);
        String order = query.ascending() ? "asc" : "desc";
        List<Agent> found =
                database.read(sql ->
                        sql.query(
                                "select snapshot, metadata, created_ms, updated_ms"
                                        + " from agent where tenant = ?"
                                        + place
                                        + " order by id "
                                        + order
                                        + " limit ?",
                                AgentTable::agent,
                                parameters.toArray()));
        return Page.of(found, query.countMax());
    }

    private static Agent agent(Sql.Row row) throws SQLException {
        return new Agent(
                AgentJson.read(row.text("snapshot")),
                MAPPER.readValue(row.text("metadata"), PAIRS),
                row.number("created_ms") / 1000,
                row.number("updated_ms") / 1000);
    }

    private static AgentSnapshot withId(AgentSnapshot agent, String id) {
        return new AgentSnapshot(
                id,
                agent.name(),
                agent.model(),
                agent.instructions(),
                agent.tools(),
                agent.settings());
    }
}
