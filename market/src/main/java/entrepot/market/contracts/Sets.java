package entrepot.market.contracts;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Sets that always come in the same order, so that what is printed and signed does too. */
final class Sets {

    private Sets() {}

    static <T extends Comparable<T>> Set<T> sorted(Collection<T> items) {
        return Collections.unmodifiableSet(new TreeSet<>(items));
    }

    static boolean meet(Set<?> one, Set<?> other) {
        return !Collections.disjoint(one, other);
    }
}
