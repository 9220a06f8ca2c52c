/**
 * Documents and passages of company data in the database, and a search index of them on each node.
 *
 * <p>The tables are the truth. The index (Lucene: words by BM25, meaning by quantised vectors) is a
 * view that follows them by counted changes and is rebuilt when it is missing; whatever it finds is
 * looked up and checked in the tables before anybody sees it. Sources are read elsewhere. Begin
 * with {@link entrepot.knowledge.index.KnowledgeSearch}.
 */
@NullMarked
package entrepot.knowledge.index;

import org.jspecify.annotations.NullMarked;
