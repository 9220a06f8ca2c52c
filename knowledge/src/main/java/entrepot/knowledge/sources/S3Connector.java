package entrepot.knowledge.sources;

import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The objects of a bucket in an S3-compatible store. An object's stamp and revision are its ETag.
 * Objects named {@code .access.yaml} hold for what lies beneath the same prefix.
 */
final class S3Connector implements Connector {

    private static final int PAGE_BYTES_MAX = 16 << 20;
    private static final Clocks CLOCKS =
            new Clocks(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10));

    private final SourceSettings.S3 place;
    private final Access access;
    private final HttpClient client;
    private final InstantSource clock;
    private final S3Signature signature;

    S3Connector(SourceSettings.S3 place, Access access, HttpClient client, InstantSource clock) {
        this.place = place;
        this.access = access;
        this.client = client;
        this.clock = clock;
        this.signature =
                new S3Signature(place.region(), place.accessKeyId(), place.secretAccessKey());
    }

    private record Stored(String key, String etag, long bytes) {}

    private record Batch(List<Stored> objects, @Nullable String next) {}

    @Override
    public Listing list(@Nullable String cursor, IntConsumer found)
            throws SourceFailed, InterruptedException {
        var objects = new ArrayList<Stored>();
        String token = null;
        do {
            Batch batch = batch(token);
            objects.addAll(batch.objects());
            found.accept(objects.size());
            token = batch.next();
            if (objects.size() > ENTRIES_MAX) {
                throw new SourceFailed(
                        "The bucket has more than " + ENTRIES_MAX + " objects: give a prefix.");
            }
        } while (token != null);
        var rules = new AccessFiles(access);
        var entries = new ArrayList<Entry>();
        for (Stored object : objects) {
            String key = object.key();
            if (key.equals(AccessFiles.NAME) || key.endsWith("/" + AccessFiles.NAME)) {
                int slash = key.lastIndexOf('/');
                rules.add(slash < 0 ? "" : key.substring(0, slash), text(object));
            }
        }
        Globs all = Globs.of(List.of());
        for (Stored object : objects) {
            if (isDocument(object.key()) && all.takes(object.key())) {
                entries.add(entry(object, rules));
            }
        }
        return Listing.complete(entries, "", rules.warnings());
    }

    private static boolean isDocument(String key) {
        return !key.endsWith("/")
                && key.length() <= Entry.ID_CHARS_MAX
                && key.chars().noneMatch(Character::isISOControl);
    }

    private static Entry entry(Stored object, AccessFiles rules) {
        String name = object.key().substring(object.key().lastIndexOf('/') + 1);
        return new Entry(
                object.key(), object.etag(), name, "", object.bytes(), rules.of(object.key()));
    }

    private @Nullable String text(Stored object) throws InterruptedException {
        try {
            return object.bytes() > AccessFiles.BYTES_MAX
                    ? null
                    : new String(
                            get(path(object.key()), new TreeMap<>()).body(),
                            StandardCharsets.UTF_8);
        } catch (SourceFailed e) {
            return null;
        }
    }

    private Batch batch(@Nullable String token) throws SourceFailed, InterruptedException {
        SortedMap<String, String> query = new TreeMap<>();
        query.put("list-type", "2");
        query.put("encoding-type", "url");
        query.put("prefix", place.prefix());
        if (token != null) {
            query.put("continuation-token", token);
        }
        Answer answer = get("/" + S3Signature.encode(place.bucket(), false), query);
        try {
            return parsed(answer.body());
        } catch (XMLStreamException | NumberFormatException e) {
            throw new SourceFailed("The store's listing cannot be read: " + e.getMessage(), e);
        }
    }

    private static Batch parsed(byte[] xml) throws XMLStreamException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        var reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
        var objects = new ArrayList<Stored>();
        String key = "";
        String etag = "";
        long bytes = 0;
        String next = null;
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamReader.START_ELEMENT) {
                switch (reader.getLocalName()) {
                    case "Key" ->
                            key =
                                    URLDecoder.decode(
                                            reader.getElementText(), StandardCharsets.UTF_8);
                    case "ETag" -> etag = unquoted(reader.getElementText());
                    case "Size" -> bytes = Long.parseLong(reader.getElementText().strip());
                    case "NextContinuationToken" -> next = reader.getElementText();
                    default -> {}
                }
            } else if (event == XMLStreamReader.END_ELEMENT
                    && reader.getLocalName().equals("Contents")) {
                objects.add(new Stored(key, etag, bytes));
            }
        }
        return new Batch(objects, next);
    }

    private static String unquoted(String etag) {
        return etag.replace("\"", "").strip();
    }

    private String path(String key) {
        return "/"
                + S3Signature.encode(place.bucket(), false)
                + "/"
                + S3Signature.encode(key, true);
    }

    private record Answer(byte[] body, Headers headers) {}

    private Answer get(String path, SortedMap<String, String> query)
            throws SourceFailed, InterruptedException {
        URI endpoint = place.endpoint();
        String host =
                endpoint.getPort() < 0
                        ? endpoint.getHost()
                        : endpoint.getHost() + ":" + endpoint.getPort();
        String written = S3Signature.query(query);
        var fields = new ArrayList<Headers.Field>();
        signature
                .headers(host, path, query, Map.of(), clock.instant())
                .forEach((name, value) -> {
                    if (!name.equals("host")) {
                        fields.add(new Headers.Field(name, value));
                    }
                });
        URI uri =
                URI.create(
                        endpoint.getScheme()
                                + "://"
                                + host
                                + path
                                + (written.isEmpty() ? "" : "?" + written));
        var call = new Outgoing("GET", uri, Headers.of(fields), new byte[0], CLOCKS);
        try (Incoming answer = client.send(call)) {
            if (answer.status() != 200) {
                throw refused(path, answer);
            }
            int bytesMax = query.isEmpty() ? DOCUMENT_BYTES_MAX : PAGE_BYTES_MAX;
            return new Answer(answer.all(bytesMax), answer.headers());
        } catch (CallFailed e) {
            throw new SourceFailed(host + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static SourceFailed refused(String path, Incoming answer)
            throws CallFailed, InterruptedException {
        String said = new String(answer.all(PAGE_BYTES_MAX), StandardCharsets.UTF_8);
        var code =
                java.util.regex.Pattern.compile("<Code>([A-Za-z0-9]{1,80})</Code>").matcher(said);
        return new SourceFailed(
                "The store answers "
                        + answer.status()
                        + (code.find() ? " " + code.group(1) : "")
                        + " for "
                        + path
                        + ".");
    }

    @Override
    public Content read(Entry entry) throws SourceFailed, InterruptedException {
        Answer answer = get(path(entry.id()), new TreeMap<>());
        String etag = answer.headers().get("etag");
        String type = answer.headers().get("content-type");
        return new Content(
                answer.body(),
                etag == null ? entry.stamp() : unquoted(etag),
                type == null ? "" : type);
    }

    @Override
    public void close() {
        // The client is shared.
    }
}
