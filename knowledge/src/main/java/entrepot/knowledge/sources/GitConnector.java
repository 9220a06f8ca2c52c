package entrepot.knowledge.sources;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * A branch of a git repository, mirrored into a bare one on this node. A file's stamp is its blob,
 * its revision the commit it was read at; between two passes only the difference of the two trees
 * is listed. Submodules, links and hidden files are not read.
 */
final class GitConnector implements Connector {

    /** What the branch is fetched to. */
    private static final String HEAD = "refs/heads/entrepot";

    private static final int FETCH_SECONDS_MAX = 600;

    private final SourceSettings.Git place;
    private final Access access;
    private final Globs globs;
    private final Git git;
    private final Map<String, ObjectId> blobs = new ConcurrentHashMap<>();
    private volatile String commit = "";

    /**
     * @param mirror folder for the bare repository; made when it is not there
     */
    GitConnector(SourceSettings.Git place, Access access, Path mirror) throws SourceFailed {
        this.place = place;
        this.access = access;
        this.globs = Globs.of(place.paths());
        try {
            Files.createDirectories(mirror);
            git = Git.init().setBare(true).setGitDir(mirror.toFile()).call();
        } catch (IOException | GitAPIException | JGitInternalException e) {
            throw new SourceFailed("The mirror " + mirror + " cannot be opened: " + reason(e), e);
        }
    }

    @Override
    public Listing list(@Nullable String cursor, IntConsumer found) throws SourceFailed {
        fetch();
        Repository repository = git.getRepository();
        try (var walk = new RevWalk(repository)) {
            ObjectId id = repository.resolve(HEAD);
            if (id == null) {
                throw new SourceFailed(shown() + " has no commit on this branch.");
            }
            RevCommit head = walk.parseCommit(id);
            commit = head.name();
            RevCommit before = cursor == null ? null : commit(walk, cursor);
            Listing listing = before == null ? null : changes(before, head, found);
            return listing != null ? listing : everything(head, found);
        } catch (IOException | GitAPIException e) {
            throw new SourceFailed(shown() + " cannot be read: " + reason(e), e);
        }
    }

    private void fetch() throws SourceFailed {
        String branch = place.branch() == null ? "HEAD" : "refs/heads/" + place.branch();
        var fetch =
                git.fetch()
                        .setRemote(place.url())
                        .setRefSpecs(new RefSpec("+" + branch + ":" + HEAD))
                        .setTimeout(FETCH_SECONDS_MAX);
        var token = place.token();
        if (token != null) {
            // As GitHub, GitLab and Gitea take tokens: the user's name does not matter.
            fetch.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider("x-access-token", token.reveal()));
        }
        try {
            fetch.call();
        } catch (GitAPIException | JGitInternalException e) {
            throw new SourceFailed(
                    shown()
                            + " cannot be fetched"
                            + (place.branch() == null ? "" : " (branch " + place.branch() + ")")
                            + ": "
                            + reason(e),
                    e);
        }
    }

    private static @Nullable RevCommit commit(RevWalk walk, String name) throws IOException {
        try {
            return walk.parseCommit(ObjectId.fromString(name));
        } catch (MissingObjectException e) {
            return null; // The mirror was made anew: everything is listed.
        }
    }

    /** Null when access lists have changed: then everything is looked at. */
    private @Nullable Listing changes(RevCommit before, RevCommit head, IntConsumer found)
            throws IOException, GitAPIException, SourceFailed {
        if (before.equals(head)) {
            return new Listing(List.of(), false, List.of(), commit, List.of());
        }
        AccessFiles rules = rules(head);
        var entries = new ArrayList<Entry>();
        var removed = new ArrayList<String>();
        try (var reader = git.getRepository().newObjectReader()) {
            var old = new org.eclipse.jgit.treewalk.CanonicalTreeParser();
            old.reset(reader, before.getTree());
            var now = new org.eclipse.jgit.treewalk.CanonicalTreeParser();
            now.reset(reader, head.getTree());
            for (DiffEntry diff :
                    git.diff().setOldTree(old).setNewTree(now).setShowNameOnly(true).call()) {
                if (isRule(diff.getOldPath()) || isRule(diff.getNewPath())) {
                    return null;
                }
                boolean gone = diff.getChangeType() == DiffEntry.ChangeType.DELETE;
                boolean taken = !gone && isFile(diff.getNewMode()) && takes(diff.getNewPath());
                if (taken) {
                    entries.add(entry(diff.getNewPath(), diff.getNewId().toObjectId(), -1, rules));
                    found.accept(entries.size());
                } else if (takes(diff.getOldPath())) {
                    removed.add(diff.getOldPath());
                }
            }
        }
        return new Listing(entries, false, removed, commit, rules.warnings());
    }

    private Listing everything(RevCommit head, IntConsumer found) throws IOException, SourceFailed {
        AccessFiles rules = rules(head);
        var entries = new ArrayList<Entry>();
        try (var walk = new TreeWalk(git.getRepository())) {
            walk.addTree(head.getTree());
            walk.setRecursive(true);
            while (walk.next()) {
                String path = walk.getPathString();
                if (isFile(walk.getFileMode()) && takes(path)) {
                    entries.add(entry(path, walk.getObjectId(0), -1, rules));
                    found.accept(entries.size());
                }
                if (entries.size() > ENTRIES_MAX) {
                    throw new SourceFailed(
                            shown()
                                    + " has more than "
                                    + ENTRIES_MAX
                                    + " files: name those to take under paths.");
                }
            }
        }
        return Listing.complete(entries, commit, rules.warnings());
    }

    private AccessFiles rules(RevCommit head) throws IOException {
        var rules = new AccessFiles(access);
        try (var walk = new TreeWalk(git.getRepository())) {
            walk.addTree(head.getTree());
            walk.setRecursive(true);
            while (walk.next()) {
                String path = walk.getPathString();
                if (isRule(path)) {
                    int slash = path.lastIndexOf('/');
                    rules.add(
                            slash < 0 ? "" : path.substring(0, slash),
                            isFile(walk.getFileMode()) ? text(walk.getObjectId(0)) : null);
                }
            }
        }
        return rules;
    }

    private @Nullable String text(ObjectId blob) throws IOException {
        ObjectLoader loader = git.getRepository().open(blob);
        return loader.getSize() > AccessFiles.BYTES_MAX
                ? null
                : new String(loader.getBytes(), StandardCharsets.UTF_8);
    }

    private Entry entry(String path, ObjectId blob, long bytes, AccessFiles rules) {
        blobs.put(path, blob);
        String name = path.substring(path.lastIndexOf('/') + 1);
        return new Entry(path, blob.name(), name, "", bytes, rules.of(path));
    }

    private boolean takes(String path) {
        return !path.equals(DiffEntry.DEV_NULL)
                && path.length() <= Entry.ID_CHARS_MAX
                && path.chars().noneMatch(Character::isISOControl)
                && globs.takes(path);
    }

    private static boolean isRule(String path) {
        return path.equals(AccessFiles.NAME) || path.endsWith("/" + AccessFiles.NAME);
    }

    private static boolean isFile(FileMode mode) {
        return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
    }

    @Override
    public Content read(Entry entry) throws SourceFailed {
        ObjectId blob = blobs.get(entry.id());
        if (blob == null) {
            throw new SourceFailed(entry.id() + " is not in the commit that was listed.");
        }
        try {
            ObjectLoader loader = git.getRepository().open(blob);
            if (loader.getSize() > DOCUMENT_BYTES_MAX) {
                throw FolderConnector.tooLarge(entry.id());
            }
            return new Content(loader.getBytes(DOCUMENT_BYTES_MAX), commit, "");
        } catch (IOException e) {
            throw new SourceFailed(entry.id() + " cannot be read: " + reason(e), e);
        }
    }

    /** The address without what people put before the at sign. */
    private String shown() {
        return "The repository " + place.url().replaceAll("//[^/@]*@", "//");
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage()).replaceAll("//[^/@]*@", "//");
    }

    @Override
    public void close() {
        git.close();
    }
}
