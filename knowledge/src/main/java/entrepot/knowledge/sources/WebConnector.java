package entrepot.knowledge.sources;

import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * The pages of one host, breadth first from a start and the site's own maps. Robots rules hold (RFC
 * 9309), a page that asks not to be indexed is not, and pages are asked for only if they have
 * changed (ETag, Last-Modified). What is fetched while listing waits in a folder until it is read.
 */
final class WebConnector implements Connector {

    private static final int PAGE_BYTES_MAX = 8 << 20;
    private static final int REDIRECTS_MAX = 5;
    private static final int MAPS_MAX = 50;
    private static final String AGENT = "Entrepot/0.1 (" + Robots.NAME + ")";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Clocks CLOCKS =
            new Clocks(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60));

    private final SourceSettings.Web place;
    private final Access access;
    private final HttpClient client;
    private final Path spool;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private Robots robots = Robots.none();

    WebConnector(SourceSettings.Web place, Access access, HttpClient client) throws SourceFailed {
        this.place = place;
        this.access = access;
        this.client = client;
        try {
            spool = Files.createTempDirectory("entrepot-web-");
        } catch (IOException e) {
            throw new SourceFailed("No temporary folder can be made for pages.", e);
        }
    }

    /**
     * A page as it is known.
     *
     * @param revision ETag, or else the hash of its bytes
     */
    private record Page(
            String hash,
            String revision,
            @Nullable String etag,
            @Nullable String modified,
            String type,
            boolean hidden,
            List<String> links) {}

    private record Step(URI uri, int depth) {}

    private record Answer(int status, Headers headers, byte[] body) {}

    @Override
    public Listing list(@Nullable String cursor, IntConsumer found)
            throws SourceFailed, InterruptedException {
        Map<String, Page> known = known(cursor);
        URI start = Links.resolved(place.start(), place.start().toString());
        if (start == null) {
            throw new SourceFailed(place.start() + " is not an address that can be read.");
        }
        robots = robots(start);
        var warnings = new ArrayList<String>();
        Deque<Step> waiting = new ArrayDeque<>();
        Set<URI> seen = new HashSet<>();
        enqueue(new Step(start, 0), waiting, seen);
        for (URI mapped : mapped(start)) {
            enqueue(new Step(mapped, 1), waiting, seen);
        }
        var entries = new ArrayList<Entry>();
        for (Step step = waiting.poll(); step != null; step = waiting.poll()) {
            if (entries.size() >= place.pagesMax()) {
                warnings.add("Only the first " + place.pagesMax() + " pages are read.");
                break;
            }
            Page page = visit(step, known, warnings);
            if (page != null) {
                String id = step.uri().toString();
                pages.put(id, page);
                if (!page.hidden()) {
                    entries.add(new Entry(id, page.hash(), id, id, -1, access));
                    found.accept(entries.size());
                }
                for (String link : page.links()) {
                    enqueue(new Step(URI.create(link), step.depth() + 1), waiting, seen);
                }
            }
            if (!place.pause().isZero()) {
                TimeUnit.MILLISECONDS.sleep(place.pause().toMillis());
            }
        }
        if (entries.isEmpty()) {
            throw new SourceFailed(
                    "No page can be read from "
                            + start
                            + (warnings.isEmpty()
                                    ? ": it leads to another host, is not there, or its robots.txt"
                                            + " forbids it."
                                    : ": " + warnings.getFirst()));
        }
        return Listing.complete(entries, written(), warnings);
    }

    private void enqueue(Step step, Deque<Step> waiting, Set<URI> seen) {
        String query = step.uri().getRawQuery();
        String path = step.uri().getRawPath() + (query == null ? "" : "?" + query);
        if (step.depth() <= place.depthMax()
                && seen.size() < 10L * place.pagesMax()
                && robots.allows(path)
                && seen.add(step.uri())) {
            waiting.add(step);
        }
    }

    /** The page at an address, fetched if it has changed; null when there is none. */
    private @Nullable Page visit(Step step, Map<String, Page> known, List<String> warnings)
            throws InterruptedException {
        String id = step.uri().toString();
        Page before = known.get(id);
        try {
            Answer answer = get(step.uri(), before);
            if (answer.status() == 304 && before != null) {
                return before;
            }
            if (answer.status() >= 300 && answer.status() < 400) {
                return moved(step.uri(), answer);
            }
            if (answer.status() == 200) {
                return fetched(step.uri(), answer);
            }
            if (answer.status() == 404 || answer.status() == 410) {
                return null;
            }
            warnings.add(id + " answers with " + answer.status() + ".");
        } catch (CallFailed | IOException e) {
            warnings.add(id + " cannot be read: " + e.getMessage());
        }
        return before;
    }

    /** A page that is elsewhere is no page of its own, only a link. */
    private static @Nullable Page moved(URI from, Answer answer) {
        String location = answer.headers().get("location");
        URI to = location == null ? null : Links.resolved(from, location);
        return to == null ? null : new Page("", "", null, null, "", true, List.of(to.toString()));
    }

    private Page fetched(URI uri, Answer answer) throws IOException {
        String type = String.valueOf(answer.headers().get("content-type"));
        boolean html = type.contains("html");
        String text = html ? new String(answer.body(), StandardCharsets.ISO_8859_1) : "";
        String hash = Hashes.sha256(answer.body());
        Files.write(spool.resolve(Hashes.sha256(uri.toString())), answer.body());
        String etag = answer.headers().get("etag");
        return new Page(
                hash,
                etag == null ? hash : etag,
                etag,
                answer.headers().get("last-modified"),
                type,
                Links.isHidden(text)
                        || String.valueOf(answer.headers().get("x-robots-tag")).contains("noindex"),
                Links.of(text, uri).stream().map(URI::toString).toList());
    }

    private Answer get(URI uri, @Nullable Page before) throws CallFailed, InterruptedException {
        var headers = new ArrayList<Headers.Field>();
        headers.add(new Headers.Field("user-agent", AGENT));
        headers.add(
                new Headers.Field("accept", "text/html,application/pdf,text/*;q=0.9,*/*;q=0.1"));
        headers.add(new Headers.Field("accept-encoding", "identity"));
        if (before != null && before.etag() != null) {
            headers.add(new Headers.Field("if-none-match", before.etag()));
        }
        if (before != null && before.modified() != null) {
            headers.add(new Headers.Field("if-modified-since", before.modified()));
        }
        var call = new Outgoing("GET", uri, Headers.of(headers), new byte[0], CLOCKS);
        try (Incoming answer = client.send(call)) {
            boolean read = answer.status() == 200;
            return new Answer(
                    answer.status(),
                    answer.headers(),
                    read ? answer.all(PAGE_BYTES_MAX) : new byte[0]);
        }
    }

    private Robots robots(URI start) throws SourceFailed, InterruptedException {
        URI uri = start.resolve("/robots.txt");
        try {
            Answer answer = get(uri, null);
            for (int i = 0; i < REDIRECTS_MAX && answer.status() / 100 == 3; i++) {
                String location = answer.headers().get("location");
                URI next = location == null ? null : Links.resolved(uri, location);
                if (next == null) {
                    return Robots.none();
                }
                answer = get(next, null);
            }
            if (answer.status() >= 500) {
                throw new SourceFailed(
                        uri
                                + " answers with "
                                + answer.status()
                                + ": until it says what may be read, nothing is (RFC 9309"
                                + " §2.3.1).");
            }
            return answer.status() == 200
                    ? Robots.of(
                            new String(
                                    answer.body(),
                                    0,
                                    Math.min(answer.body().length, Robots.BYTES_MAX),
                                    StandardCharsets.UTF_8))
                    : Robots.none();
        } catch (CallFailed e) {
            throw new SourceFailed(
                    uri
                            + " cannot be reached: "
                            + e.getMessage()
                            + (place.privateAddresses()
                                    ? ""
                                    : ". Addresses of inner networks need private_addresses: yes."),
                    e);
        }
    }

    /** What the site's maps name; a map that is not there names nothing. */
    private List<URI> mapped(URI start) throws InterruptedException {
        Deque<URI> maps = new ArrayDeque<>();
        Set<URI> seen = new HashSet<>();
        List<String> named =
                robots.sitemaps().isEmpty() ? List.of("/sitemap.xml") : robots.sitemaps();
        for (String map : named) {
            URI uri = Links.resolved(start, map);
            if (uri != null) {
                maps.add(uri);
            }
        }
        var places = new ArrayList<URI>();
        while (!maps.isEmpty() && seen.size() < MAPS_MAX) {
            URI map = maps.remove();
            if (!seen.add(map)) {
                continue;
            }
            for (URI uri : places(map)) {
                (uri.getPath().endsWith(".xml") ? maps : places).add(uri);
            }
        }
        return places;
    }

    private List<URI> places(URI map) throws InterruptedException {
        try {
            Answer answer = get(map, null);
            return answer.status() == 200
                    ? Links.places(new String(answer.body(), StandardCharsets.UTF_8), map)
                    : List.of();
        } catch (CallFailed e) {
            return List.of();
        }
    }

    @Override
    public Content read(Entry entry) throws SourceFailed, InterruptedException {
        Page page = pages.get(entry.id());
        Path file = spool.resolve(Hashes.sha256(entry.id()));
        try {
            if (page != null && Files.exists(file)) {
                return new Content(Files.readAllBytes(file), page.revision(), page.type());
            }
            Answer answer = get(URI.create(entry.id()), null);
            if (answer.status() != 200) {
                throw new SourceFailed(entry.id() + " answers with " + answer.status() + ".");
            }
            Page fresh = fetched(URI.create(entry.id()), answer);
            return new Content(answer.body(), fresh.revision(), fresh.type());
        } catch (IOException | CallFailed e) {
            throw new SourceFailed(entry.id() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** All pages as they are known, for the next listing. */
    private String written() {
        ObjectNode json = JSON.createObjectNode();
        pages.forEach((url, page) -> {
            ObjectNode each = json.putObject(url);
            each.put("h", page.hash()).put("r", page.revision()).put("t", page.type());
            each.put("e", page.etag()).put("m", page.modified()).put("n", page.hidden());
            var links = each.putArray("l");
            page.links().forEach(links::add);
        });
        return json.toString();
    }

    private static Map<String, Page> known(@Nullable String cursor) {
        Map<String, Page> known = new ConcurrentHashMap<>();
        if (cursor == null) {
            return known;
        }
        try {
            for (Map.Entry<String, JsonNode> each : JSON.readTree(cursor).properties()) {
                JsonNode page = each.getValue();
                var links = new ArrayList<String>();
                page.path("l").forEach(link -> links.add(link.asString("")));
                known.put(
                        each.getKey(),
                        new Page(
                                page.path("h").asString(""),
                                page.path("r").asString(""),
                                text(page, "e"),
                                text(page, "m"),
                                page.path("t").asString(""),
                                page.path("n").asBoolean(false),
                                links));
            }
            return known;
        } catch (JacksonException e) {
            return new ConcurrentHashMap<>(); // Then everything is fetched.
        }
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.path(name).asString() : null;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(spool)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The system clears its temporary folder.
        }
        try {
            Files.deleteIfExists(spool);
        } catch (IOException e) {
            // As above.
        }
    }
}
