package org.dti4j.method;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.prompt.Prompt;

/**
 * The functions {@code layout}, {@code may_attend} and {@code reset_ratio} of {@code reference/dti_reference.py}, line by line, for one
 * prompt: dense, slow and written apart from the code that they test.
 */
final class ReferenceLayout {
    final List<Integer> ids = new ArrayList<>();
    final List<TokenKind> kind = new ArrayList<>();
    final List<Integer> inter = new ArrayList<>();
    final List<Integer> pos = new ArrayList<>();
    private final Method method;
    private int p;

    ReferenceLayout(Prompt prompt, int sumId, Method method) {
        this.method = method;
        put(prompt.prefix(), TokenKind.PREFIX, -1);
        int last = prompt.interactions() - 1;
        for (int a = 0; a <= last; a++) {
            put(prompt.item(a), TokenKind.ITEM, a);
            if (a >= prompt.firstTarget()) {
                ids.add(sumId);
                kind.add(TokenKind.SUM);
                inter.add(a);
                pos.add(p);
                if (method.sumConsumesPosition()) {
                    p += 1;
                }
            }
            if (a < last) {
                put(prompt.feedback(a), TokenKind.FEEDBACK, a);
            }
        }
    }

    private void put(int[] tokens, TokenKind k, int a) {
        for (int t : tokens) {
            ids.add(t);
            kind.add(k);
            inter.add(a);
            pos.add(p);
            p += 1;
        }
    }

    int size() {
        return ids.size();
    }

    boolean mayAttend(int q, int k) {
        boolean ok = k <= q;
        boolean prefixKey = kind.get(k) == TokenKind.PREFIX;
        if (method.windowed() && !method.prefixAlways()) {
            prefixKey = prefixKey && inter.get(q) <= method.context();
        }
        if (method.windowed()) {
            ok = ok && (kind.get(k) == TokenKind.PREFIX ? prefixKey : inter.get(q) - inter.get(k) <= method.context());
        }
        if (method.isolatedItems()) {
            boolean crosses = !inter.get(q).equals(inter.get(k)) && kind.get(q) != TokenKind.SUM;
            ok = ok && (prefixKey || !crosses);
        }
        if (method.sumHidden()) {
            ok = ok && (kind.get(k) != TokenKind.SUM || q == k);
        }
        // the token window is not in the reference, which knows the window of interactions alone
        boolean tokenWindow = method.windowed() && method.windowTokens() > 0 && kind.get(k) != TokenKind.PREFIX;
        return ok && !(tokenWindow && pos.get(q) - pos.get(k) > method.windowTokens());
    }

    double resetRatio(int q, int k) {
        double d = inter.get(q) - inter.get(k);
        double alpha = method.resetMin()
                + (method.resetMax() - method.resetMin())
                        / (1 + Math.exp(-(d - method.context() / 2.0) / method.resetTemperature()));
        boolean on = kind.get(q) == TokenKind.SUM && kind.get(k) != TokenKind.PREFIX && d > 0;
        return method.reset() && on ? alpha : 0;
    }

    /** What the reference calls distance: what ALiBi weighs. */
    double distance(int q, int k) {
        double distance = q == k ? 0 : Math.max(0, pos.get(q) - pos.get(k));
        return kind.get(k) == TokenKind.PREFIX ? method.alibiPrefixDistance() : distance;
    }
}
