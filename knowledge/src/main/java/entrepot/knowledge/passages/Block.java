package entrepot.knowledge.passages;

/**
 * Lines that belong together: a paragraph, a list item, a heading.
 *
 * @param from offset of the first character of its words, bullets and marks left out
 * @param to offset after its last line
 */
record Block(int from, int to, Sentence.Kind kind, String heading) {

    Block under(String other) {
        return new Block(from, to, kind, other);
    }
}
