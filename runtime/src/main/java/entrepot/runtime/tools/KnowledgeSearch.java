package entrepot.runtime.tools;

import entrepot.knowledge.search.PassageSearch;

import java.util.List;

/** Finds sentences by meaning and words together. */
public final class KnowledgeSearch implements FolderSearch {

    private final PassageSearch search;

    public KnowledgeSearch(PassageSearch search) {
        this.search = search;
    }

    @Override
    public List<Hit> search(String folder, List<Document> documents, String query, int countMax)
            throws InterruptedException {
        PassageSearch.Found found =
                search.search(
                        documents.stream()
                                .map(document ->
                                        new entrepot.knowledge.passages.Document(
                                                document.path(), document.text()))
                                .toList(),
                        query,
                        countMax);
        return found.weak()
                ? List.of()
                : found.hits().stream()
                        .map(hit ->
                                new Hit(
                                        hit.sentence().document(),
                                        hit.sentence().line(),
                                        hit.sentence().text()))
                        .toList();
    }
}
