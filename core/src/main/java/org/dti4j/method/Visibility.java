package org.dti4j.method;

/**
 * docs/method.md sections 3 and 4 as they are written, pair by pair: which row sees which, how far apart they stand, and how much of the
 * initial state is mixed in. The definition that {@link Layout}'s intervals, and the fast attention, are tested against.
 */
public final class Visibility {
    private final Layout layout;
    private final Method method;

    public Visibility(Layout layout) {
        this.layout = layout;
        this.method = layout.method();
    }

    /** Whether the query of one row may attend to the key of another. */
    public boolean mayAttend(int query, int key) {
        if (query == key) {
            return true;
        }
        if (isPrefix(key)) {
            return isPrefix(query) ? key < query : seesPrefix(query);
        }
        return layout.prompt(query) == layout.prompt(key)
                && layout.order(key) < layout.order(query)
                && inWindow(query, key)
                && !(method.sumHidden() && isSum(key))
                && !crossesIsolation(query, key);
    }

    private boolean seesPrefix(int query) {
        return !method.windowed() || method.prefixAlways() || layout.interaction(query) <= method.context();
    }

    private boolean inWindow(int query, int key) {
        if (!method.windowed()) {
            return true;
        }
        int tokens = layout.position(query) - layout.position(key);
        return distanceInInteractions(query, key) <= method.context()
                && (method.windowTokens() == 0 || tokens <= method.windowTokens());
    }

    private boolean crossesIsolation(int query, int key) {
        return method.isolatedItems() && !isSum(query) && distanceInInteractions(query, key) != 0;
    }

    /** alpha(d): the share of the initial state in a key and value, as a [SUM] query sees it; 0 for every other pair. */
    public double resetRatio(int query, int key) {
        return isSum(query) && !isPrefix(key) ? method.resetRatio(distanceInInteractions(query, key)) : 0;
    }

    /** Stream-token distance that ALiBi weighs: a fixed one to the prefix, 0 to itself. */
    public double distance(int query, int key) {
        if (isPrefix(key)) {
            return method.alibiPrefixDistance();
        }
        return query == key ? 0 : Math.max(0, layout.position(query) - layout.position(key));
    }

    private int distanceInInteractions(int query, int key) {
        return layout.interaction(query) - layout.interaction(key);
    }

    private boolean isPrefix(int row) {
        return layout.kind(row) == TokenKind.PREFIX;
    }

    private boolean isSum(int row) {
        return layout.kind(row) == TokenKind.SUM;
    }
}
