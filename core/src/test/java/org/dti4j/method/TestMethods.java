package org.dti4j.method;

import org.jspecify.annotations.Nullable;

/** The named methods with a context short enough for small tests, and with single switches set otherwise. */
public final class TestMethods {
    public static final int CONTEXT = 3;

    private TestMethods() {}

    /** The named method with n = {@value #CONTEXT}. */
    public static Method named(String name) {
        return Method.named(name).withContext(CONTEXT);
    }

    /** A reset strong enough to be seen, or none. */
    public static Method withReset(Method method, boolean reset) {
        return with(method, method.windowTokens(), method.alibiPrefixDistance(), method.prefixDistance(), reset);
    }

    /** The prefix at its true distance. */
    public static Method withTruePrefixDistance(Method method) {
        return with(method, method.windowTokens(), method.alibiPrefixDistance(), null, method.reset());
    }

    /** A penalty on the prefix that is strong enough to be seen. */
    public static Method withAlibiPrefixDistance(Method method) {
        return with(method, method.windowTokens(), 6, method.prefixDistance(), method.reset());
    }

    /** A fixed token window inside that of interactions. */
    public static Method withWindowTokens(Method method, int tokens) {
        return with(method, tokens, method.alibiPrefixDistance(), method.prefixDistance(), method.reset());
    }

    private static Method with(
            Method method,
            int windowTokens,
            double alibiPrefixDistance,
            @Nullable Double prefixDistance,
            boolean reset) {
        return new Method(
                method.name(),
                method.context(),
                method.targets(),
                method.windowed(),
                windowTokens,
                method.isolatedItems(),
                method.sumPosition(),
                method.sumHidden(),
                method.sumConsumesPosition(),
                method.alibiSlope(),
                method.alibiHeads(),
                alibiPrefixDistance,
                method.prefixAlways(),
                prefixDistance,
                reset,
                0.1,
                0.9,
                1);
    }
}
