package entrepot.runtime.tools;

import java.util.List;

/** Finds the sentences of documents that answer a question best. */
@FunctionalInterface
public interface FolderSearch {

    /**
     * @param folder the folder's name, for whoever keeps what it has learned of the documents
     * @return best first
     */
    List<Hit> search(String folder, List<Document> documents, String query, int countMax)
            throws InterruptedException;

    /**
     * @param path within the folder, with {@code /}
     */
    record Document(String path, String text) {}

    /**
     * @param line of the sentence's beginning, from 1
     */
    record Hit(String path, int line, String sentence) {}
}
