package entrepot.runtime.skills;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The skills of a tenant. Keys see their team's; keys that administer see all. */
public final class Skills {

    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("skills", "entrepot/runtime/skills/migrations");

    static final int SKILLS_MAX = 500;
    static final int VERSIONS_MAX = 100;
    private static final String SKILL =
            "select s.id, v.name, v.description, s.default_version, s.latest_version,"
                    + " s.created_ms from skill s join skill_version v on v.tenant = s.tenant"
                    + " and v.skill = s.id and v.version = s.default_version";
    private static final String VERSION =
            "select id, skill, version, name, description, created_ms from skill_version";

    private final Database database;
    private final Ids ids;
    private final String now;

    public Skills(Database database, Ids ids) {
        this.database = database;
        this.ids = ids;
        this.now = database.engine().nowMillis();
    }

    /**
     * Whose skills may be seen.
     *
     * @param team null for the tenant's
     */
    public record Viewer(String tenant, @Nullable String team) {
        public static Viewer of(Caller caller) {
            return new Viewer(
                    caller.tenant(), caller.may(Caller.Scope.ADMIN) ? null : caller.team());
        }
    }

    public Skill create(Caller caller, Bundle bundle) {
        return create(caller, bundle, null);
    }

    /** Keeps a skill that a session brings along; the same one is kept once. */
    public Skill keepInline(Caller caller, Bundle bundle) {
        return create(caller, bundle, digest(bundle.zip()));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }

    private Skill create(Caller caller, Bundle bundle, @Nullable String inlineDigest) {
        String made = ids.next("skill_");
        String version = ids.next("skillver_");
        String id =
                database.write(sql -> {
                    if (inlineDigest != null) {
                        Optional<String> before =
                                sql.one(
                                        "select id from skill where tenant = ? and team = ?"
                                                + " and inline_digest = ?",
                                        row -> row.text("id"),
                                        caller.tenant(),
                                        caller.team(),
                                        inlineDigest);
                        if (before.isPresent()) {
                            return before.get();
                        }
                    }
                    requireRoom(sql, caller.tenant());
                    sql.update(
                            "insert into skill (tenant, id, team, inline_digest, default_version,"
                                    + " latest_version, next_version, created_ms)"
                                    + " values (?, ?, ?, ?, 1, 1, 2, "
                                    + now
                                    + ")",
                            caller.tenant(),
                            made,
                            caller.team(),
                            inlineDigest);
                    insert(sql, caller.tenant(), made, new Fresh(version, 1, bundle));
                    return made;
                });
        return find(Viewer.of(caller), id).orElseThrow(() -> missing(id));
    }

    private static void requireRoom(Sql sql, String tenant) throws SQLException {
        long count =
                sql.one(
                                "select count(*) n from skill where tenant = ?",
                                row -> row.number("n"),
                                tenant)
                        .orElse(0L);
        if (count >= SKILLS_MAX) {
            throw limited(
                    "There are "
                            + count
                            + " skills; at most "
                            + SKILLS_MAX
                            + " are kept. Delete one first.");
        }
    }

    private static Failed limited(String message) {
        return new Failed(Failure.of(Failure.Cause.LIMITED, message));
    }

    private record Fresh(String id, long version, Bundle bundle) {}

    private void insert(Sql sql, String tenant, String skillId, Fresh fresh) throws SQLException {
        sql.update(
                "insert into skill_version (tenant, skill, version, id, name, description, bundle,"
                        + " created_ms) values (?, ?, ?, ?, ?, ?, ?, "
                        + now
                        + ")",
                tenant,
                skillId,
                fresh.version(),
                fresh.id(),
                fresh.bundle().name(),
                fresh.bundle().description(),
                fresh.bundle().zip());
    }

    /** Adds a version. */
    public Skill.Version addVersion(
            Viewer viewer, String skillId, Bundle bundle, boolean asDefault) {
        String id = ids.next("skillver_");
        return database.write(sql -> {
            // The row is ours from here on, so that numbers are given once.
            sql.update(
                    "update skill set latest_version = latest_version where tenant = ? and id = ?",
                    viewer.tenant(),
                    skillId);
            Skill skill = find(sql, viewer, skillId).orElseThrow(() -> missing(skillId));
            long count =
                    sql.one(
                                    "select count(*) n from skill_version where tenant = ?"
                                            + " and skill = ?",
                                    row -> row.number("n"),
                                    viewer.tenant(),
                                    skillId)
                            .orElse(0L);
            if (count >= VERSIONS_MAX) {
                throw limited(
                        "Skill "
                                + skillId
                                + " has "
                                + count
                                + " versions, the most there may be: delete one first.");
            }
            long version =
                    sql.one(
                                    "select next_version from skill where tenant = ? and id = ?",
                                    row -> row.number("next_version"),
                                    viewer.tenant(),
                                    skillId)
                            .orElseThrow();
            insert(sql, viewer.tenant(), skillId, new Fresh(id, version, bundle));
            sql.update(
                    "update skill set latest_version = ?, next_version = ?, default_version = ?"
                            + " where tenant = ? and id = ?",
                    version,
                    version + 1,
                    asDefault ? version : skill.defaultVersion(),
                    viewer.tenant(),
                    skillId);
            return version(sql, viewer.tenant(), skillId, version).orElseThrow();
        });
    }

    public Optional<Skill> find(Viewer viewer, String skillId) {
        return database.read(sql -> find(sql, viewer, skillId));
    }

    private static Optional<Skill> find(Sql sql, Viewer viewer, String skillId)
            throws SQLException {
        String where = " where s.tenant = ? and s.id = ?";
        return viewer.team() == null
                ? sql.one(SKILL + where, Skills::skill, viewer.tenant(), skillId)
                : sql.one(
                        SKILL + where + " and s.team = ?",
                        Skills::skill,
                        viewer.tenant(),
                        skillId,
                        viewer.team());
    }

    private static Skill skill(Sql.Row row) throws SQLException {
        return new Skill(
                row.text("id"),
                row.text("name"),
                row.text("description"),
                row.number("default_version"),
                row.number("latest_version"),
                row.number("created_ms") / 1000);
    }

    private static Skill.Version version(Sql.Row row) throws SQLException {
        return new Skill.Version(
                row.text("id"),
                row.text("skill"),
                row.number("version"),
                row.text("name"),
                row.text("description"),
                row.number("created_ms") / 1000);
    }

    public Page<Skill> list(Viewer viewer, Page.Query query) {
        var where = new StringBuilder(" where s.tenant = ? and s.inline_digest is null");
        List<Object> parameters = new ArrayList<>(List.of(viewer.tenant()));
        if (viewer.team() != null) {
            where.append(" and s.team = ?");
            parameters.add(viewer.team());
        }
        if (query.after() != null) {
            where.append(query.ascending() ? " and s.id > ?" : " and s.id < ?");
            parameters.add(query.after());
        }
        parameters.add(query.countMax() + 1);
        where.append(query.ascending() ? " order by s.id" : " order by s.id desc");
        return Page.of(
                database.read(sql ->
                        sql.query(SKILL + where + " limit ?", Skills::skill, parameters.toArray())),
                query.countMax());
    }

    /** All of them, oldest first. */
    public List<Skill.Version> versions(Viewer viewer, String skillId) {
        return database.read(sql -> {
            if (find(sql, viewer, skillId).isEmpty()) {
                throw missing(skillId);
            }
            return sql.query(
                    VERSION + " where tenant = ? and skill = ? order by version",
                    Skills::version,
                    viewer.tenant(),
                    skillId);
        });
    }

    private static Optional<Skill.Version> version(
            Sql sql, String tenant, String skillId, long version) throws SQLException {
        return sql.one(
                VERSION + " where tenant = ? and skill = ? and version = ?",
                Skills::version,
                tenant,
                skillId,
                version);
    }

    /**
     * @param selector a number, {@code latest}, or null for the default
     */
    public Optional<Skill.Version> version(
            Viewer viewer, String skillId, @Nullable String selector) {
        return database.read(sql -> {
            Optional<Skill> skill = find(sql, viewer, skillId);
            return skill.isEmpty()
                    ? Optional.<Skill.Version>empty()
                    : version(sql, viewer.tenant(), skillId, number(skill.get(), selector));
        });
    }

    private static long number(Skill skill, @Nullable String selector) {
        if (selector == null) {
            return skill.defaultVersion();
        }
        if (selector.equals("latest")) {
            return skill.latestVersion();
        }
        try {
            return Long.parseLong(selector);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    /** The zip file of a version. */
    public byte[] content(Viewer viewer, String skillId, @Nullable String selector) {
        return database.read(sql -> {
            Skill skill = find(sql, viewer, skillId).orElseThrow(() -> missing(skillId));
            return sql.one(
                            "select bundle from skill_version where tenant = ? and skill = ?"
                                    + " and version = ?",
                            row -> row.bytes("bundle"),
                            viewer.tenant(),
                            skillId,
                            number(skill, selector))
                    .orElseThrow(() -> missing(skillId + " in version " + selector));
        });
    }

    /** Names another version as the one that is used where none is named. */
    public Skill setDefault(Viewer viewer, String skillId, long version) {
        return database.write(sql -> {
            if (find(sql, viewer, skillId).isEmpty()) {
                throw missing(skillId);
            }
            if (version(sql, viewer.tenant(), skillId, version).isEmpty()) {
                throw missing(skillId + " in version " + version);
            }
            sql.update(
                    "update skill set default_version = ? where tenant = ? and id = ?",
                    version,
                    viewer.tenant(),
                    skillId);
            return find(sql, viewer, skillId).orElseThrow(() -> missing(skillId));
        });
    }

    /** Deletes a skill with all versions; sessions that use it are told that it is gone. */
    public void delete(Viewer viewer, String skillId) {
        database.write(sql -> {
            if (find(sql, viewer, skillId).isEmpty()) {
                throw missing(skillId);
            }
            sql.update(
                    "delete from skill_version where tenant = ? and skill = ?",
                    viewer.tenant(),
                    skillId);
            return sql.update(
                    "delete from skill where tenant = ? and id = ?", viewer.tenant(), skillId);
        });
    }

    /** Deletes a version that is not the default. */
    public Skill.Version deleteVersion(Viewer viewer, String skillId, long version) {
        return database.write(sql -> {
            Skill skill = find(sql, viewer, skillId).orElseThrow(() -> missing(skillId));
            Skill.Version gone =
                    version(sql, viewer.tenant(), skillId, version)
                            .orElseThrow(() -> missing(skillId + " in version " + version));
            if (skill.defaultVersion() == version) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.CONFLICT,
                                "Version "
                                        + version
                                        + " is the default: make another one the default, or"
                                        + " delete the skill."));
            }
            sql.update(
                    "delete from skill_version where tenant = ? and skill = ? and version = ?",
                    viewer.tenant(),
                    skillId,
                    version);
            sql.update(
                    "update skill set latest_version = (select max(version) from skill_version"
                            + " where tenant = ? and skill = ?) where tenant = ? and id = ?",
                    viewer.tenant(),
                    skillId,
                    viewer.tenant(),
                    skillId);
            return gone;
        });
    }

    private static Failed missing(String skillId) {
        return new Failed(
                Failure.of(Failure.Cause.NOT_FOUND, "There is no skill " + skillId + "."));
    }
}
