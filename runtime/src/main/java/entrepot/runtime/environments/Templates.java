package entrepot.runtime.environments;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.vaults.Sealer;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What environments may be made from. Keys see their team's; keys that administer see all. */
public final class Templates {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int COUNT_MAX = 500;
    private static final String COLUMNS =
            "select id, name, sealed, created_ms, updated_ms from environment_template";

    private final Database database;
    private final Ids ids;
    private final Sealer sealer;
    private final String now;

    public Templates(Database database, Ids ids, Sealer sealer) {
        this.database = database;
        this.ids = ids;
        this.sealer = sealer;
        this.now = database.engine().nowMillis();
    }

    public Template create(Caller caller, @Nullable String name, Blueprint blueprint) {
        String id = ids.next("envtpl_");
        database.write(sql -> {
            long count =
                    sql.one(
                                    "select count(*) n from environment_template where tenant = ?",
                                    row -> row.number("n"),
                                    caller.tenant())
                            .orElse(0L);
            if (count >= COUNT_MAX) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.LIMITED,
                                "There are " + COUNT_MAX + " templates already: delete some."));
            }
            return sql.update(
                    "insert into environment_template (tenant, id, team, name, sealed, created_ms,"
                            + " updated_ms) values (?, ?, ?, ?, ?, "
                            + now
                            + ", "
                            + now
                            + ")",
                    caller.tenant(),
                    id,
                    caller.team(),
                    name,
                    sealed(caller.tenant(), blueprint));
        });
        return find(caller, id).orElseThrow(() -> missing(id));
    }

    private String sealed(String tenant, Blueprint blueprint) {
        return sealer.seal(Environments.place(tenant), JSON.writeValueAsString(blueprint));
    }

    public Optional<Template> find(Caller caller, String id) {
        return database.read(sql -> find(sql, caller, id));
    }

    private Optional<Template> find(Sql sql, Caller caller, String id) throws SQLException {
        return sql.one(
                COLUMNS + " where tenant = ? and id = ? and (? = 1 or team = ?)",
                row -> template(caller.tenant(), row),
                caller.tenant(),
                id,
                all(caller),
                caller.team());
    }

    private static long all(Caller caller) {
        return caller.may(Caller.Scope.ADMIN) ? 1 : 0;
    }

    public Page<Template> list(Caller caller, Page.Query query) {
        String after = query.after();
        if (after != null && find(caller, after).isEmpty()) {
            throw missing(after);
        }
        String from = after != null ? after : query.ascending() ? "" : "~";
        List<Template> rows =
                database.read(sql ->
                        sql.query(
                                COLUMNS
                                        + " where tenant = ? and (? = 1 or team = ?) and id "
                                        + (query.ascending()
                                                ? "> ? order by id"
                                                : "< ? order by id desc")
                                        + " limit ?",
                                row -> template(caller.tenant(), row),
                                caller.tenant(),
                                all(caller),
                                caller.team(),
                                from,
                                query.countMax() + 1));
        return Page.of(rows, query.countMax());
    }

    public Template update(
            Caller caller,
            String id,
            Function<@Nullable String, @Nullable String> name,
            UnaryOperator<Blueprint> blueprint) {
        database.write(sql -> {
            Template old = find(sql, caller, id).orElseThrow(() -> missing(id));
            return sql.update(
                    "update environment_template set name = ?, sealed = ?, updated_ms = "
                            + now
                            + " where tenant = ? and id = ?",
                    name.apply(old.name()),
                    sealed(caller.tenant(), blueprint.apply(old.blueprint())),
                    caller.tenant(),
                    id);
        });
        return find(caller, id).orElseThrow(() -> missing(id));
    }

    /** Environments made from it stay. */
    public void delete(Caller caller, String id) {
        database.write(sql -> {
            if (find(sql, caller, id).isEmpty()) {
                throw missing(id);
            }
            return sql.update(
                    "delete from environment_template where tenant = ? and id = ?",
                    caller.tenant(),
                    id);
        });
    }

    /**
     * A blueprint over a template's. The network may be taken away and not given.
     *
     * @throws Failed when there is no such template, or the blueprint gives it the network
     */
    public Blueprint apply(Caller caller, String id, Blueprint blueprint) {
        Template template =
                find(caller, id)
                        .orElseThrow(() ->
                                new Failed(
                                        Failure.at(
                                                Failure.Cause.INVALID_REQUEST,
                                                "There is no environment template " + id + ".",
                                                "environment.environment_template_id")));
        if (Boolean.TRUE.equals(blueprint.network())
                && !Boolean.TRUE.equals(template.blueprint().network())) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "The template has no network, and what is made from it cannot either.",
                            "environment.network.access"));
        }
        return blueprint.over(template.blueprint());
    }

    private Template template(String tenant, Sql.Row row) throws SQLException {
        try {
            return new Template(
                    row.text("id"),
                    row.textIf("name").orElse(null),
                    JSON.readValue(
                            sealer.open(Environments.place(tenant), row.text("sealed")),
                            Blueprint.class),
                    row.number("created_ms") / 1000,
                    row.number("updated_ms") / 1000);
        } catch (Sealer.CannotOpen e) {
            throw new IllegalStateException(
                    "A template was sealed with a key that this node does not have.", e);
        }
    }

    private static Failed missing(String id) {
        return new Failed(
                Failure.of(
                        Failure.Cause.NOT_FOUND, "There is no environment template " + id + "."));
    }
}
