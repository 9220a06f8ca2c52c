package entrepot.app.settings;

import entrepot.http.ServerSettings;
import entrepot.identity.Secret;
import entrepot.knowledge.sources.SourceSettings;
import entrepot.runtime.sandbox.SandboxSettings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All settings, checked.
 *
 * @param adminKey the first key's secret; null for a random one
 * @param signingSecret what secrets of AWS-style key pairs are made from; null to keep one in the
 *     data folder
 * @param vaultKey what vaults are sealed with; null to keep one in the data folder
 * @param mcpHosts whose MCP servers may be at private addresses and over plain http
 * @param sandbox how commands in hosted environments are kept inside
 * @param environmentsKept how long such an environment is kept that nobody uses
 * @param node names this node among others on one database
 * @param database a file path or {@code postgresql://…}; may hold a password, so never shown
 * @param catalogue need not exist
 * @param responsesKept how long stored responses and conversations are kept
 * @param answersKept how long answers to calls with an {@code Idempotency-Key} are kept
 * @param sources of company data; keeping everything elsewhere, a server has none
 * @param folders absolute, by the name under which agents may read them
 */
public record Settings(
        String host,
        int port,
        Path data,
        String database,
        Path catalogue,
        Map<String, Path> folders,
        List<SourceSettings> sources,
        ServerSettings.@Nullable Tls tls,
        boolean plainHttp,
        @Nullable Secret adminKey,
        @Nullable Secret signingSecret,
        @Nullable Secret vaultKey,
        List<String> mcpHosts,
        SandboxSettings sandbox,
        Duration environmentsKept,
        String node,
        Duration drain,
        int turnsMax,
        Duration responsesKept,
        Duration answersKept,
        int bodyBytesMax) {

    private static final Duration TEMPORARY_DRAIN = Duration.ofSeconds(1);

    public Settings {
        mcpHosts = List.copyOf(mcpHosts);
        folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
        sources = List.copyOf(sources);
    }

    /** The same, reading one more folder. */
    public Settings withFolder(String name, Path folder) {
        var more = new LinkedHashMap<>(folders);
        more.put(name, folder);
        return new Settings(
                host,
                port,
                data,
                database,
                catalogue,
                more,
                sources,
                tls,
                plainHttp,
                adminKey,
                signingSecret,
                vaultKey,
                mcpHosts,
                sandbox,
                environmentsKept,
                node,
                drain,
                turnsMax,
                responsesKept,
                answersKept,
                bodyBytesMax);
    }

    /**
     * The same for a while: keeping everything in another folder, in a file, behind a key of its
     * own, and stopping soon, since nobody else waits for an answer.
     */
    public Settings keptIn(Path folder) {
        return new Settings(
                host,
                port,
                folder,
                folder.resolve("entrepot.db").toString(),
                catalogue,
                folders,
                List.of(),
                tls,
                plainHttp,
                null,
                null,
                null,
                mcpHosts,
                sandbox,
                environmentsKept,
                node,
                TEMPORARY_DRAIN,
                turnsMax,
                responsesKept,
                answersKept,
                bodyBytesMax);
    }

    public ServerSettings server() {
        var limits = ServerSettings.loopback(port);
        return new ServerSettings(
                host,
                port,
                limits.urlBytesMax(),
                limits.headerBytesMax(),
                bodyBytesMax,
                limits.bytesInFlightMax(),
                limits.exchangesMax(),
                limits.writeQueueBytesMax(),
                drain,
                limits.waits(),
                tls);
    }

    /** Where the server is to be found from this machine, once its port is known. */
    public String url(int boundPort) {
        var shown = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        var bracketed = shown.contains(":") ? "[" + shown + "]" : shown;
        return (tls == null ? "http://" : "https://") + bracketed + ":" + boundPort;
    }

    /** Where a server on this machine leaves a key for its own user. */
    public Path keyFile() {
        return data.resolve("admin.key");
    }

    /** The folder of policies, beside the catalogue; need not be there. */
    public Path policies() {
        return catalogue.resolveSibling("policies");
    }

    /** Where what the secrets of AWS-style key pairs are made from is kept. */
    public Path signingFile() {
        return data.resolve("signing.secret");
    }

    /** Where what is made of sources on this node is kept; it can be made again. */
    public Path knowledge() {
        return data.resolve("knowledge");
    }

    /** Where the keys are kept that vaults are sealed with. */
    public Path vaultFile() {
        return data.resolve("vault.key");
    }

    /** Where the workspaces of hosted environments are on this node. */
    public Path environments() {
        return data.resolve("environments");
    }

    /** The tool servers that the operator has set up, beside the catalogue; need not be there. */
    public Path mcpFile() {
        return catalogue.resolveSibling("mcp.yaml");
    }

    /** Where the pair of keys is kept that evidence is signed with. */
    public Path evidenceFile() {
        return data.resolve("evidence.pem");
    }

    /** Without the database's address, which may hold a password. */
    @Override
    public String toString() {
        return "Settings[" + host + ":" + port + ", data=" + data + ", folders=" + folders + "]";
    }
}
