package entrepot.app.settings;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** One thing to set. Its name makes the flag, the variable and the key of the settings file. */
public enum Setting {
    CONFIG("FILE", null, "the settings file; default entrepot.yaml in the data folder"),
    HOST("ADDRESS", "127.0.0.1", "address to listen on"),
    PORT("PORT", "8080", "port to listen on; 0 for any free one"),
    DATA("FOLDER", null, "where everything is kept; default ~/.local/share/entrepot"),
    DATABASE_URL("URL", null, "a file, or postgresql://…; default entrepot.db in the data folder"),
    CATALOGUE("FILE", null, "suppliers and models; default catalogue.yaml in the data folder"),
    FOLDERS("NAME=PATH,…", "", "folders that agents may read, by name"),
    TLS_CERTIFICATE("FILE", null, "certificate chain (PEM) to serve https with"),
    TLS_KEY("FILE", null, "the certificate's private key (PEM)"),
    PLAIN_HTTP("yes|no", "no", "whether keys may travel unencrypted beyond this machine"),
    ADMIN_KEY("SECRET", null, "the first admin key, instead of a random one"),
    SIGNING_SECRET(
            "SECRET",
            null,
            "what secrets of AWS-style key pairs are made from, the same on all nodes; default"
                    + " signing.secret in the data folder"),
    VAULT_KEY(
            "KEY,…",
            null,
            "32 bytes in base64 that vaults are sealed with, the same on all nodes; older ones"
                    + " after it; default vault.key in the data folder"),
    MCP_HOSTS(
            "HOST,…",
            "",
            "hosts of MCP servers that may be at private addresses and over plain http"),
    SANDBOX(
            "PROGRAM|no",
            "bwrap",
            "the bubblewrap program that hosted environments run commands with"),
    SANDBOX_NETWORK(
            "yes|no", "no", "whether hosted environments may ask for this machine's network"),
    SANDBOXES_MAX("COUNT", "16", "commands in hosted environments at once on this node"),
    ENVIRONMENT_DAYS("DAYS", "7", "how long a hosted environment is kept that nobody uses"),
    NODE("NAME", null, "this node among others; default the host's name and port"),
    DRAIN_SECONDS("SECONDS", "30", "how long a stop lets open calls finish"),
    TURNS_MAX("COUNT", "512", "agent turns that run at once on this node"),
    RESPONSES_DAYS("DAYS", "30", "how long stored responses and conversations are kept"),
    IDEMPOTENCY_HOURS("HOURS", "24", "how long answers to calls with an Idempotency-Key are kept"),
    BODY_BYTES_MAX("BYTES", "67108864", "largest request body");

    private final String value;
    private final @Nullable String standard;
    private final String words;

    Setting(String value, @Nullable String standard, String words) {
        this.value = value;
        this.standard = standard;
        this.words = words;
    }

    /** Whether it may stand on a command line, where every user of the machine can read it. */
    public boolean hasFlag() {
        return this != ADMIN_KEY && this != SIGNING_SECRET && this != VAULT_KEY;
    }

    /** Such as {@code --database-url}. */
    public String flag() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Such as {@code ENTREPOT_DATABASE_URL}. */
    public String variable() {
        return "ENTREPOT_" + name();
    }

    /** Such as {@code database_url}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What its value looks like, for the help. */
    public String value() {
        return value;
    }

    /** What holds when nothing is said; null when that depends on other settings. */
    public @Nullable String standard() {
        return standard;
    }

    public String words() {
        return words;
    }
}
