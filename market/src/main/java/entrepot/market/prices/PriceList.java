package entrepot.market.prices;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Public list prices by channel and model: the list that comes with the project, or a folder of the
 * operator's. An index names the channels; each has a file of its own, which is read when the first
 * price of it is asked for and must have the hash that the index says.
 */
public final class PriceList {

    /** The file that names the others. */
    public static final String INDEX = "index.json";

    private static final long FILE_BYTES_MAX = 4L * 1024 * 1024;
    private static final String RESOURCES = "/entrepot/market/prices/";

    /** What dates and numbers of versions look like at the end of a name. */
    private static final Pattern VERSION =
            Pattern.compile(
                    "(?:[-@:](?:\\d{4}-\\d{2}-\\d{2}|\\d{8}|\\d{6}|\\d{4}|latest|default"
                            + "|v\\d+(?::\\d+)?))+$");

    private final Index index;
    private final Source files;
    private final Map<String, Map<String, ListedModel>> loaded = new ConcurrentHashMap<>();

    private PriceList(Index index, Source files) {
        this.index = index;
        this.files = files;
    }

    /** The list that comes with the project. Only its index is read here. */
    public static PriceList shipped() {
        return Shipped.LIST;
    }

    /**
     * A folder with a list as {@code entrepot prices import} writes it.
     *
     * @throws PriceListInvalid when its index cannot be used
     */
    public static PriceList open(Path folder) {
        return open(file -> {
            Path path = folder.resolve(file);
            try {
                if (Files.size(path) > FILE_BYTES_MAX) {
                    throw new PriceListInvalid(path + " is over " + FILE_BYTES_MAX + " bytes");
                }
                return Files.readAllBytes(path);
            } catch (IOException e) {
                throw new PriceListInvalid(
                        "%s cannot be read (%s): entrepot prices import writes it"
                                .formatted(path, e.getClass().getSimpleName()));
            }
        });
    }

    private static PriceList open(Source files) {
        return new PriceList(PriceListFiles.index(files.bytes(INDEX)), files);
    }

    /** Equal for lists with equal prices, on all nodes. */
    public String version() {
        return index.version();
    }

    public Index index() {
        return index;
    }

    /** The channel that sells at a host; null when the list knows none. */
    public @Nullable String channel(String host) {
        for (Channel channel : index.channels()) {
            if (channel.hosts().contains(host.toLowerCase(Locale.ROOT))) {
                return channel.id();
            }
        }
        return null;
    }

    /**
     * A model of a channel: by the channel's own name for it, then by that without its date, then
     * by the canonical id's name, likewise. Other names are not guessed at.
     *
     * @return null when the list does not have it
     * @throws PriceListInvalid when the channel's file is not what the index says
     */
    public @Nullable ListedModel find(String channel, String name, String model) {
        Map<String, ListedModel> models = models(channel);
        String vendor = model.substring(0, Math.max(0, model.indexOf('/')));
        String bare = model.substring(model.indexOf('/') + 1);
        for (String asked : List.of(name, bare, vendor + "." + bare, model)) {
            String key = asked.toLowerCase(Locale.ROOT);
            ListedModel found = models.get(key);
            found = found == null ? models.get(undated(key)) : found;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** All models of a channel, by name. */
    public List<ListedModel> all(String channel) {
        return List.copyOf(new java.util.LinkedHashSet<>(models(channel).values()));
    }

    /** Reads and checks every file. Returns how many models there are. */
    public int check() {
        int count = 0;
        for (Channel channel : index.channels()) {
            count += all(channel.id()).size();
        }
        return count;
    }

    private Map<String, ListedModel> models(String id) {
        Map<String, ListedModel> known = loaded.get(id);
        if (known != null) {
            return known;
        }
        for (Channel channel : index.channels()) {
            if (channel.id().equals(id)) {
                return loaded.computeIfAbsent(id, _ -> read(channel));
            }
        }
        return Map.of();
    }

    private Map<String, ListedModel> read(Channel channel) {
        byte[] bytes = files.bytes(channel.file());
        String hash = PriceListFiles.hash(bytes);
        if (!hash.equals(channel.sha256())) {
            throw new PriceListInvalid(
                    "%s is not the file that %s names: its hash is %s, not %s; import it again"
                            .formatted(channel.file(), INDEX, hash, channel.sha256()));
        }
        return named(PriceListFiles.channel(channel.file(), bytes));
    }

    /** By each name; by one without its date where that tells all models apart. */
    private static Map<String, ListedModel> named(List<ListedModel> models) {
        var named = new HashMap<String, ListedModel>();
        var undated = new HashMap<String, ListedModel>();
        var several = new HashSet<String>();
        for (ListedModel model : models) {
            named.put(model.name().toLowerCase(Locale.ROOT), model);
        }
        for (ListedModel model : models) {
            for (String name : model.names()) {
                named.putIfAbsent(name.toLowerCase(Locale.ROOT), model);
            }
        }
        named.forEach((name, model) -> {
            ListedModel other = undated.putIfAbsent(undated(name), model);
            if (other != null && !other.tariff().equals(model.tariff())) {
                several.add(undated(name));
            }
        });
        several.forEach(undated::remove);
        undated.forEach(named::putIfAbsent);
        return Map.copyOf(named);
    }

    static String undated(String name) {
        return VERSION.matcher(name).replaceFirst("");
    }

    /** Where files come from. */
    private interface Source {

        /**
         * @throws PriceListInvalid when there is no such file
         */
        byte[] bytes(String file);
    }

    /**
     * What the list is.
     *
     * @param date of the sources
     */
    public record Index(
            String version, LocalDate date, List<Origin> sources, List<Channel> channels) {

        public Index {
            sources = List.copyOf(sources);
            channels = List.copyOf(channels);
        }
    }

    /**
     * A source of prices.
     *
     * @param licence such as {@code MIT}
     */
    public record Origin(String name, String address, String licence) {}

    /**
     * One channel.
     *
     * @param hosts at which it sells
     * @param sha256 of its file
     */
    public record Channel(String id, List<String> hosts, String file, String sha256) {

        public Channel {
            hosts = List.copyOf(hosts);
        }
    }

    /** Read when it is first asked for. */
    private static final class Shipped {

        private static final PriceList LIST =
                open(file -> {
                    try (InputStream bytes =
                            PriceList.class.getResourceAsStream(RESOURCES + file)) {
                        if (bytes == null) {
                            throw new PriceListInvalid("the price list has no file " + file);
                        }
                        return bytes.readAllBytes();
                    } catch (IOException e) {
                        throw new PriceListInvalid("the price list's " + file + " is broken");
                    }
                });
    }
}
