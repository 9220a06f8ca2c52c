package entrepot.runtime.environments;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.sandbox.Sandbox;
import entrepot.runtime.sandbox.Workspace;
import entrepot.runtime.vaults.Sealer;
import entrepot.store.Database;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The environments of a tenant, and their workspaces on this node. Keys see their team's; keys that
 * administer see all. Refusals are thrown as {@code entrepot.conversation.Failed}.
 *
 * <p>Between commands nothing runs: the workspace is all there is, and it stays until its session
 * is deleted or nobody has used it for long.
 */
public final class Environments implements Workplaces, AutoCloseable {

    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("environments", "entrepot/runtime/environments/migrations");

    private static final Logger LOG = LoggerFactory.getLogger(Environments.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int COUNT_MAX = 1_000;
    private static final int COPY_BYTES_MAX = 50 << 20;
    private static final int SWEPT_AT_ONCE = 100;
    private static final long SWEEP_SECONDS = 60;
    private static final long USED_MILLIS = 60_000;

    /** Of a session that is being made. */
    private static final String TAKEN = "";

    private final EnvironmentTable table;
    private final IdempotencyKeys keys;
    private final Parts parts;
    private final Setup setup;
    private final ReentrantLock[] locks = new ReentrantLock[64];
    private final ScheduledExecutorService sweeper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("environments").daemon().factory());

    public Environments(Parts parts) {
        this.parts = parts;
        this.table = new EnvironmentTable(parts.database());
        this.keys = new IdempotencyKeys(parts.database());
        this.setup = new Setup(parts);
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /**
     * What they are made with.
     *
     * @param database migrated with {@link #MIGRATIONS}
     */
    public record Parts(
            Database database,
            Ids ids,
            Sealer sealer,
            Sandbox sandbox,
            StoredCopies copies,
            EnvironmentSettings settings,
            InstantSource clock) {}

    /** Where files are copied from that a tenant has stored. */
    public interface StoredCopies {

        /** There are none. */
        StoredCopies NONE =
                new StoredCopies() {
                    @Override
                    public Optional<Long> bytes(String tenant, String fileId) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<byte[]> read(String tenant, String fileId) {
                        return Optional.empty();
                    }
                };

        /** How large a file is. */
        Optional<Long> bytes(String tenant, String fileId);

        Optional<byte[]> read(String tenant, String fileId);
    }

    /** Begins to delete what nobody uses any more. */
    public Environments start() {
        var _ =
                sweeper.scheduleWithFixedDelay(
                        this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    /**
     * Makes an environment; what is in it is put in later, by {@link #prepare}.
     *
     * @param forSession whether a session that is being made will have it
     * @throws Failed when nothing can be run on this node
     */
    public Environment create(
            Caller caller,
            Blueprint blueprint,
            boolean forSession,
            @Nullable String idempotencyKey) {
        requireSandbox(blueprint);
        String made = parts.ids().next("env_");
        Blueprint whole = named(caller.tenant(), blueprint.whole());
        String shown = shown(made, whole).toString();
        String sealed = parts.sealer().seal(place(caller.tenant()), JSON.writeValueAsString(whole));
        String id =
                parts.database()
                        .write(sql -> {
                            Optional<String> before =
                                    keys.claim(
                                            sql,
                                            caller.tenant(),
                                            "environment.create",
                                            idempotencyKey,
                                            JSON.writeValueAsString(blueprint),
                                            made);
                            if (before.isEmpty()) {
                                if (table.count(sql, caller.tenant()) >= COUNT_MAX) {
                                    throw full();
                                }
                                table.insert(
                                        sql,
                                        caller,
                                        made,
                                        forSession ? TAKEN : null,
                                        shown,
                                        sealed);
                            }
                            return before.orElse(made);
                        });
        return find(caller, id).orElseThrow(() -> missing(id));
    }

    /** Gives its files ids, and copies their size. */
    private Blueprint named(String tenant, Blueprint blueprint) {
        List<Blueprint.Given> files = new ArrayList<>();
        for (Blueprint.Given file :
                Objects.requireNonNullElse(blueprint.files(), List.<Blueprint.Given>of())) {
            files.add(
                    new Blueprint.Given(
                            parts.ids().next("envfile_"),
                            file.path(),
                            bytes(tenant, file),
                            file.fileId(),
                            file.base64()));
        }
        return new Blueprint(
                blueprint.size(),
                blueprint.network(),
                files,
                blueprint.setup(),
                blueprint.variables());
    }

    private long bytes(String tenant, Blueprint.Given file) {
        String fileId = file.fileId();
        if (fileId == null) {
            return file.bytes();
        }
        long bytes =
                parts.copies()
                        .bytes(tenant, fileId)
                        .orElseThrow(() -> refused("There is no file " + fileId + "."));
        if (bytes > COPY_BYTES_MAX) {
            throw refused("File " + fileId + " has more than " + COPY_BYTES_MAX + " bytes.");
        }
        return bytes;
    }

    private static Failed refused(String why) {
        return new Failed(Failure.at(Failure.Cause.INVALID_REQUEST, why, "environment.files"));
    }

    private static Failed full() {
        return new Failed(
                Failure.of(
                        Failure.Cause.LIMITED,
                        "There are "
                                + COUNT_MAX
                                + " environments already. Delete sessions that are no longer"
                                + " needed: their environments go with them."));
    }

    private void requireSandbox(Blueprint blueprint) {
        String refusal = parts.sandbox().refusal();
        if (refusal != null) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.UNSUPPORTED,
                            "Hosted environments cannot be used here. " + refusal,
                            "environment.type"));
        }
        if (Boolean.TRUE.equals(blueprint.network()) && !parts.sandbox().networkAllowed()) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.UNSUPPORTED,
                            "Environments have no network here. Send 'disabled', or have the"
                                    + " operator allow it with ENTREPOT_SANDBOX_NETWORK=yes.",
                            "environment.network.access"));
        }
    }

    static String place(String tenant) {
        return "environment/" + tenant;
    }

    /** The workspace of one, on this node. */
    Workspace workspace(String tenant, String id) {
        return setup.workspace(tenant, id);
    }

    private static ObjectNode shown(String id, Blueprint blueprint) {
        ObjectNode json = JSON.createObjectNode().put("type", "hosted").put("id", id);
        Blueprint.Size size = blueprint.size();
        json.put("container_size", String.valueOf(size).toLowerCase(Locale.ROOT));
        json.put("network", Boolean.TRUE.equals(blueprint.network()) ? "enabled" : "disabled");
        ArrayNode files = json.putArray("files");
        if (blueprint.files() != null) {
            for (Blueprint.Given file : blueprint.files()) {
                ObjectNode each =
                        files.addObject()
                                .put("id", file.id())
                                .put("path", file.path())
                                .put("size_bytes", file.bytes());
                if (file.fileId() != null) {
                    each.put("file_id", file.fileId());
                }
            }
        }
        return json;
    }

    public Optional<Environment> find(Caller caller, String id) {
        return table.find(caller, id).map(this::seen);
    }

    public Page<Environment> list(Caller caller, Page.Query query) {
        String after = query.after();
        if (after != null && table.find(caller, after).isEmpty()) {
            throw missing(after);
        }
        return Page.of(table.list(caller, query), query.countMax()).map(this::seen);
    }

    /** Ready is told by who has it and how long it has rested. */
    private Environment seen(EnvironmentTable.Kept kept) {
        Environment row = kept.environment();
        EnvironmentStatus status = row.status();
        if (status == EnvironmentStatus.READY) {
            long idle = parts.clock().millis() - kept.usedMillis();
            status =
                    idle > parts.settings().suspendedAfter().toMillis()
                            ? EnvironmentStatus.SUSPENDED
                            : row.sessionId() == null
                                    ? EnvironmentStatus.READY
                                    : EnvironmentStatus.CONNECTED;
        }
        return new Environment(
                row.id(),
                TAKEN.equals(row.sessionId()) ? null : row.sessionId(),
                row.shown(),
                status,
                row.errorCode(),
                row.errorMessage(),
                row.createdSeconds());
    }

    /**
     * Takes a prewarmed environment for a session that is being made.
     *
     * @throws Failed with CONFLICT when another session has it, or it is of no use
     */
    public Environment take(Caller caller, String id) {
        Environment found =
                find(caller, id)
                        .orElseThrow(() ->
                                new Failed(
                                        Failure.at(
                                                Failure.Cause.INVALID_REQUEST,
                                                "There is no environment " + id + ".",
                                                "environment.environment_id")));
        boolean gone =
                found.status() == EnvironmentStatus.FAILED
                        || found.status() == EnvironmentStatus.EXPIRED;
        if (gone || !table.take(caller.tenant(), id, null, TAKEN)) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.CONFLICT,
                            gone
                                    ? "Environment "
                                            + id
                                            + " is "
                                            + found.status().name().toLowerCase(Locale.ROOT)
                                            + ": make another."
                                    : "Environment " + id + " has a session already.",
                            "environment.environment_id"));
        }
        return found;
    }

    /** Says which session has a taken environment. */
    public void bind(Caller caller, String id, String sessionId) {
        table.take(caller.tenant(), id, TAKEN, sessionId);
    }

    /** The session that took it was not made. */
    public void release(Caller caller, String id) {
        table.take(caller.tenant(), id, TAKEN, null);
    }

    /** Deletes an environment with its workspace. */
    public void delete(String tenant, String id) {
        ReentrantLock lock = lock(tenant, id);
        lock.lock();
        try {
            table.delete(tenant, id);
            setup.workspace(tenant, id).delete();
        } catch (IOException e) {
            LOG.warn("the workspace of environment {} could not be deleted wholly", id, e);
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(String tenant, String id) {
        return locks[Math.floorMod((tenant + "/" + id).hashCode(), locks.length)];
    }

    // ---- for the driver of sessions

    @Override
    public Prepared prepare(String tenant, String id) throws InterruptedException {
        ReentrantLock lock = lock(tenant, id);
        lock.lockInterruptibly();
        try {
            Optional<EnvironmentTable.Kept> row = table.find(tenant, id);
            if (row.isEmpty() || row.get().environment().status() == EnvironmentStatus.EXPIRED) {
                return new Prepared(
                        EnvironmentStatus.EXPIRED,
                        "environment_expired",
                        "Environment " + id + " is gone, with its files.");
            }
            if (row.get().environment().status() == EnvironmentStatus.READY
                    && setup.workspace(tenant, id).isReady()) {
                return Prepared.CONNECTED;
            }
            String problem = setup.run(tenant, id, row.get().sealed());
            if (problem == null) {
                table.status(tenant, id, EnvironmentStatus.READY, null, null);
                return Prepared.CONNECTED;
            }
            table.status(tenant, id, EnvironmentStatus.FAILED, "setup_failed", problem);
            return new Prepared(EnvironmentStatus.FAILED, "setup_failed", problem);
        } finally {
            lock.unlock();
        }
    }

    /** Prepares one that no session has yet, in the background. */
    public void warm(Caller caller, Environment environment) {
        if (environment.status() == EnvironmentStatus.PENDING) {
            Thread.ofVirtual()
                    .name("warm-" + environment.id())
                    .start(() -> {
                        try {
                            prepare(caller.tenant(), environment.id());
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
    }

    @Override
    public Look look(String tenant, String id) {
        Optional<EnvironmentTable.Kept> row = table.find(tenant, id);
        if (row.isEmpty() || row.get().environment().status() == EnvironmentStatus.EXPIRED) {
            return Look.EXPIRED;
        }
        if (parts.clock().millis() - row.get().usedMillis() > USED_MILLIS) {
            table.used(tenant, id);
        }
        return setup.workspace(tenant, id).isReady() ? Look.HERE : Look.LOST;
    }

    @Override
    public long reset(String tenant, String id) {
        return table.reset(tenant, id);
    }

    /** Deletes workspaces that nobody has used for long. */
    public void sweep() {
        try {
            long idleMillis = parts.settings().expiry().toMillis();
            for (EnvironmentTable.Kept kept : table.idle(idleMillis, SWEPT_AT_ONCE)) {
                expire(kept.tenant(), kept.environment().id());
            }
        } catch (RuntimeException e) {
            LOG.warn("idle environments could not be looked for; it is tried again", e);
        }
    }

    private void expire(String tenant, String id) {
        ReentrantLock lock = lock(tenant, id);
        if (!lock.tryLock()) {
            return; // It is in use.
        }
        try {
            table.status(tenant, id, EnvironmentStatus.EXPIRED, null, null);
            setup.workspace(tenant, id).delete();
        } catch (IOException e) {
            LOG.warn("the workspace of environment {} could not be deleted wholly", id, e);
        } finally {
            lock.unlock();
        }
    }

    static Failed missing(String id) {
        return new Failed(
                Failure.of(Failure.Cause.NOT_FOUND, "There is no environment " + id + "."));
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
        parts.sandbox().close();
    }
}
