package entrepot.market.catalog;

import entrepot.market.catalog.Model.Offer;
import entrepot.market.prices.PriceBook;
import entrepot.market.prices.PriceList;
import entrepot.market.prices.PriceListInvalid;
import entrepot.market.prices.Prices;
import entrepot.market.prices.UnknownPrice;
import entrepot.market.yaml.Spelling;
import entrepot.market.yaml.YamlFile;
import entrepot.market.yaml.YamlInvalid;
import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Turns the catalogue's text into a {@link Catalogue}, or into everything that is wrong with it.
 * What runs in this process is for sale without being written down, and may be written over.
 */
public final class CatalogueReader {

    /** The supplier that sells what runs in this process. */
    public static final String BUILT_IN = "built-in";

    private static final int BUILT_IN_CALLS_MAX = 1_000;
    private static final String CURRENCY = "USD";
    private static final Pattern MODEL_ID =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._:@/-]*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/-]*");

    private final Map<String, String> builtIns;
    private final SecretSources secrets;

    /**
     * @param builtIns notes by model id
     */
    public CatalogueReader(Map<String, String> builtIns, SecretSources secrets) {
        this.builtIns = new LinkedHashMap<>(builtIns);
        this.secrets = secrets;
    }

    /**
     * @param file as it is to stand in complaints
     * @throws YamlInvalid with every problem of the file, each with line and column
     */
    public Catalogue read(String file, String text) {
        YamlFile yaml = YamlFile.parse(file, text);
        var reading = new Reading(yaml.root());
        reading.all();
        yaml.done();
        return new Catalogue(
                version(text),
                reading.suppliers,
                reading.models,
                reading.aliases,
                reading.warnings,
                reading.demands,
                reading.prices(version(text)));
    }

    private static String version(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** One reading of one file. */
    private final class Reading {

        private final YamlMap root;
        private final Map<String, Supplier> suppliers = new LinkedHashMap<>();
        private final Map<String, Model> models = new LinkedHashMap<>();
        private final Map<String, String> aliases = new LinkedHashMap<>();
        private final List<String> warnings = new ArrayList<>();
        private final Map<String, YamlValue> modelsRead = new LinkedHashMap<>();
        private String currency = CURRENCY;
        private Demands demands = Demands.NONE;
        private PriceList list = PriceList.shipped();
        private UnknownPrice unknownPrice = new UnknownPrice.Allow();

        private Reading(YamlMap root) {
            this.root = root;
        }

        private void all() {
            currency = PricesReader.currency(root, CURRENCY);
            list = priceList(root.get("price_list"));
            unknownPrice = PricesReader.unknown(root.get("unknown_price"), currency);
            readSuppliers(root.get("suppliers"));
            YamlValue read = root.get("models");
            if (read != null) {
                modelsRead.putAll(read.map().all());
            }
            addBuiltIns();
            modelsRead.forEach(this::readModel);
            readAliases(root.get("aliases"));
            warnings.addAll(ReservationReader.unused(suppliers, models));
            demands = DemandsReader.read(root, models, suppliers);
            root.noOthers();
        }

        /** The operator's own list is read whole: a broken one must not come into force. */
        private PriceList priceList(@Nullable YamlValue value) {
            String folder = value == null ? null : value.text();
            if (value == null || folder == null) {
                return PriceList.shipped();
            }
            try {
                PriceList own = PriceList.open(secrets.folder().resolve(folder));
                int models = own.check();
                assert models >= 0;
                return own;
            } catch (PriceListInvalid e) {
                value.complain(String.valueOf(e.getMessage()));
                return PriceList.shipped();
            }
        }

        private PriceBook prices(String version) {
            var offers = new HashMap<PriceBook.Key, PriceBook.Entry>();
            for (Model model : models.values()) {
                for (Offer offer : model.offers()) {
                    Supplier supplier = suppliers.get(offer.supplier());
                    if (supplier != null) {
                        offers.put(
                                new PriceBook.Key(offer.supplier(), model.id(), offer.name()),
                                new PriceBook.Entry(
                                        offer.prices(),
                                        OptionsReader.channel(supplier, list),
                                        OptionsReader.region(supplier)));
                    }
                }
            }
            return new PriceBook(version, list, offers, unknownPrice, currency);
        }

        private void addBuiltIns() {
            suppliers.putIfAbsent(BUILT_IN, new Supplier.BuiltIn(BUILT_IN, BUILT_IN_CALLS_MAX));
            builtIns.forEach((id, note) -> {
                if (!modelsRead.containsKey(id)) {
                    var offer = new Offer(BUILT_IN, id, new Prices.Free(currency));
                    models.put(id, new Model(id, note, 0, null, null, List.of(offer), null));
                }
            });
        }

        private void readSuppliers(@Nullable YamlValue section) {
            if (section != null) {
                var reader = new SupplierReader(secrets, list, warnings);
                section.map()
                        .all()
                        .forEach((id, value) -> {
                            Supplier supplier = reader.read(id, value);
                            if (supplier != null) {
                                suppliers.put(id, supplier);
                            }
                        });
            }
        }

        private void readModel(String id, YamlValue value) {
            if (!MODEL_ID.matcher(id).matches()) {
                value.complain(
                        "a model's id must have the form vendor/name, such as openai/gpt-5-mini");
                return;
            }
            YamlMap map = value.map();
            YamlValue note = map.get("note");
            YamlValue created = map.get("created");
            YamlValue context = map.get("context_tokens");
            YamlValue output = map.get("output_tokens");
            List<Offer> offers = offers(map);
            String fallback = fallback(id, map.get("fallback"));
            Hedge hedge = hedge(map.get("hedge"));
            String words = note == null ? "" : note.text();
            Long seconds = created == null ? Long.valueOf(0) : created.number(0, 1L << 40);
            Long contextMax = context == null ? null : context.number(1, 1L << 40);
            Long outputMax = output == null ? null : output.number(1, 1L << 40);
            map.noOthers();
            models.put(
                    id,
                    new Model(
                            id,
                            words == null ? "" : words,
                            seconds == null ? 0 : seconds,
                            contextMax,
                            outputMax,
                            offers,
                            fallback,
                            hedge));
        }

        private static @Nullable Hedge hedge(@Nullable YamlValue value) {
            if (value == null) {
                return null;
            }
            YamlMap map = value.map();
            YamlValue after = map.required("after", "2s");
            YamlValue ratio = map.get("price_ratio_max");
            Duration wait = after == null ? null : after.duration();
            BigDecimal most = ratio == null ? BigDecimal.ONE : ratio.decimal();
            map.noOthers();
            return wait == null || most == null ? null : new Hedge(wait, most);
        }

        private @Nullable String fallback(String id, @Nullable YamlValue value) {
            String fallback = value == null ? null : value.text();
            if (value == null || fallback == null) {
                return null;
            }
            List<String> known = new ArrayList<>(models.keySet());
            known.addAll(modelsRead.keySet());
            if (fallback.equals(id)) {
                value.complain("a model cannot be its own fallback");
            } else if (!known.contains(fallback)) {
                value.complain(
                        "no model has the id '" + fallback + "'" + Spelling.hint(fallback, known));
            }
            return fallback;
        }

        private List<Offer> offers(YamlMap model) {
            var offers = new ArrayList<Offer>();
            YamlValue list = model.required("offers", "[{supplier: …, name: …}]");
            if (list == null) {
                return offers;
            }
            List<YamlValue> items = list.list();
            if (list.isList() && items.isEmpty()) {
                list.complain("must hold at least one offer: - {supplier: …, name: …}");
            }
            for (YamlValue item : items) {
                Offer offer = offer(item.map());
                if (offer != null) {
                    offers.add(offer);
                }
            }
            return offers;
        }

        private @Nullable Offer offer(YamlMap map) {
            YamlValue supplierValue = map.required("supplier", "openai");
            YamlValue nameValue = map.required("name", "gpt-5-mini");
            Prices prices = PricesReader.read(map, currency);
            String supplier = supplierValue == null ? null : supplierValue.text();
            String name = nameValue == null ? null : nameValue.text();
            map.noOthers();
            if (supplierValue == null || supplier == null || nameValue == null || name == null) {
                return null;
            }
            if (!suppliers.containsKey(supplier)) {
                supplierValue.complain(
                        "no supplier has the id '"
                                + supplier
                                + "'"
                                + Spelling.hint(supplier, suppliers.keySet()));
            } else if (suppliers.get(supplier) instanceof Supplier.BuiltIn
                    && !builtIns.containsKey(name)) {
                nameValue.complain(
                        "no built-in model is called '"
                                + name
                                + "'"
                                + Spelling.hint(name, builtIns.keySet()));
            }
            return new Offer(supplier, name, prices);
        }

        private void readAliases(@Nullable YamlValue section) {
            if (section == null) {
                return;
            }
            section.map()
                    .all()
                    .forEach((alias, value) -> {
                        String id = value.text();
                        if (id == null) {
                            return;
                        }
                        if (!NAME.matcher(alias).matches()) {
                            value.complain("an alias is made of letters, digits and . _ : @ / -");
                        } else if (models.containsKey(alias)) {
                            value.complain("a model has this id already: rename the alias");
                        } else if (!models.containsKey(id)) {
                            value.complain(
                                    "no model has the id '"
                                            + id
                                            + "'"
                                            + Spelling.hint(id, models.keySet()));
                        }
                        aliases.put(alias, id);
                    });
        }
    }
}
