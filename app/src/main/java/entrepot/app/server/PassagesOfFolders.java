package entrepot.app.server;

import entrepot.knowledge.search.PassageSearch;
import entrepot.runtime.tools.FolderSearch;

import java.util.List;

/** Lets agents search folders with what the knowledge module knows of passages. */
record PassagesOfFolders(PassageSearch passages) implements FolderSearch {

    @Override
    public List<FolderSearch.Hit> search(
            String folder, List<FolderSearch.Document> documents, String query, int countMax)
            throws InterruptedException {
        var texts =
                documents.stream()
                        .map(d -> new entrepot.knowledge.passages.Document(d.path(), d.text()))
                        .toList();
        var found = passages.search(texts, query, countMax);
        // Hits that are hardly about the question would be taken for an answer.
        return found.weak()
                ? List.of()
                : found.hits().stream()
                        .map(PassageSearch.Hit::sentence)
                        .map(s -> new FolderSearch.Hit(s.document(), s.line(), s.text()))
                        .toList();
    }
}
