package entrepot.knowledge.sources;

import entrepot.identity.Secret;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One source as the operator has set it up.
 *
 * @param id names it within its tenant
 * @param tenant whose data it is
 * @param label a word for how delicate its documents are, such as {@code internal}; searches can be
 *     kept to some of them
 * @param access who may read documents that bring no access list of their own
 * @param every how long after a pass the next one begins
 */
public record SourceSettings(
        String id, String tenant, String label, Access access, Duration every, Place place) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public SourceSettings {
        Objects.requireNonNull(place, "place");
        if (!isId(id)) {
            throw new IllegalArgumentException(
                    "A source is named with 1 to 64 of a-z, 0-9, dot, hyphen and underscore,"
                            + " beginning with a letter or digit; '"
                            + id
                            + "' is not.");
        }
    }

    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** Where the documents are. */
    public sealed interface Place {

        /** A word for its kind, as in the settings. */
        String kind();

        /** Everything that decides what is read from it; a change of it reads all again. */
        String identity();
    }

    /**
     * @param paths globs of what to take; empty for all
     */
    public record Folder(Path path, List<String> paths) implements Place {
        public Folder {
            paths = List.copyOf(paths);
        }

        @Override
        public String kind() {
            return "folder";
        }

        @Override
        public String identity() {
            return path + "\n" + paths;
        }
    }

    /**
     * @param url a folder, or {@code https://…}, {@code ssh://…}, {@code git@host:path}
     * @param branch null for the one that the repository names
     * @param token sent as the password over https; null for none
     */
    public record Git(
            String url, @Nullable String branch, List<String> paths, @Nullable Secret token)
            implements Place {
        public Git {
            paths = List.copyOf(paths);
        }

        @Override
        public String kind() {
            return "git";
        }

        @Override
        public String identity() {
            return url + "\n" + branch + "\n" + paths;
        }
    }

    /**
     * @param url {@code jdbc:postgresql://…} or {@code jdbc:sqlite:FILE}
     * @param query gives one row per document
     * @param columns of the query's rows
     */
    public record Sql(
            String url,
            @Nullable String user,
            @Nullable Secret password,
            String query,
            Columns columns)
            implements Place {

        @Override
        public String kind() {
            return "sql";
        }

        @Override
        public String identity() {
            return url + "\n" + user + "\n" + query + "\n" + columns;
        }
    }

    /**
     * Columns of a query's rows.
     *
     * @param revision changes with the row; null to compare the rows themselves
     * @param access words of {@link Access#of}, by commas; null for the source's own access
     */
    public record Columns(
            String key,
            @Nullable String revision,
            @Nullable String title,
            String body,
            @Nullable String access) {}

    /**
     * @param start where to begin; only its host is read
     * @param depthMax links followed from the start
     * @param privateAddresses whether addresses of inner networks may be called
     */
    public record Web(
            URI start, int pagesMax, int depthMax, Duration pause, boolean privateAddresses)
            implements Place {

        @Override
        public String kind() {
            return "web";
        }

        @Override
        public String identity() {
            return start + "\n" + pagesMax + "\n" + depthMax;
        }
    }

    /**
     * @param endpoint such as {@code https://s3.eu-west-1.amazonaws.com}; the bucket goes into the
     *     path
     */
    public record S3(
            URI endpoint,
            String region,
            String bucket,
            String prefix,
            Secret accessKeyId,
            Secret secretAccessKey,
            boolean privateAddresses)
            implements Place {

        @Override
        public String kind() {
            return "s3";
        }

        @Override
        public String identity() {
            return endpoint + "\n" + region + "\n" + bucket + "\n" + prefix;
        }
    }
}
