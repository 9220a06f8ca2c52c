package entrepot.market.contracts.reading;

import entrepot.market.contracts.ContractBook;

import java.nio.file.Path;
import java.util.TreeMap;

/** Short contracts for tests. */
final class Texts {

    private Texts() {}

    /** Two parties, a document, and these clauses, each indented by six blanks. */
    static String contract(String id, String clauses) {
        return """
        contracts:
          %s:
            title: A contract
            learned: 2026-01-01
            parties:
              v: {name: Vendor, vendor: v, channels: [own]}
              m: {name: Marine, channels: [azure]}
              a: {name: Andes, channels: [bedrock]}
            documents:
              d: {title: Agreement}
            clauses:
        """
                        .formatted(id)
                + clauses.indent(6);
    }

    /** Files are named a.yaml, b.yaml and so on. */
    static ContractBook read(String... texts) {
        var files = new TreeMap<String, String>();
        for (String text : texts) {
            files.put((char) ('a' + files.size()) + ".yaml", text);
        }
        return new ContractsReader().read(files);
    }

    /** The example's contracts. */
    static ContractBook example() {
        return ContractsReader.folder(
                root().resolve("examples/openai-2026/contracts"), "contracts");
    }

    static Path root() {
        return Path.of(System.getProperty("entrepot.root", ".."));
    }
}
