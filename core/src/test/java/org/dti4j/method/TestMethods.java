package org.dti4j.method;

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
        return method.with(it -> it.reset(reset).resetMin(0.1).resetMax(0.9).resetTemperature(1));
    }

    /** The prefix at its true distance. */
    public static Method withTruePrefixDistance(Method method) {
        return method.withPrefixDistance(null);
    }

    /** A penalty on the prefix that is strong enough to be seen. */
    public static Method withAlibiPrefixDistance(Method method) {
        return method.withAlibiPrefixDistance(6);
    }
}
