package entrepot.market.prices.sources;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.market.prices.ListedModel;
import entrepot.market.prices.PriceList;
import entrepot.market.prices.PriceListFiles;
import entrepot.market.prices.PriceListInvalid;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A price list made of published files: what it would change, and the files to write.
 *
 * @param notes on what the sources disagree
 */
public record PriceImport(PriceList.Index index, Map<String, byte[]> files, List<String> notes) {

    private static final String CURRENCY = "USD";
    private static final long FILE_BYTES_MAX = 64L * 1024 * 1024;

    private static final PriceList.Origin GENAI =
            new PriceList.Origin(
                    GenaiPrices.NAME, "https://github.com/pydantic/genai-prices", "MIT");
    private static final PriceList.Origin LITE =
            new PriceList.Origin(LiteLlm.NAME, "https://github.com/BerriAI/litellm", "MIT");
    private static final PriceList.Origin DEV =
            new PriceList.Origin(ModelsDev.NAME, "https://github.com/sst/models.dev", "MIT");

    public PriceImport {
        files = Map.copyOf(files);
        notes = List.copyOf(notes);
    }

    /**
     * Reads published files; which is which shows in them.
     *
     * @param date of the files: prices of two sources are compared for that day
     * @throws PriceListInvalid when a file is none of those that are known
     */
    public static PriceImport read(List<Path> published, LocalDate date) {
        var drafts = new Drafts(date);
        var sources = new ArrayList<PriceList.Origin>();
        var read = new LinkedHashMap<Path, JsonNode>();
        published.forEach(file -> read.put(file, json(file)));
        read.forEach((file, json) -> {
            if (!GenaiPrices.is(json) && !LiteLlm.is(json) && !ModelsDev.is(json)) {
                throw new PriceListInvalid(
                        file
                                + " is not genai-prices' data.json, LiteLLM's"
                                + " model_prices_and_context_window.json or models.dev's api.json");
            }
        });
        // In this order, however they are given: the first says, the second fills, the third adds.
        for (JsonNode json : read.values()) {
            if (GenaiPrices.is(json)) {
                GenaiPrices.read(json, drafts);
                sources.add(GENAI);
            }
        }
        for (JsonNode json : read.values()) {
            if (LiteLlm.is(json)) {
                LiteLlm.read(json, drafts);
                sources.add(LITE);
            }
        }
        for (JsonNode json : read.values()) {
            if (ModelsDev.is(json)) {
                ModelsDev.read(json, drafts);
                sources.add(DEV);
            }
        }
        return made(drafts, date, sources);
    }

    private static PriceImport made(Drafts drafts, LocalDate date, List<PriceList.Origin> sources) {
        var files = new TreeMap<String, byte[]>();
        var channels = new ArrayList<PriceList.Channel>();
        var hashes = new StringBuilder();
        for (Channels.Channel channel : Channels.ALL) {
            List<ListedModel> models = drafts.of(channel.id()).stream().map(Draft::model).toList();
            byte[] bytes = PriceListFiles.write(channel.id(), CURRENCY, models);
            String file = channel.id() + ".json";
            String hash = PriceListFiles.hash(bytes);
            files.put(file, bytes);
            hashes.append(channel.id()).append(' ').append(hash).append('\n');
            channels.add(new PriceList.Channel(channel.id(), channel.hosts(), file, hash));
        }
        byte[] all = hashes.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var index =
                new PriceList.Index(
                        PriceListFiles.hash(all).substring(0, 12), date, sources, channels);
        files.put(PriceList.INDEX, PriceListFiles.write(index));
        return new PriceImport(index, files, drafts.notes());
    }

    /**
     * What would change.
     *
     * @param before the list in force; null when there is none
     * @return lines that begin with {@code +}, {@code -} or {@code ~}
     */
    public List<String> changes(@Nullable PriceList before) {
        var lines = new ArrayList<String>();
        for (PriceList.Channel channel : index.channels()) {
            Map<String, String> old = before == null ? Map.of() : models(before, channel.id());
            Map<String, String> now = models(channel);
            now.forEach((name, model) -> {
                String was = old.get(name);
                if (was == null) {
                    lines.add("+ %s %s %s".formatted(channel.id(), name, model));
                } else if (!was.equals(model)) {
                    lines.add("- %s %s %s".formatted(channel.id(), name, was));
                    lines.add("+ %s %s %s".formatted(channel.id(), name, model));
                }
            });
            old.forEach((name, model) -> {
                if (!now.containsKey(name)) {
                    lines.add("- %s %s %s".formatted(channel.id(), name, model));
                }
            });
        }
        return lines;
    }

    private static Map<String, String> models(PriceList list, String channel) {
        var models = new TreeMap<String, String>();
        list.all(channel).forEach(model -> models.put(model.name(), PriceListFiles.written(model)));
        return models;
    }

    private Map<String, String> models(PriceList.Channel channel) {
        var models = new TreeMap<String, String>();
        byte[] bytes = files.getOrDefault(channel.file(), new byte[0]);
        PriceListFiles.channel(channel.file(), bytes)
                .forEach(model -> models.put(model.name(), PriceListFiles.written(model)));
        return models;
    }

    /** Writes the files, the index last, each whole or not at all. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!file.getKey().equals(PriceList.INDEX)) {
                write(folder.resolve(file.getKey()), file.getValue());
            }
        }
        byte[] last = files.get(PriceList.INDEX);
        if (last != null) {
            write(folder.resolve(PriceList.INDEX), last);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(aside, bytes);
        Files.move(
                aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static JsonNode json(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new PriceListInvalid(file + " is over " + FILE_BYTES_MAX + " bytes");
            }
            return Json.read(Files.readAllBytes(file), Cause.INTERNAL);
        } catch (IOException e) {
            throw new PriceListInvalid(
                    file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        } catch (Failed malformed) {
            throw new PriceListInvalid(file + ": " + malformed.failure().message());
        }
    }
}
